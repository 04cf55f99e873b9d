import { instantText } from "@/shared/format/date";
import { priceText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { cx, Icon, Ltr, Pill } from "@/shared/ui";

import type { Trade } from "../api/useTrades";
import { tradesWords } from "../words";

/** Buy or sell: word, arrow and colour. Neither is good or bad, so neither is green or red. */
export function SideMark({ side }: { side: Trade["type"] }) {
  const t = useWords(tradesWords);
  const buy = side === "BUY";
  return (
    <span className={cx("inline-flex items-center gap-0.5 text-xs font-medium", buy ? "text-accent" : "text-crit")}>
      <Icon name="down" size={13} className={cx(buy && "rotate-180")} />
      {t(buy ? "buy" : "sell")}
    </span>
  );
}

/** What is special about a trade: still open, partly closed, or opened before the known history. */
export function Marks({ trade }: { trade: Trade }) {
  const t = useWords(tradesWords);
  const open = trade.close_time === null;
  const partly = open && trade.open_lots !== trade.lots;
  if (!open && trade.open_time !== null) return null;
  return (
    <>
      {open && (
        <Pill tone="accent" icon="clock">
          {t(partly ? "partly_closed" : "open")}
        </Pill>
      )}
      {trade.open_time === null && (
        <Pill tone="warn" icon="question">
          {t("unknown_open")}
        </Pill>
      )}
    </>
  );
}

/** A price with the digits of its symbol; the whole of a mean price is in its title. */
export function Price({ value, decimals, className }: { value: number | null; decimals: number; className?: string }) {
  const reader = usePreferences();
  if (value === null) return <Ltr {...(className !== undefined && { className })}>{priceText(value, reader, decimals)}</Ltr>;
  return (
    <Ltr title={String(value)} className={cx("amount", className)}>
      {priceText(value, reader, decimals)}
    </Ltr>
  );
}

/** An instant in the reader's calendar and zone, seconds in its title. */
export function When({ at, className }: { at: string | null; className?: string }) {
  const reader = usePreferences();
  if (at === null) return <span className={className}>{instantText(at, reader, "date-time")}</span>;
  return (
    <time dateTime={at} title={instantText(at, reader, "full")} className={cx("figure", className)}>
      {instantText(at, reader, "date-time")}
    </time>
  );
}
