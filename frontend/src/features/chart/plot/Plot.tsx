import { ColorType, CrosshairMode, createChart, type IChartApi, type ISeriesApi, LineSeries, LineStyle, type Time, type UTCTimestamp } from "lightweight-charts";
import { type Ref, type RefObject, useEffect, useImperativeHandle, useMemo, useRef, useState } from "react";

import { instantText } from "@/shared/format/date";
import { type MoneyShape, moneyText, percentText } from "@/shared/format/number";
import { type Preferences, usePreferences } from "@/shared/i18n";

import type { Picture } from "../curve";
import { type Grid, gridOf, instantOf, slotTime, slotValues } from "./grid";
import { CurveLayer } from "./layer";
import { type Palette, paletteAt } from "./palette";

export type ChartUnit = "money" | "percent";

/** How buttons and keys move the view. */
export interface PlotHandle {
  readonly pan: (way: -1 | 1) => void;
  readonly zoom: (way: -1 | 1) => void;
  readonly fit: () => void;
}

export interface PlotProps {
  picture: Picture;
  /** A change of it shows the whole span again. */
  span: string;
  unit: ChartUnit;
  limits: boolean;
  money: MoneyShape;
  onCursor: (at: number | null) => void;
  handle: Ref<PlotHandle>;
}

/** The canvas: lightweight-charts' axes, zoom and crosshair, and our own layer on them. */
export default function Plot({ picture, span, unit, limits, money, onCursor, handle }: PlotProps) {
  const box = useRef<HTMLDivElement>(null);
  const made = useRef<{ chart: IChartApi; series: ISeriesApi<"Line">; layer: CurveLayer | null } | null>(null);
  const reader = usePreferences();
  const palette = usePalette(box);
  const grid = useMemo(() => gridOf(picture, reader.timeZone), [picture, reader.timeZone]);
  const latest = useRef({ grid, onCursor });
  latest.current = { grid, onCursor };
  const shownSpan = useRef<string | null>(null);

  useEffect(() => {
    if (box.current === null) return;
    const chart = createChart(box.current, {
      autoSize: true,
      layout: { attributionLogo: false }, // it writes a style element, which our CSP refuses; the notice stands below
      handleScroll: { mouseWheel: false, vertTouchDrag: false },
      handleScale: { mouseWheel: false, axisPressedMouseMove: { time: true, price: false } },
      timeScale: { fixLeftEdge: true, fixRightEdge: true, minBarSpacing: 0.02, rightOffset: 0, lockVisibleTimeRangeOnResize: true },
      crosshair: { mode: CrosshairMode.Magnet, horzLine: { visible: false, labelVisible: false } },
    });
    const series = chart.addSeries(LineSeries, { lineVisible: false, lastValueVisible: true, priceLineVisible: false, crosshairMarkerRadius: 5 });
    chart.subscribeCrosshairMove(({ logical }) => {
      const { grid: now, onCursor: tell } = latest.current;
      tell(logical === undefined ? null : now.start + logical * now.step);
    });
    made.current = { chart, series, layer: null };
    return () => {
      made.current = null;
      shownSpan.current = null;
      chart.remove();
    };
  }, []);

  useEffect(() => {
    const now = made.current;
    if (now === null || palette === null) return;
    const { initial } = picture;
    const inPercent = unit === "percent" && initial !== null && initial !== 0;
    const valueOf = (amount: number): number => (inPercent ? ((amount - initial) / initial) * 100 : amount);
    now.chart.applyOptions(looks(palette, reader, grid));
    now.series.applyOptions({
      color: palette.equity,
      crosshairMarkerBorderColor: palette.ground,
      priceFormat: { type: "custom", minMove: 0.01, formatter: priceText(picture, inPercent, money, reader) },
    });
    const scene = { picture, grid, palette, limits, valueOf };
    if (now.layer === null) {
      now.layer = new CurveLayer(scene);
      now.series.attachPrimitive(now.layer);
    } else now.layer.show(scene);
    now.series.setData(slotValues(picture, grid).map((value, slot) => {
      const time = slotTime(grid, slot) as UTCTimestamp;
      return value === null ? { time } : { time, value: valueOf(value) };
    }));
    if (shownSpan.current !== span) {
      shownSpan.current = span;
      now.chart.timeScale().fitContent();
    }
  }, [picture, grid, palette, reader, unit, limits, money, span]);

  useImperativeHandle(handle, () => ({
    pan: (way) => move(made.current?.chart, (from, to) => [from + (way * (to - from)) / 4, to + (way * (to - from)) / 4]),
    zoom: (way) => move(made.current?.chart, (from, to) => {
      const change = (to - from) * (way > 0 ? 0.25 : -0.5);
      return [from + change, to - change];
    }),
    fit: () => made.current?.chart.timeScale().fitContent(),
  }), []);

  return <div ref={box} dir="ltr" className="h-full w-full" />;
}

/** Moves the view inside the data; never closer than some slots. */
function move(chart: IChartApi | undefined, change: (from: number, to: number) => [number, number]): void {
  const scale = chart?.timeScale();
  const seen = scale?.getVisibleLogicalRange();
  if (scale === undefined || seen === null || seen === undefined) return;
  const [from, to] = change(seen.from, seen.to);
  if (to - from >= 6) scale.setVisibleLogicalRange({ from, to });
}

/** The theme's colours, read again when the theme changes. */
function usePalette(box: RefObject<HTMLElement>): Palette | null {
  const [palette, setPalette] = useState<Palette | null>(null);
  useEffect(() => {
    const read = (): void => {
      if (box.current !== null) setPalette(paletteAt(box.current));
    };
    read();
    const watch = new MutationObserver(read);
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "lang"] });
    return () => watch.disconnect();
  }, [box]);
  return palette;
}

const looks = (palette: Palette, reader: Preferences, grid: Grid) => ({
  layout: {
    background: { type: ColorType.Solid, color: "transparent" },
    ...{ textColor: palette.text, fontFamily: palette.font, fontSize: 11 },
  },
  grid: { vertLines: { visible: false }, horzLines: { color: palette.grid, style: LineStyle.Solid } },
  rightPriceScale: { borderVisible: false, entireTextOnly: true },
  timeScale: {
    borderColor: palette.grid,
    timeVisible: true,
    tickMarkFormatter: (time: Time, kind: number) =>
      instantText(instantOf(grid, Number(time)), reader, kind >= 3 ? "time" : "month-day"),
  },
  localization: { timeFormatter: (time: Time) => instantText(instantOf(grid, Number(time)), reader, "date-time") },
  crosshair: { vertLine: { color: palette.text, labelBackgroundColor: palette.label } },
});

/** Amounts of the axis: whole where the span is wide, with the currency's decimals where it is narrow. */
function priceText(picture: Picture, inPercent: boolean, money: MoneyShape, reader: Preferences): (value: number) => string {
  const amounts = picture.runs.flat().flatMap((point) => [point.low, point.high]).concat(picture.floors.flatMap((line) => line.steps.map((step) => step.value)));
  const wide = amounts.length > 0 && Math.max(...amounts) - Math.min(...amounts) > 100;
  const digits = wide ? 0 : money.digits;
  return (value) => (inPercent ? percentText(value, reader, { decimals: 1 }) : moneyText(value, { ...money, digits }, reader));
}
