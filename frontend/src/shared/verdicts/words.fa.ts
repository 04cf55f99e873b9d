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
};

export default fa;
