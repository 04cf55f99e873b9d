import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  product: "وان‌فاندرز آنالیز",
  skip: "پرش به محتوا",
  all_accounts: "همهٔ حساب‌ها",
  switch_account: "تعویض حساب",
  search_accounts: "جست‌وجوی شماره، سرور یا طرح",
  no_match: "حسابی پیدا نشد.",
  theme: "پوسته",
  theme_to_dark: "پوستهٔ تیره",
  theme_to_light: "پوستهٔ روشن",
  clocks: "ساعت‌ها",
  tehran: "تهران",
  broker: "سرور کارگزاری",
  new_york: "نیویورک",
  dst_note: "ساعت نیویورک در {date} تغییر می‌کند؛ روز کارگزاری از آن پس در ساعت دیگری آغاز می‌شود.",
  offline: "اینترنت شما قطع است. آخرین مقدارهای شناخته‌شده نشان داده می‌شود.",
  reconnecting: "به‌روزرسانی زنده قطع شده است. مقدارها هر ۱۵ ثانیه بررسی می‌شوند.",
  unreachable: "سرور پاسخ نمی‌دهد. آخرین مقدارها نشان داده می‌شود و دوباره تلاش می‌کنیم.",
  breach_told: "قانونی در حساب {login} نقض شد.",
  not_found_title: "این صفحه وجود ندارد",
  not_found_text: "شاید نشانی قدیمی یا نادرست باشد.",
  to_overview: "به همهٔ حساب‌ها",
  ended_title: "نشست شما پایان یافته است",
  ended_text: "برای امنیت شما این صفحه مدت محدودی باز می‌ماند. برای ادامه آن را دوباره باز کنید.",
  missing_title: "این صفحه را از حساب کاربری خود باز کنید",
  missing_text: "در فروشگاه به حساب کاربری خود بروید و داشبورد را از آنجا باز کنید.",
  reload: "بارگیری دوبارهٔ صفحه",
  reopen: "باز کردن دوباره",
  empty_title: "هنوز حساب معاملاتی ندارید",
  empty_text: "به‌محض فعال شدن حساب، ارقام و قانون‌های آن اینجا دیده می‌شود.",
  to_shop: "به فروشگاه",
  dismiss: "بستن پیام",
  config_title: "داشبورد آماده نشده است",
  main: "صفحه‌های حساب",
  page_account: "حساب",
  page_trades: "معامله‌ها",
  page_settings: "تنظیمات",
};

export default fa;
