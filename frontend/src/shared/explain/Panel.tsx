import type { ReactNode } from "react";

import { useWords } from "../i18n";
import { Popover, Skeleton } from "../ui";
import type { ExplainProps } from "./Explain";
import { Explanation } from "./Explanation";
import { useExplanation, useFormulaWords } from "./useExplanation";
import { explainWords } from "./words";

interface PanelProps extends Omit<ExplainProps, "children"> {
  trigger: ReactNode;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The explanation beside its figure. Its code comes when the first figure is pressed. */
export default function Panel({ accountId, instance, figure, label, money, trigger, open, onOpenChange }: PanelProps) {
  const t = useWords(explainWords);
  const told = useExplanation(accountId, instance, figure, open);
  const words = useFormulaWords(open);
  return (
    <Popover open={open} onOpenChange={onOpenChange} label={t("why", { label })} trigger={trigger}>
      <p className="font-semibold text-ink">{label}</p>
      {told.data === undefined || words.data === undefined ? (
        <Waiting failed={told.isError || words.isError} text={t("unexplained")} />
      ) : told.data === null ? (
        <p className="mt-2 text-muted">{t("unexplained")}</p>
      ) : (
        <Explanation told={told.data} words={words.data} money={money} />
      )}
    </Popover>
  );
}

function Waiting({ failed, text }: { failed: boolean; text: string }) {
  if (failed) return <p className="mt-2 text-muted">{text}</p>;
  return (
    <div className="mt-3 flex flex-col gap-2" aria-hidden="true">
      <Skeleton className="h-6 w-32" />
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-48" />
    </div>
  );
}
