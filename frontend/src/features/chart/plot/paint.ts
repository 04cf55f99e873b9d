import type { Anchor, FloorLine, Gap, Mark, Picture, Point } from "../curve";
import type { Palette } from "./palette";

/** Where things are drawn: pixels of an instant and of an amount, and the pane's size. */
export interface Stage {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly x: (at: number) => number;
  readonly y: (value: number) => number;
  readonly palette: Palette;
}

const HATCH = 7;

/** What lies behind everything: spans without a reading, hatched; reconstructed ones dotted. */
export function paintGaps(stage: Stage, gaps: readonly Gap[]): void {
  const { context, palette, height, width, x } = stage;
  for (const gap of gaps) {
    const left = Math.max(0, x(gap.from));
    const wide = Math.min(width, x(gap.to)) - left;
    if (wide <= 0) continue;
    context.save();
    context.beginPath();
    context.rect(left, 0, Math.max(1, wide), height);
    context.clip();
    if (gap.known) dots(stage, left, wide);
    else {
      context.fillStyle = palette.gapGround;
      context.fillRect(left, 0, wide, height);
      context.strokeStyle = palette.gap;
      context.lineWidth = 1;
      context.beginPath();
      for (let at = Math.floor((left - height) / HATCH) * HATCH; at < left + wide; at += HATCH) {
        context.moveTo(at, height);
        context.lineTo(at + height, 0);
      }
      context.stroke();
    }
    context.restore();
  }
}

function dots({ context, palette, height }: Stage, left: number, wide: number): void {
  context.fillStyle = palette.known;
  for (let at = Math.ceil(left / 10) * 10; at < left + wide; at += 10) {
    for (let row = 5; row < height; row += 10) context.fillRect(at, row, 1.5, 1.5);
  }
}

/** The curves: the way from least to most as a band, balance as steps, equity above all. */
export function paintRuns(stage: Stage, runs: Picture["runs"]): void {
  const { context, palette, x, y } = stage;
  for (const run of runs) {
    context.fillStyle = palette.band;
    context.beginPath();
    run.forEach((point, place) => (place === 0 ? context.moveTo(x(point.at), y(point.high)) : context.lineTo(x(point.at), y(point.high))));
    for (const point of [...run].reverse()) context.lineTo(x(point.at), y(point.low));
    context.fill();
    stroke(stage, palette.balance, 1.25, () => steps(stage, run));
    stroke(stage, palette.equity, 2, () => {
      run.forEach((point, place) => (place === 0 ? context.moveTo(x(point.at), y(point.equity)) : context.lineTo(x(point.at), y(point.equity))));
    });
    const alone = run[0];
    if (run.length === 1 && alone !== undefined) dot(stage, x(alone.at), y(alone.equity), 2.5, palette.equity);
  }
  const last = runs.at(-1)?.at(-1);
  if (last !== undefined) dot(stage, x(last.at), y(last.equity), 3.5, palette.equity);
}

function steps({ context, x, y }: Stage, run: readonly Point[]): void {
  run.forEach((point, place) => {
    if (place === 0) context.moveTo(x(point.at), y(point.balance));
    else {
      context.lineTo(x(point.at), y(run[place - 1]?.balance ?? point.balance));
      context.lineTo(x(point.at), y(point.balance));
    }
  });
}

/** What the resets were before the first reading: dashed, for nobody watched in between. */
export function paintPast(stage: Stage, past: readonly Anchor[]): void {
  const { context, palette, x, y } = stage;
  stroke(stage, palette.balance, 1.5, () => {
    past.forEach(({ at, value }, place) => (place === 0 ? context.moveTo(x(at), y(value)) : context.lineTo(x(at), y(value))));
  }, [2, 4]);
}

/** A floor as steps: it moves at resets, or where a trailing floor follows the equity. */
export function paintFloor(stage: Stage, line: FloorLine): void {
  const { context, palette, x, y } = stage;
  const colour = line.kind === "daily" ? palette.daily : palette.overall;
  stroke(stage, colour, 1.5, () => {
    let end: number | null = null;
    for (const step of line.steps) {
      if (end === step.from) context.lineTo(x(step.from), y(step.value));
      else context.moveTo(x(step.from), y(step.value));
      context.lineTo(x(step.to), y(step.value));
      end = step.to;
    }
  }, line.kind === "daily" ? [] : [7, 4]);
}

export function paintInitial(stage: Stage, initial: number): void {
  stroke(stage, stage.palette.initial, 1, () => {
    stage.context.moveTo(0, stage.y(initial));
    stage.context.lineTo(stage.width, stage.y(initial));
  }, [2, 3]);
}

/** Resets: full where the anchor was seen, hollow where it was worked out. Left out where they would touch. */
export function paintAnchors(stage: Stage, anchors: readonly Anchor[]): void {
  const { context, palette, x, y } = stage;
  const [first, second] = [anchors.at(-2), anchors.at(-1)];
  if (first !== undefined && second !== undefined && x(second.at) - x(first.at) < 9) return;
  for (const anchor of anchors) {
    dot(stage, x(anchor.at), y(anchor.value), 3, anchor.sure ? palette.balance : palette.ground);
    context.strokeStyle = palette.balance;
    context.lineWidth = 1.25;
    context.stroke();
  }
}

/** Money in or out at the foot of the chart; warnings and breaches where they happened. */
export function paintMarks(stage: Stage, marks: readonly Mark[]): void {
  for (const mark of marks) {
    if (mark.kind === "deposit" || mark.kind === "withdrawal") flow(stage, mark);
    else broken(stage, mark);
  }
}

function flow(stage: Stage, mark: Mark): void {
  const { context, palette, height, x } = stage;
  const [at, up] = [Math.max(7, x(mark.at)), mark.kind === "deposit"];
  stroke(stage, palette.balance, 1, () => {
    context.moveTo(at, 0);
    context.lineTo(at, height - 16);
  }, [1, 4]);
  context.fillStyle = up ? palette.good : palette.label;
  context.beginPath();
  const [tip, foot] = up ? [height - 14, height - 4] : [height - 4, height - 14];
  context.moveTo(at, tip);
  context.lineTo(at + 6, foot);
  context.lineTo(at - 6, foot);
  context.fill();
}

function broken(stage: Stage, mark: Mark): void {
  const { context, palette, height, x, y } = stage;
  const [at, level] = [x(mark.at), Math.min(height - 8, Math.max(8, y(mark.value)))];
  const colour = mark.kind === "breach" ? palette.bad : palette.daily;
  dot(stage, at, level, 6.5, palette.ground);
  stroke(stage, colour, 1.75, () => {
    if (mark.kind === "breach") {
      for (const slope of [1, -1]) {
        context.moveTo(at - 4, level - 4 * slope);
        context.lineTo(at + 4, level + 4 * slope);
      }
    } else {
      context.moveTo(at, level - 5);
      context.lineTo(at + 5, level + 4);
      context.lineTo(at - 5, level + 4);
      context.closePath();
    }
  });
}

function dot({ context }: Stage, x: number, y: number, radius: number, fill: string): void {
  context.fillStyle = fill;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}

function stroke({ context }: Stage, colour: string, width: number, path: () => void, dash: readonly number[] = []): void {
  context.save();
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash([...dash]);
  context.beginPath();
  path();
  context.stroke();
  context.restore();
}
