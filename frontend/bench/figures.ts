/** One measured value; `goal` is what it must stay below, null = for information. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal: number | null;
}

/** The smallest value that at least `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const ordered = [...values].sort((a, b) => a - b);
  return ordered[Math.max(0, Math.ceil(ordered.length * share) - 1)] ?? NaN;
}

/** Whether a figure is not below its goal; one that could not be measured is not. */
export const missed = ({ value, goal }: Figure): boolean => goal !== null && !(value < goal);

/** Name, value, unit, goal and a mark at each missed one. */
export function table(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length)) + 2;
  const row = (name: string, value: string, unit: string, goal: string): string =>
    `${name.padEnd(width)}${value.padStart(9)}  ${unit.padEnd(6)}${goal}`.trimEnd();
  const lines = figures.map((one) =>
    row(one.name, one.value.toFixed(0), one.unit, one.goal === null ? "" : `< ${one.goal.toFixed(0)}${missed(one) ? "  MISSED" : ""}`),
  );
  return [row("figure", "measured", "", "goal"), ...lines].join("\n");
}
