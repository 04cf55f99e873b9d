import { describe, expect, it } from "vitest";

import { columnOf, dateOf, monthOf, sameMonth, shift } from "./month";

describe("a month of a calendar", () => {
  it("begins a Gregorian week on Monday", () => {
    const { first, weeks } = monthOf("2026-11-24", "gregorian");
    expect(first).toBe("2026-11-01");
    expect(weeks[0]).toEqual([null, null, null, null, null, null, "2026-11-01"]);
    expect(weeks.flat().filter((day) => day !== null)).toHaveLength(30);
  });

  it("begins a Jalali month on its own first day and a week on Saturday", () => {
    const { first, weeks } = monthOf("2026-03-25", "jalali");
    expect(first).toBe("2026-03-21"); // 1 Farvardin 1405, a Saturday
    expect(weeks[0]?.[0]).toBe("2026-03-21");
    expect(weeks.flat().filter((day) => day !== null)).toHaveLength(31);
    expect(dateOf("2026-03-25", "jalali")).toBe(5);
  });

  it("puts every third day of three years into its own column and month", () => {
    for (const calendar of ["gregorian", "jalali"] as const) {
      for (let day = "2024-01-01"; day < "2027-01-01"; day = shift(day, 3)) {
        const week = monthOf(day, calendar).weeks.find((days) => days.includes(day));
        expect(week?.indexOf(day)).toBe(columnOf(day, calendar));
      }
    }
    expect(sameMonth("2026-03-20", "2026-03-21", "gregorian")).toBe(true);
    expect(sameMonth("2026-03-20", "2026-03-21", "jalali")).toBe(false);
  });
});
