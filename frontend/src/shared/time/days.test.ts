import { describe, expect, it } from "vitest";

import { isDay, startOfDay } from "./days";

describe("startOfDay", () => {
  it.each([
    ["2026-03-20", "UTC", 0, "2026-03-20T00:00:00Z"],
    ["2026-03-20", "Asia/Tehran", 0, "2026-03-19T20:30:00Z"],
    ["2026-03-20", "Asia/Tehran", 1, "2026-03-20T20:30:00Z"],
    ["2026-03-08", "America/New_York", 0, "2026-03-08T05:00:00Z"],
    ["2026-03-08", "America/New_York", 1, "2026-03-09T04:00:00Z"],
    ["2026-11-01", "America/New_York", 1, "2026-11-02T05:00:00Z"],
    ["2026-12-31", "Pacific/Kiritimati", 1, "2026-12-31T10:00:00Z"],
  ])("%s in %s, %i days later, begins at %s", (day, zone, later, at) => {
    expect(startOfDay(day, zone, later)).toBe(at);
  });
});

describe("isDay", () => {
  it("takes days that exist only", () => {
    expect(["2026-02-28", "2026-02-29", "2026-13-01", "20-3-1", "x"].map(isDay)).toEqual([true, false, false, false, false]);
  });
});
