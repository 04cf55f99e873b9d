import { durationText, instantText } from "@/shared/format/date";
import { type MoneyShape, moneyText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";

import type { Picture } from "../curve";
import { chartWords } from "../words";

/** The picture in a few sentences, for whoever does not see it. */
export function useSummaryText(picture: Picture, money: MoneyShape): string {
  const t = useWords(chartWords);
  const reader = usePreferences();
  const points = picture.runs.flat();
  const [first, last] = [points[0], points.at(-1)];
  const told = (value: number): string => moneyText(value, money, reader);
  const span = { from: instantText(picture.from, reader, "date-time"), to: instantText(picture.to, reader, "date-time") };
  const missing = picture.gaps.filter((gap) => !gap.known);
  const seconds = missing.reduce((sum, gap) => sum + (gap.to - gap.from) / 1_000, 0);
  const flows = picture.marks.filter((mark) => mark.kind === "deposit" || mark.kind === "withdrawal").length;
  const breaches = picture.marks.filter((mark) => mark.kind === "breach").length;
  const way =
    first === undefined || last === undefined
      ? t("summary_none", span)
      : t("summary", {
          ...span,
          first: told(first.equity),
          last: told(last.equity),
          low: told(Math.min(...points.map((point) => point.low))),
          high: told(Math.max(...points.map((point) => point.high))),
        });
  return [
    way,
    missing.length > 0 && t("summary_gaps", { count: missing.length, length: durationText(seconds, reader, true) }),
    flows > 0 && t("summary_flow", { count: flows }),
    breaches > 0 && t("summary_breach", { count: breaches }),
  ].filter(Boolean).join(" ");
}
