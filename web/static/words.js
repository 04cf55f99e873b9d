// The page's own words. The document's texts stay English, as the API speaks it.
const WORDS = {
  en: { name: "English", tagline: "Every account, every rule, proven.", theme: "Light / dark", accounts: "Your accounts, live", operations: "Operations", token: "Bearer token", use: "Use token", memory: "The token stays in this page's memory and is gone when you close it.", signed_in: "Signed in", signed_out: "No token", code_gone: "The link was used or has expired; ask for a new one.", expired: "The token has ended; open a new link.", offline: "No answer; trying again", account: "Account", state: "State", tier: "Tier", balance: "Balance", equity: "Equity", daily: "Daily used / limit", headroom: "Daily headroom", overall: "All-time used", rev: "Rev", age: "Data age", try: "Try it", body: "Body (JSON)", signed: "Signed by the shop's server; cannot be tried here.", running: "running", passed: "passed", breached: "breached", stale: "stale", updated: "checked", none: "No accounts yet.", total: "Accounts", risk: "Near a limit", seconds: "s", ready: "ready", connecting: "connecting", history_loading: "loading history", unreconciled: "checking history", backoff: "waiting to retry", credentials_rejected: "password rejected", needs_operator: "needs the operator", paused: "paused", quarantined: "quarantined", breach_risk: "breach risk", active: "active", idle: "idle" },
  fa: { name: "فارسی", tagline: "هر حساب، هر قانون، با سند.", theme: "روشن / تیره", accounts: "حساب‌های شما، زنده", operations: "عملیات", token: "توکن دسترسی", use: "استفاده", memory: "توکن فقط در حافظهٔ همین صفحه می‌ماند و با بستن آن از بین می‌رود.", signed_in: "وارد شده", signed_out: "بدون توکن", code_gone: "این پیوند استفاده شده یا منقضی است؛ پیوند تازه بگیرید.", expired: "توکن پایان یافت؛ پیوند تازه‌ای باز کنید.", offline: "پاسخی نیست؛ دوباره تلاش می‌شود", account: "حساب", state: "وضعیت", tier: "سطح", balance: "موجودی", equity: "اکوئیتی", daily: "مصرف / سقف روزانه", headroom: "فاصله تا کف روزانه", overall: "مصرف کل", rev: "نسخه", age: "عمر داده", try: "اجرا", body: "بدنه (JSON)", signed: "با امضای سرور فروشگاه؛ اینجا قابل اجرا نیست.", running: "در جریان", passed: "قبول", breached: "نقض شده", stale: "کهنه", updated: "بررسی", none: "هنوز حسابی نیست.", total: "حساب‌ها", risk: "نزدیک به سقف", seconds: "ث", ready: "آماده", connecting: "در حال اتصال", history_loading: "بارگیری تاریخچه", unreconciled: "بررسی تاریخچه", backoff: "در انتظار تلاش دوباره", credentials_rejected: "رمز رد شد", needs_operator: "نیازمند پشتیبان", paused: "متوقف", quarantined: "قرنطینه", breach_risk: "خطر نقض", active: "فعال", idle: "آرام" },
};
let language = navigator.language.startsWith("fa") ? "fa" : "en";
const listeners = [];
export const word = (key) => WORDS[language][key] ?? key;
export const locale = () => (language === "fa" ? "fa-IR" : "en-US");
export const onLanguage = (listener) => listeners.push(listener);
export function show() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  document.getElementById("language").textContent = WORDS[language === "fa" ? "en" : "fa"].name;
  for (const listener of listeners) listener();
}
export function switchLanguage() { language = language === "fa" ? "en" : "fa"; show(); }
