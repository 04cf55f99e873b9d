import type {
  AutoscaleInfo,
  IChartApi,
  IPrimitivePaneRenderer,
  IPrimitivePaneView,
  ISeriesApi,
  ISeriesPrimitive,
  Logical,
  PrimitivePaneViewZOrder,
  SeriesAttachedParameter,
  Time,
} from "lightweight-charts";

import type { Picture } from "../curve";
import type { Grid } from "./grid";
import { paintAnchors, paintFloor, paintGaps, paintInitial, paintMarks, paintPast, paintRuns, type Stage } from "./paint";
import type { Palette } from "./palette";

/** What the layer draws, and how an amount becomes a value of the axis (money or percent). */
export interface Scene {
  readonly picture: Picture;
  readonly grid: Grid;
  readonly palette: Palette;
  readonly limits: boolean;
  readonly valueOf: (amount: number) => number;
}

/** Draws everything of a picture on the library's axes: its own lines would join gaps. */
export class CurveLayer implements ISeriesPrimitive {
  private chart: IChartApi | null = null;
  private series: ISeriesApi<"Line"> | null = null;
  private requestUpdate: (() => void) | null = null;
  private readonly views: readonly IPrimitivePaneView[];

  constructor(private scene: Scene) {
    this.views = [this.view("bottom", behind), this.view("normal", before)];
  }

  attached({ chart, series, requestUpdate }: SeriesAttachedParameter<Time, "Line">): void {
    this.chart = chart;
    this.series = series;
    this.requestUpdate = requestUpdate;
  }

  detached(): void {
    this.chart = this.series = this.requestUpdate = null;
  }

  show(scene: Scene): void {
    this.scene = scene;
    this.requestUpdate?.();
  }

  paneViews(): readonly IPrimitivePaneView[] {
    return this.views;
  }

  autoscaleInfo(first: Logical, last: Logical): AutoscaleInfo | null {
    const { grid, valueOf } = this.scene;
    const amounts = amountsIn(this.scene, grid.start + first * grid.step, grid.start + (last + 1) * grid.step);
    if (amounts.length === 0) return null;
    const values = amounts.map(valueOf);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const room = least === most ? Math.abs(least) * 0.001 || 1 : 0;
    return { priceRange: { minValue: least - room, maxValue: most + room }, margins: { above: 14, below: 20 } };
  }

  private view(order: PrimitivePaneViewZOrder, paint: (stage: Stage, scene: Scene) => void): IPrimitivePaneView {
    const renderer: IPrimitivePaneRenderer = {
      draw: (target) => target.useMediaCoordinateSpace(({ context, mediaSize }) => {
        const stage = this.stage(context, mediaSize.width, mediaSize.height);
        if (stage !== null) paint(stage, this.scene);
      }),
    };
    return { zOrder: () => order, renderer: () => renderer };
  }

  private stage(context: CanvasRenderingContext2D, width: number, height: number): Stage | null {
    const scale = this.chart?.timeScale();
    const [zero, one] = [scale?.logicalToCoordinate(0 as Logical), scale?.logicalToCoordinate(1 as Logical)];
    const { series } = this;
    if (typeof zero !== "number" || typeof one !== "number" || series === null) return null;
    const { grid, palette, valueOf } = this.scene;
    return {
      ...{ context, width, height, palette },
      x: (at) => zero + ((at - grid.start) / grid.step) * (one - zero),
      y: (value) => series.priceToCoordinate(valueOf(value)) ?? height,
    };
  }
}

function behind(stage: Stage, { picture }: Scene): void {
  paintGaps(stage, picture.gaps);
  if (picture.initial !== null) paintInitial(stage, picture.initial);
}

function before(stage: Stage, { picture, limits }: Scene): void {
  if (limits) for (const line of picture.floors) paintFloor(stage, line);
  paintPast(stage, picture.past);
  paintRuns(stage, picture.runs);
  paintAnchors(stage, picture.anchors);
  paintMarks(stage, picture.marks);
}

/** Amounts that must be seen between two instants; an empty span shows all of them. */
function amountsIn({ picture, limits }: Scene, from: number, to: number): readonly number[] {
  const near = (at: number): boolean => at >= from && at <= to;
  const points = picture.runs.flat().filter((point) => near(point.at)).flatMap((point) => [point.low, point.high, point.balance]);
  const past = picture.past.filter((anchor) => near(anchor.at)).map((anchor) => anchor.value);
  const floors = picture.floors.flatMap((line) => line.steps.filter((step) => step.from <= to && step.to >= from).map((step) => step.value));
  const now = picture.runs.at(-1)?.at(-1)?.equity;
  const own = points.length + past.length > 0 ? [...points, ...past] : now === undefined ? [] : [now];
  return [...own, ...(limits ? floors : []), ...(limits && picture.initial !== null ? [picture.initial] : [])];
}
