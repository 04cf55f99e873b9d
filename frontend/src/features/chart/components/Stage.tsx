import { type KeyboardEvent, lazy, Suspense, useId, useMemo, useState } from "react";

import type { MoneyShape } from "@/shared/format/number";
import { useWords } from "@/shared/i18n";
import { useRuleName } from "@/shared/rules";
import { cx, ErrorBoundary, Skeleton } from "@/shared/ui";

import type { FloorLine, Picture } from "../curve";
import type { PlotHandle } from "../plot/Plot";
import { stepOf } from "../range";
import { chartWords } from "../words";
import { CurveTable } from "./CurveTable";
import { Key } from "./Key";
import { Readout } from "./Readout";
import { Movers, type View } from "./Toolbar";
import { useSummaryText } from "./useSummaryText";

const Plot = lazy(() => import("../plot/Plot"));

/** Some browsers are told to refuse a canvas: they get the table. */
const canDraw = (): boolean => document.createElement("canvas").getContext("2d") !== null;

/** The height of the canvas and of whatever stands in its place. */
export const PLOT_HEIGHT = "h-[19rem] sm:h-[23rem]";

interface StageProps {
  picture: Picture;
  view: View;
  /** Whether what is shown is of the range before. */
  busy: boolean;
  money: MoneyShape;
  kinds: ReadonlyMap<string, string>;
  span: string;
  onView: (change: Partial<View>) => void;
}

/** Figures under the crosshair, the canvas (or the table), the ways to move it, and the key of its signs. */
export function Stage({ picture, view, busy, money, kinds, span, onView }: StageProps) {
  const t = useWords(chartWords);
  const name = useRuleName();
  const [at, setAt] = useState<number | null>(null);
  const [plot, setPlot] = useState<PlotHandle | null>(null);
  const [text, keys] = [useId(), useId()];
  const [drawable] = useState(canDraw);
  const asTable = view.table || !drawable;
  const summary = useSummaryText(picture, money);
  const shape = useMemo(() => ({ currency: money.currency, digits: money.digits }), [money.currency, money.digits]);
  const nameOf = (line: FloorLine): string => name({ rule_id: line.ruleId, rule_type: kinds.get(line.ruleId) ?? "" });
  return (
    <div aria-busy={busy} className={cx("transition-opacity", busy && "opacity-60")}>
      <Readout picture={picture} at={asTable ? null : at} within={stepOf(picture.from, picture.to)} money={money} nameOf={nameOf} />
      <div className={cx("mt-2", PLOT_HEIGHT)}>
        {asTable ? (
          <CurveTable picture={picture} money={money} />
        ) : (
          <div
            role="group"
            tabIndex={0}
            aria-label={t("title")}
            aria-describedby={`${text} ${keys}`}
            onKeyDown={(event) => plot !== null && steer(event, plot)}
            className="h-full ps-2 xs:ps-3"
          >
            <ErrorBoundary>
              <Suspense fallback={<Skeleton className="h-full w-full" />}>
                <Plot picture={picture} span={span} unit={view.unit} limits={view.limits} money={shape} onCursor={setAt} handle={setPlot} />
              </Suspense>
            </ErrorBoundary>
          </div>
        )}
      </div>
      <Movers view={view} plot={plot} onView={onView} />
      <div className="space-y-3 border-t border-line px-4 py-4 xs:px-5">
        <Key picture={picture} />
        <p id={text} className="text-xs leading-5 text-muted">{summary}</p>
        <p id={keys} className="sr-only">{t("keys")}</p>
        <p className="text-2xs text-faint">
          <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer noopener" className="inline-flex min-h-6 items-center underline decoration-line underline-offset-2 hover:text-ink">
            {t("drawn_by")}
          </a>{" "}
          · {t("copyright")}
        </p>
      </div>
    </div>
  );
}

const WAYS: Readonly<Record<string, (plot: PlotHandle) => void>> = {
  ArrowLeft: (plot) => plot.pan(-1),
  ArrowRight: (plot) => plot.pan(1),
  "+": (plot) => plot.zoom(1),
  "=": (plot) => plot.zoom(1),
  "-": (plot) => plot.zoom(-1),
  Home: (plot) => plot.fit(),
};

function steer(event: KeyboardEvent, plot: PlotHandle): void {
  const way = WAYS[event.key];
  if (way === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  way(plot);
}
