import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "تنظیمات",
  lead: "انتخاب‌ها بی‌درنگ اعمال می‌شود و روی این دستگاه و همراه حساب {login} می‌ماند.",
  display: "نمایش",
  language: "زبان",
  theme: "پوسته",
  theme_system: "مانند دستگاه",
  theme_light: "روشن",
  theme_dark: "تیره",
  digits: "رقم‌ها",
  calendar: "تقویم",
  calendar_gregorian: "میلادی",
  calendar_jalali: "شمسی",
  zone: "منطقهٔ زمانی",
  zone_hint: "زمان‌ها در این منطقه نشان داده می‌شود. روز قانون منطقهٔ خود را دارد: {city}.",
  example: "نمونه",
  example_money: "مبلغ",
  example_time: "اکنون",
  connection: "اتصال",
  state: "وضعیت",
  server: "سرور کارگزاری",
  login: "شمارهٔ ورود",
  last_sync: "آخرین همگام‌سازی",
  next_sync: "همگام‌سازی بعدی",
  interval: "فاصلهٔ همگام‌سازی",
  password: "رمز سرمایه‌گذار",
  password_text: "این صفحه هرگز رمزی نمی‌پرسد. آن را در فروشگاه تغییر دهید.",
  password_link: "تغییر رمز در فروشگاه",
  password_nowhere: "برای تغییر آن، حساب خود را در فروشگاه باز کنید.",
  saving: "در حال ذخیره",
  saved: "ذخیره شد",
  not_saved: "روی این دستگاه ماند ولی با حساب ذخیره نشد: {reason}",
};

export default fa;
