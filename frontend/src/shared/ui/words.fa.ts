import type { Translation } from "../i18n/catalogue";
import type en from "./words.en";

const fa: Translation<typeof en> = {
  retry: "تلاش دوباره",
  error_title: "نمایش این بخش ممکن نشد",
  error_network: "سرور پاسخ نمی‌دهد. اتصال اینترنت را بررسی کنید.",
  error_chunk: "بخشی از صفحه بارگیری نشد.",
  request_id: "شناسهٔ پشتیبانی",
  wait: "{seconds} ثانیه دیگر دوباره تلاش کنید",
  close: "بستن",
  loading: "در حال بارگیری",
  age: "عمر داده",
  updated: "به‌روزرسانی: {ago}",
  never: "هنوز داده‌ای نیست",
  stale: "کهنه",
  previous: "پیشین",
  next: "بعدی",
  page_of: "صفحهٔ {page} از {pages}",
  rows_of: "{from}–{to} از {total}",
  pages: "صفحه‌ها",
  rows: "ردیف در صفحه",
  meter_text: "{used} از سقف مصرف شده",
  meter_unknown: "نامعلوم",
  in_zone: "{time} {zone}",
  resets_in: "تا شروع روز تازه",
  tehran: "تهران",
  gain: "سود",
  loss: "زیان",
};

export default fa;
