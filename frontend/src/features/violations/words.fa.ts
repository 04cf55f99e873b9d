import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "نقض‌ها",
  hint: "آنچه ثبت شده، همراه با اثبات آن",
  none: "هیچ نقضی نیست",
  none_text: "تاکنون همهٔ حدها رعایت شده‌اند.",
  evidence: "شواهد: {rule}، {at}",
  at_floor: "{value} در برابر حد {floor}",
  overridden: "تصمیم کارشناس",
  discrepancies: "داده‌های بعدی که هم‌خوان نیستند",
  discrepancies_hint: "هیچ حکمی بی‌صدا تغییر نمی‌کند؛ یک نفر این‌ها را بررسی می‌کند.",
  deal_changed: "معاملهٔ {subject} تغییر کرد",
  deal_gone: "معاملهٔ {subject} پس گرفته شد",
  deal_late: "معاملهٔ {subject} دیر رسید",
  initial_balance: "موجودی اولیه تغییر کرد",
  verdict_missing: "طبق داده‌های بعدی حکمی کم است: {subject}",
  verdict_unfounded: "طبق داده‌های بعدی حکمی بی‌پایه است: {subject}",
  noticed: "دیده‌شده در {at}",
  more: "نمایش هر {count}",
};

export default fa;
