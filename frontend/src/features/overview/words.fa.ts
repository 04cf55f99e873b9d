import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "حساب‌های شما",
  lead: { one: "{count} حساب", other: "{count} حساب" },
  near: { one: "{count} نزدیک به حد", other: "{count} نزدیک به حد" },
  filter: "نمایش",
  filter_all: "همه",
  filter_running: "در جریان",
  filter_risk: "نزدیک به حد",
  filter_action: "نیازمند شما",
  filter_ended: "پایان‌یافته",
  search: "جست‌وجوی شماره، سرور یا طرح",
  sort: "ترتیب",
  sort_risk: "ریسک",
  sort_equity: "اکوئیتی",
  sort_newest: "تازه‌ترین",
  sort_login: "شمارهٔ ورود",
  none_title: "حسابی پیدا نشد",
  none_text: "عبارت دیگری بجویید یا همهٔ حساب‌ها را ببینید.",
  clear: "نمایش همهٔ حساب‌ها",
  empty_title: "هنوز حساب معاملاتی ندارید",
  empty_text: "به‌محض فعال شدن حساب، ارقام و قانون‌های آن اینجا دیده می‌شود.",
  to_shop: "به فروشگاه",
  equity: "اکوئیتی",
  phase: "مرحلهٔ {phase}",
  to_daily: "مانده تا کف روزانه",
  to_overall: "مانده تا کف کلی",
  to_unknown: "مانده تا نزدیک‌ترین کف",
  used: "{used} مصرف شده",
  not_known: "هنوز نامعلوم",
  positions: { one: "{count} پوزیشن باز", other: "{count} پوزیشن باز" },
  sparkline: "اکوئیتی در هفتهٔ گذشته",
  shown: "{shown} از {total}",
  more: "نمایش بیشتر",
};

export default fa;
