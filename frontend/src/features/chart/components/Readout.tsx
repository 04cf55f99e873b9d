import type { ReactNode } from "react";

import { instantText } from "@/shared/format/date";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { cx, Money } from "@/shared/ui";

import { floorAt, type FloorLine, nearest, type Picture } from "../curve";
import { chartWords } from "../words";

interface ReadoutProps {
  picture: Picture;
  /** Where the crosshair stands; null = the newest reading. */
  at: number | null;
  within: number;
  money: MoneyShape;
  nameOf: (line: FloorLine) => string;
}

/** The figures under the crosshair, above the chart; its height never changes. */
export function Readout({ picture, at, within, money, nameOf }: ReadoutProps) {
  const t = useWords(chartWords);
  const reader = usePreferences();
  const last = picture.runs.at(-1)?.at(-1) ?? null;
  const { point, gap } = at === null ? { point: last, gap: null } : nearest(picture, at, within);
  const when = at ?? last?.at ?? picture.to;
  return (
    <div className="min-h-[7.25rem] px-4 pt-4 xs:px-5 sm:min-h-[3.5rem]">
      <p className="figure text-xs text-muted">{instantText(when, reader, "date-time")}</p>
      <div className="mt-1 grid grid-cols-2 gap-x-5 gap-y-1 text-sm sm:flex sm:flex-wrap sm:items-baseline">
        {point === null ? (
          <span className="col-span-2 text-muted">{t(gap === null ? "nothing_here" : gap.known ? "reconstructed" : "no_reading")}</span>
        ) : (
          <>
            <Figure name={t("equity")} swatch="border-t-2 border-accent">
              <Money value={point.equity} {...money} className="font-semibold text-ink sm:text-base" />
            </Figure>
            <Figure name={t("balance")} swatch="border-t-2 border-muted">
              <Money value={point.balance} {...money} className="font-medium text-ink" />
            </Figure>
            {point.low !== point.high && (
              <span className="hidden text-xs text-muted md:inline">
                {t("between")} <Money value={point.low} {...money} /> – <Money value={point.high} {...money} />
              </span>
            )}
          </>
        )}
        {picture.floors.map((line) => {
          const floor = floorAt(line, when);
          return floor === null ? null : (
            <Figure key={line.ruleId} name={nameOf(line)} swatch={line.kind === "daily" ? "border-t-2 border-warn" : "border-t-2 border-dashed border-bad"}>
              <Money value={floor} {...money} className="font-medium text-ink" />
            </Figure>
          );
        })}
      </div>
    </div>
  );
}

function Figure({ name, swatch, children }: { name: string; swatch: string; children: ReactNode }) {
  return (
    <span className="flex min-w-0 flex-col sm:inline-flex sm:flex-row sm:items-baseline sm:gap-1.5">
      <span className="inline-flex items-baseline gap-1.5 whitespace-nowrap text-xs text-muted">
        <span aria-hidden="true" className={cx("inline-block w-3.5 self-center", swatch)} />
        {name}
      </span>
      {children}
    </span>
  );
}
