import { describe, expect, it } from "vitest";

import { nextShift } from "../time/shift";
import { clockText, dayText, durationText, instantText, relativeText } from "./date";
import type { Reader } from "./locale";

const en: Reader = { language: "en", digits: "latin", calendar: "gregorian", timeZone: "UTC" };
const fa: Reader = { language: "fa", digits: "persian", calendar: "jalali", timeZone: "Asia/Tehran" };
const mixed: Reader = { language: "fa", digits: "latin", calendar: "jalali", timeZone: "Asia/Tehran" };

describe("dates in the reader's calendar, digits and zone", () => {
  it("turns the Jalali year at 01:35 in Tehran", () => {
    const at = "2026-03-20T22:05:00Z";
    expect(instantText(at, fa, "date")).toBe("۱ فروردین ۱۴۰۵");
    expect(instantText(at, fa, "time")).toBe("۰۱:۳۵");
    expect(instantText(at, mixed, "date")).toBe("1 فروردین 1405");
    expect(instantText(at, en, "date")).toBe("20 Mar 2026");
    expect(instantText(at, { ...mixed, language: "en" }, "date")).toBe("1 Farvardin 1405");
  });

  it("shows a calendar day as it is, in any zone", () => {
    expect(dayText("2026-03-21", { ...en, timeZone: "Pacific/Kiritimati" })).toBe("21 Mar 2026");
    expect(dayText("2026-03-21", { ...en, timeZone: "Pacific/Pago_Pago" })).toBe("21 Mar 2026");
  });

  it("shows midnight as 00 and nothing as a dash", () => {
    expect(instantText("2026-01-01T00:00:00Z", en, "time")).toBe("00:00");
    expect(instantText(null, en, "time")).toBe("–");
    expect(instantText("not a time", en, "date")).toBe("–");
    expect(dayText(null, fa)).toBe("–");
  });
});

describe("spans", () => {
  it.each<[number | null, string]>([
    [0, "0s"],
    [59.9, "59s"],
    [61, "1m 1s"],
    [3_600, "1h"],
    [93_784, "1d 2h"],
    [null, "–"],
  ])("%s s", (seconds, text) => {
    expect(durationText(seconds, en)).toBe(text);
  });

  it("counts down as a clock and never below zero", () => {
    expect(clockText(25_449, en)).toBe("07:04:09");
    expect(clockText(-5, fa)).toBe("۰۰:۰۰:۰۰");
  });

  it("tells how long ago in one unit", () => {
    expect(relativeText(-12, en)).toBe("12 sec ago");
    expect(relativeText(-7_300, en)).toBe("2 hr ago");
    expect(relativeText(-12, fa)).toBe("۱۲ ثانیه پیش");
  });
});

describe("nextShift", () => {
  it("finds New York's change of clocks to the minute, and none in summer", () => {
    expect(nextShift("America/New_York", Date.parse("2026-10-25T12:00:07Z"), 10)).toBe(Date.parse("2026-11-01T06:00:00Z"));
    expect(nextShift("America/New_York", Date.parse("2026-07-01T12:00:00Z"), 10)).toBeNull();
  });
});
