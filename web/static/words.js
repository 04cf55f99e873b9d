// The page's own words. The document's texts stay English, as the API speaks it.
const WORDS = {
  en: { name: "English", tagline: "Every account, every rule, proven.", theme: "Light / dark", operations: "Operations", token: "Bearer token", use: "Use token", memory: "The token stays in this page's memory and is gone when you close it.", signed_in: "Signed in", signed_out: "No token", code_gone: "The link was used or has expired; ask for a new one.", expired: "The token has ended; open a new link.", try: "Try it", signed: "Signed by the shop's server; cannot be tried here." },
  fa: { name: "فارسی", tagline: "هر حساب، هر قانون، با سند.", theme: "روشن / تیره", operations: "عملیات", token: "توکن دسترسی", use: "استفاده", memory: "توکن فقط در حافظهٔ همین صفحه می‌ماند و با بستن آن از بین می‌رود.", signed_in: "وارد شده", signed_out: "بدون توکن", code_gone: "این پیوند استفاده شده یا منقضی است؛ پیوند تازه بگیرید.", expired: "توکن پایان یافت؛ پیوند تازه‌ای باز کنید.", try: "اجرا", signed: "با امضای سرور فروشگاه؛ اینجا قابل اجرا نیست." },
};
let language = navigator.language.startsWith("fa") ? "fa" : "en";
const listeners = [];
export const word = (key) => WORDS[language][key] ?? key;
export const onLanguage = (listener) => listeners.push(listener);
export function show() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === "fa" ? "rtl" : "ltr";
  for (const node of document.querySelectorAll("[data-word]")) node.textContent = word(node.dataset.word);
  document.getElementById("language").textContent = WORDS[language === "fa" ? "en" : "fa"].name;
  for (const listener of listeners) listener();
}
export function switchLanguage() { language = language === "fa" ? "en" : "fa"; show(); }
