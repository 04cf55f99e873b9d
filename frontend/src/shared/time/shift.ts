const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Minutes that a zone is ahead of UTC at an instant. */
export function offsetMinutes(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    ...{ timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" },
    ...{ hour: "numeric", minute: "numeric" },
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((one) => one.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"));
  return Math.round((wall - at) / 60_000);
}

/** The instant within `days` from now at which a zone's clocks change, to the minute; null = none. */
export function nextShift(zone: string, now: number, days: number): number | null {
  const before = offsetMinutes(zone, now);
  if (offsetMinutes(zone, now + days * DAY_MS) === before) return null;
  let [early, late] = [Math.floor(now / MINUTE_MS), Math.ceil((now + days * DAY_MS) / MINUTE_MS)];
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (offsetMinutes(zone, middle * MINUTE_MS) === before) early = middle;
    else late = middle;
  }
  return late * MINUTE_MS;
}
