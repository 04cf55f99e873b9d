import type { Translation } from "../i18n";
import type en from "./words.en";

const fa: Translation<typeof en> = {
  why: "توضیح «{label}»",
  inputs: "ورودی‌ها",
  unexplained: "این عدد هنوز توضیحی ندارد.",
  known_as: "چگونه دانسته شده",
  reading: "خوانش {at}",
  reading_figures: "موجودی {balance}، اکوئیتی {equity}، {count} پوزیشن باز",
  anchor: "مبنای {at}",
  anchor_source: "از: {source}",
  deals: { other: "{count} معامله، در مجموع {amount}" },
  tickets: "تازه‌ترین‌ها: {tickets}",
  older: { other: "و {count} معاملهٔ قدیمی‌تر" },
  plan: "پلن",
  yes: "بله",
  no: "خیر",
};

export default fa;
