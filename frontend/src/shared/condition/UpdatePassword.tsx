import { useServices } from "../api";
import { useWords } from "../i18n";
import { conditionWords } from "./words";

/** The way to the shop's form for a new investor password: the dashboard itself never takes one. */
export function UpdatePassword() {
  const t = useWords(conditionWords);
  const { env } = useServices();
  if (env.passwordUrl === null) return null;
  return (
    <a href={env.passwordUrl} className="relative z-10 inline-flex min-h-6 items-center font-semibold underline underline-offset-4">
      {t("update_password")}
    </a>
  );
}
