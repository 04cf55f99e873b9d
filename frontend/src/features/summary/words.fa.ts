import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "در یک نگاه",
  balance: "موجودی",
  equity: "اکوئیتی",
  floating: "سود و زیان باز",
  change: "تغییر از آغاز",
  win_rate: "نرخ برد",
  closed: { other: "از {count} پوزیشن بسته" },
  open: { other: "{count} پوزیشن باز" },
  initial: "شروع با {amount}",
  credit: "اعتبار {amount}",
  free_margin: "مارجین آزاد {amount}",
};

export default fa;
