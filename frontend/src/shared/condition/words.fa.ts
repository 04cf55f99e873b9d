import type { Translation } from "../i18n";
import type en from "./words.en";

const fa: Translation<typeof en> = {
  breached_daily: "حد ضرر روزانه شکسته شد.",
  breached_overall: "حد ضرر کلی شکسته شد.",
  breached_other: "یکی از قانون‌های طرح نقض شد.",
  passed: "همهٔ هدف‌های این مرحله برآورده شده است.",
  deactivated: "این حساب دیگر پایش نمی‌شود. تاریخچهٔ آن خواندنی می‌ماند.",
  credentials_rejected: "کارگزاری رمز را نپذیرفت و چیزی پایش نمی‌شود. رمز سرمایه‌گذار تازه را وارد کنید.",
  connecting: "در حال اتصال به کارگزاری. ارقام به‌زودی دیده می‌شود.",
  history_loading: "تاریخچه در حال خوانده شدن است. قانون‌ها پس از کامل شدن آن سنجیده می‌شود.",
  backoff: "کارگزاری پاسخ نمی‌دهد. دوباره تلاش می‌شود.",
  unreconciled: "موجودی و تاریخچه با هم نمی‌خواند. دوباره خوانده می‌شود.",
  needs_operator: "پشتیبانی در حال بررسی این حساب است.",
  paused: "پایش به دست پشتیبانی متوقف شده است.",
  quarantined: "پایش در انتظار بررسی است. پشتیبانی باخبر شده است.",
  update_password: "تغییر رمز",
};

export default fa;
