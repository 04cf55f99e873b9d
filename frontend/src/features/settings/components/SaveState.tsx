import { ApiProblem } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { useCodes } from "@/shared/i18n/codes/codes";
import { Icon } from "@/shared/ui";

import { settingsWords } from "../words";

interface SaveStateProps {
  save: { readonly isPending: boolean; readonly isSuccess: boolean; readonly error: Error | null };
}

/** Whether the last choice has reached the account. */
export function SaveState({ save }: SaveStateProps) {
  const t = useWords(settingsWords);
  const codes = useCodes();
  const reason = codes(`error.${save.error instanceof ApiProblem ? save.error.code : "unavailable"}`);
  return (
    <p role="status" className="flex min-h-6 items-center gap-1.5 text-sm text-muted">
      {save.isPending && t("saving")}
      {save.isSuccess && (
        <>
          <Icon name="check" size={16} className="text-ok" />
          {t("saved")}
        </>
      )}
      {save.error !== null && <span className="text-warn">{t("not_saved", { reason })}</span>}
    </p>
  );
}
