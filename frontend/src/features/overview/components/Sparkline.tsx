import { useWords } from "@/shared/i18n";
import { Skeleton } from "@/shared/ui";

import type { SparkPoint } from "../api/useSparklines";
import { overviewWords } from "../words";

const WIDTH = 120;
const HEIGHT = 36;
const PAD = 3;

/** The line through the points, scaled to the box; time runs left to right in every language. */
export function pathOf(points: readonly SparkPoint[]): string {
  const times = points.map((point) => Date.parse(point.at));
  const values = points.map((point) => point.equity);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number): number => PAD + ((at - first) / (last - first || 1)) * (WIDTH - 2 * PAD);
  const y = (value: number): number =>
    high === low ? HEIGHT / 2 : HEIGHT - PAD - ((value - low) / (high - low)) * (HEIGHT - 2 * PAD);
  return points
    .map((point, i) => `${i === 0 ? "M" : "L"}${x(times[i] ?? first).toFixed(1)} ${y(point.equity).toFixed(1)}`)
    .join("");
}

/** A week of equity, without numbers: the way, not the value. */
export function Sparkline({ points }: { points: readonly SparkPoint[] | undefined }) {
  const t = useWords(overviewWords);
  if (points === undefined) return <Skeleton className="h-9 w-[7.5rem]" />;
  if (points.length < 2) return <span className="block h-9 w-[7.5rem]" />;
  const path = pathOf(points);
  return (
    <svg role="img" aria-label={t("sparkline")} width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className="text-accent">
      <path d={`${path}L${WIDTH - PAD} ${HEIGHT}L${PAD} ${HEIGHT}Z`} className="fill-accent/10" />
      <path d={path} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinejoin="round" strokeLinecap="round" />
    </svg>
  );
}
