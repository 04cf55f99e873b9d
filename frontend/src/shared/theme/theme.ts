import { useEffect } from "react";

import { usePreferences } from "../i18n/preferences";

const isStandalone = (): boolean => document.body.classList.contains("of-page");

/** The element that carries lang and dir: the whole page, or in WordPress our root only. */
export function spokenElement(): HTMLElement {
  return (isStandalone() ? null : document.getElementById("onefunders-root")) ?? document.documentElement;
}

/** Keeps language, direction and theme of the page as the reader has chosen. */
export function useAppearance(): void {
  const { language, theme, digits } = usePreferences();
  useEffect(() => {
    for (const element of new Set([spokenElement(), document.getElementById("onefunders-root")])) {
      if (element === null) continue;
      element.lang = language;
      element.dir = language === "fa" ? "rtl" : "ltr";
      element.dataset["digits"] = digits;
    }
  }, [language, digits]);
  useEffect(() => {
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const apply = (): void => {
      const dark = theme === "dark" || (theme === "system" && system.matches);
      document.documentElement.classList.toggle("of-dark", dark);
      document.documentElement.style.colorScheme = isStandalone() ? (dark ? "dark" : "light") : "";
    };
    apply();
    system.addEventListener("change", apply);
    return () => system.removeEventListener("change", apply);
  }, [theme]);
}
