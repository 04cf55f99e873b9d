import type { Schemas } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { Button, Icon, Ltr, Section } from "@/shared/ui";

import { violationWords } from "../words";

/** The bundle to take away, and the signature under it. */
export function Proof({ data }: { data: Schemas["EvidenceReply"] }) {
  const t = useWords(violationWords);
  const { signature } = data;
  return (
    <Section id="proof" title={t("proof")}>
      <p className="max-w-prose text-sm text-muted">{t("proof_text")}</p>
      <p className="mt-3 flex items-center gap-2 text-sm font-medium text-ink">
        <Icon name={signature === null ? "question" : "check"} className={signature === null ? "text-muted" : "text-ok"} />
        {signature === null ? t("unsigned") : t("signed", { algorithm: signature.algorithm })}
      </p>
      {signature !== null && (
        <p className="mt-1 break-all text-xs text-muted">
          {t("key")}: <Ltr className="font-mono">{signature.public_key}</Ltr>
        </p>
      )}
      <div className="mt-4">
        <Button icon="download" onClick={() => save(data)}>{t("download")}</Button>
      </div>
    </Section>
  );
}

/** Saves the document as a file made in the browser: the token is never in an address. */
function save(data: Schemas["EvidenceReply"]): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `evidence-${data.violation.violation_id}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
