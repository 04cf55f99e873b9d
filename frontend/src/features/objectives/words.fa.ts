import type { Translation } from "@/shared/i18n";

import type en from "./words.en";

const fa: Translation<typeof en> = {
  title: "قوانین و اهداف",
  hint: "جایگاه شما نسبت به هر قانون پلن",
  loss: "حدهای ضرر",
  objective: "برای قبولی در این مرحله",
  conduct: "قواعد معامله",
  left: "تا رسیدن به حد",
  over: "فراتر از حد",
  used_of: "{used} از {allowance} مصرف شده",
  worst: "بیشترین مصرف تاکنون: {amount}",
  floor: "کف مجاز",
  used: "مصرف‌شده",
  headroom: "فاصله تا حد",
  value: "مقدار",
  limit: "حد",
  target: "هدف",
  reached_of: "{value} از {target}",
  remaining: "{amount} مانده",
  reached: "رسیده",
  possible: "فقط محتمل: مبنا اثبات نشده است",
  unknown: "همهٔ زمان پایش نشده است؛ رعایت حد اثبات نشده",
  graded: "مبنا: {grade}",
  due: "مهلت: {at}",
  breached: "نقض شده؛ با جبران هم برنمی‌گردد",
  soft: "قانون نرم: ثبت می‌شود و حساب ادامه دارد",
  no_rules: "قوانین پس از نخستین خوانش نشان داده می‌شوند",
  no_rules_text: "اتصال و بارگیری تاریخچه کمی زمان می‌برد.",
  progress: "{percent} از هدف",
};

export default fa;
