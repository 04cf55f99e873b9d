import { type ButtonHTMLAttributes, lazy, type ReactNode, Suspense, useState } from "react";

import type { MoneyShape } from "../format/number";
import { useWords } from "../i18n";
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

const load = () => import("./Panel");
const Panel = lazy(load);
const loadSoon = (): void => void load().catch(() => undefined); // the press itself asks again

/** A figure that explains itself: pressed, it shows its formula with the real inputs and what is behind them. */
export function Explain({ children, ...asked }: ExplainProps) {
  const t = useWords(explainWords);
  const [open, setOpen] = useState(false);
  const [pressed, setPressed] = useState(false);
  const button = (more: ButtonHTMLAttributes<HTMLButtonElement>): ReactNode => (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-expanded={open}
      {...more}
      className="min-h-6 cursor-help rounded-sm text-start underline decoration-faint/60 decoration-dotted underline-offset-4 hover:decoration-accent"
    >
      {children}
      <span className="sr-only">{t("why", { label: asked.label })}</span>
    </button>
  );
  const press = (): void => {
    setPressed(true);
    setOpen(true);
  };
  if (!pressed) return button({ onClick: press, onPointerEnter: loadSoon, onFocus: loadSoon });
  return (
    <Suspense fallback={button({})}>
      <Panel {...asked} open={open} onOpenChange={setOpen} trigger={button({})} />
    </Suspense>
  );
}
