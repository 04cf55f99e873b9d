import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "پوزیشن‌های باز",
  list: "فهرست پوزیشن‌های باز",
  hint: "چنان‌که آخرین خوانش نشان داد",
  symbol: "نماد",
  side: "جهت",
  BUY: "خرید",
  SELL: "فروش",
  lots: "لات",
  open_price: "قیمت ورود",
  current_price: "قیمت کنونی",
  stop_loss: "حد ضرر",
  take_profit: "حد سود",
  no_stop: "ندارد",
  swap: "سواپ",
  profit: "سود",
  opened: "مدت",
  ticket: "تیکت",
  empty: "پوزیشنی باز نیست",
  empty_text: "پوزیشن‌های باز با خوانش بعدی اینجا دیده می‌شوند.",
  unread: "هنوز نامعلوم",
  unread_text: "پوزیشن‌های باز پس از نخستین خوانش نمایش داده می‌شوند.",
  ended: "پوزیشن‌های باز هنگام پایان این دوره در {at}",
};

export default fa;
