import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "حساب {login}",
  instance: "نمایش",
  current: "حساب در حال حاضر",
  former: "{plan}، از {from} تا {to}",
  former_note: "در حال دیدن دورهٔ پیشین این حساب هستید؛ همان‌گونه که پایان یافته می‌ماند.",
  back_to_now: "نمایش حساب در حال حاضر",
};

export default fa;
