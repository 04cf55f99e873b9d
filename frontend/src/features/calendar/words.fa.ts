import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "تقویم روزهای معاملاتی",
  hint: "نتیجهٔ بسته‌شدهٔ هر روز، از بازنشانی تا بازنشانی",
  previous: "ماه پیش",
  next: "ماه بعد",
  keys: "کلیدهای جهت روز و هفته را جابه‌جا می‌کنند، Page Up و Page Down ماه را.",
  day: "{date}، نتیجهٔ بسته‌شده {result}",
  unproven: "اثبات‌نشده",
  partly: "بخشی پایش شده",
  not: "پایش نشده",
  no_day: "{date}، روز معاملاتی نیست",
  key_gain: "سود",
  key_loss: "زیان",
  key_unproven: "اثبات‌نشده",
  key_partly: "پایش ناقص یا بدون پایش",
  key_level: "هشدار یا بدتر",
  empty: "نخستین روز هنوز آغاز نشده",
  empty_text: "هر روز با نخستین خوانش در آن اینجا دیده می‌شود.",
  closed_result: "نتیجهٔ بسته‌شده",
  equity_result: "تغییر اکوییتی",
  flows: "واریز و برداشت",
  trades: "معامله‌ها",
  trades_of: "{opened} باز شده · {closed} بسته شده",
  coverage: "چگونه پایش شد",
  flat: "بدون پوزیشن",
  sampled: "دیده‌شده",
  reconstructed: "بازسازی‌شده",
  unknown: "نامعلوم",
  anchor: "لنگر",
  floor: "کف",
  worst: "بدترین مقدار",
  used: "مصرف",
  used_of: "{used} از {allowance}",
  revised: { other: "{count} بار با داده‌های بعدی بازنگری شد" },
  no_rules: "در این روز قانون ضرری بررسی نشد.",
};

export default fa;
