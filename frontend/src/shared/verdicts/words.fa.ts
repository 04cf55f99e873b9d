import type { Translation } from "../i18n";
import type en from "./words.en";

const fa: Translation<typeof en> = {
  "verdict.hard": "نقض",
  "verdict.soft": "نقض نرم",
  "verdict.possible": "نقض محتمل",
  "verdict.level": "رسیدن به سطح",
  "severity.warning": "هشدار",
  "severity.critical": "بحرانی",
  "severity.breach": "نقض",
  "grade.observed": "دیده‌شده در خوانش",
  "grade.reconstructed": "بازسازی‌شده از قیمت‌ها",
  "grade.bounded": "محدودشده با قیمت‌ها",
  "grade.unknown": "قابل دانستن نیست",
  "source.deals": "از روی دیل‌ها",
  "source.deals_and_quotes": "از روی دیل‌ها و قیمت‌ها",
  "source.initial_balance": "موجودی اولیه",
  "source.reading": "خوانش {at}، {age} پیش از شروع روز",
  "source.readings": "میان خوانش {at}، {age} پیش از شروع روز، و خوانش پس از آن",
};

export default fa;
