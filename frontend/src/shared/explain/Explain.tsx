import { type ReactNode, useState } from "react";

import type { MoneyShape } from "../format/number";
import { useWords } from "../i18n";
import { Popover, Skeleton } from "../ui";
import { Explanation } from "./Explanation";
import { useExplanation, useFormulaWords } from "./useExplanation";
import { explainWords } from "./words";

export interface ExplainProps {
  accountId: string;
  instance: string | null;
  /** The figure's name at the server, such as `equity_current` or `rules.daily-loss.floor`. */
  figure: string;
  /** What the figure is called on the page. */
  label: string;
  money: MoneyShape;
  /** The figure itself. */
  children: ReactNode;
}

/** A figure that explains itself: pressed, it shows its formula with the real inputs and what is behind them. */
export function Explain({ accountId, instance, figure, label, money, children }: ExplainProps) {
  const t = useWords(explainWords);
  const [open, setOpen] = useState(false);
  const told = useExplanation(accountId, instance, figure, open);
  const words = useFormulaWords(open);
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("why", { label })}
      trigger={
        <button
          type="button"
          className="min-h-6 cursor-help rounded-sm text-start underline decoration-faint/60 decoration-dotted underline-offset-4 hover:decoration-accent"
        >
          {children}
          <span className="sr-only">{t("why", { label })}</span>
        </button>
      }
    >
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
