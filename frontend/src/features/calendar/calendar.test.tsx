import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";
import { choose } from "@/shared/i18n";
import { ACCOUNT, aSummary } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";
import { aDay, someStatistics } from "@/testing/statistics";

import Calendar from ".";
import { calendarDays, levelOf } from "./day";

const rule = (date: string, change: Partial<Schemas["RuleDayItem"]> = {}): Schemas["RuleDayItem"] => ({
  ...{ rule_id: "daily-loss", date, revision: 0, start_at: `${date}T00:00:00Z`, end_at: `${date}T23:00:00Z`, anchor: 100000 },
  ...{ anchor_grade: "balance_only", floor: 95000, allowance: 5000, worst: 98000, used: 2000, level: "ok", closed_result: 0 },
  ...{ opened: 0, closed: 0, unproven: false, coverage: {} },
  ...change,
});
const lossy = { closed_result: -50, equity_result: null, unproven: true };
const half = { flat_seconds: 10, reconstructed_seconds: 0, sampled_seconds: 10, unknown_seconds: 7200 };

function serve(days: Schemas["DayItem"][], rules: Schemas["RuleDayItem"][] = []): void {
  server.use(
    http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary())),
    http.get("*/api/account/:id/statistics", () => HttpResponse.json(someStatistics({ days }))),
    http.get("*/api/account/:id/days", () => HttpResponse.json({ account_id: ACCOUNT, days: rules } satisfies Schemas["DaysReply"])),
    http.get("*/api/account/:id/rules", () => HttpResponse.json({ account_id: ACCOUNT, rev: 1, rules: [], violations: [], discrepancies: [] } satisfies Schemas["RulesReply"])),
  );
}
const show = (): void => void renderPage(<Calendar accountId={ACCOUNT} instance={null} />);
const days = [aDay("2026-11-24", { closed_result: 120.5, opened: 3, closed: 2 }), aDay("2026-11-23", { ...lossy, coverage: half }), aDay("2026-10-30")];

describe("the calendar in each state", () => {
  it("loading: says so", async () => {
    serve(days);
    show();
    expect(await screen.findByRole("status")).toBeTruthy();
  });

  it("data: each day says its result and what is not proven or not seen", async () => {
    serve(days, [rule("2026-11-24", { level: "breach" })]);
    show();
    expect(await screen.findByRole("button", { name: "24 Nov 2026, closed result +$120.50, Breached" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "23 Nov 2026, closed result -$50.00, not proven, partly watched" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "10 Nov 2026, no rule day" }).getAttribute("aria-disabled")).toBe("true");
  });

  it("a day opens what is known of it: anchor with grade, worst value, floor, coverage, trades, level", async () => {
    serve(days, [rule("2026-11-23", { level: "warning" })]);
    show();
    await userEvent.click(await screen.findByRole("button", { name: /^23 Nov 2026/ }));
    const panel = screen.getByRole("heading", { name: "23 Nov 2026" }).parentElement!.parentElement!;
    for (const text of ["$100,000.00", "From balance only", "$98,000.00", "$95,000.00", "Unknown 2h", "0 opened · 0 closed", "Warning", "Change of equity–"]) {
      expect(panel.textContent).toContain(text);
    }
  });

  it("walks by keys: days, weeks and months, one stop of the Tab key", async () => {
    serve(days);
    show();
    const today = await screen.findByRole("button", { name: /^24 Nov/ });
    today.focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(document.activeElement?.textContent).toMatch(/^23 Nov/);
    await userEvent.keyboard("{PageUp}");
    expect(await screen.findByRole("heading", { name: "October 2026" })).toBeTruthy();
    expect(document.activeElement?.textContent).toMatch(/^31 Oct/);
    expect(within(screen.getByRole("grid")).getAllByRole("button").filter((one) => one.tabIndex === 0)).toHaveLength(1);
  });

  it("empty: says when the first day appears", async () => {
    serve([]);
    show();
    expect(await screen.findByText("The first rule day has not begun")).toBeTruthy();
  });

  it("error: retry and the support id", async () => {
    serve(days);
    server.use(http.get("*/api/account/:id/statistics", () => problem(503, "unavailable", "req-d"), { once: true }));
    show();
    expect((await screen.findByRole("alert")).textContent).toContain("req-d");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("grid")).toBeTruthy();
  });

  it("speaks Persian in Jalali months, and arrows follow the reading direction", async () => {
    choose({ language: "fa" });
    serve(days);
    show();
    expect(await screen.findByRole("heading", { name: "آذر ۱۴۰۵" })).toBeTruthy();
    screen.getByRole("button", { name: /^۳ آذر ۱۴۰۵/ }).focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(document.activeElement?.textContent).toMatch(/^۲ آذر ۱۴۰۵/);
  });
});

describe("calendarDays", () => {
  it("takes the worst level of a day's rules, and an unknown level never as safe", () => {
    const known = calendarDays([aDay("2026-11-24")], [rule("2026-11-24"), rule("2026-11-24", { rule_id: "o", level: "critical" })]);
    expect(known.get("2026-11-24")?.level).toBe("critical");
    expect(levelOf("new-level")).toBe("critical");
  });

  it("tells a whole day from one partly or not watched", () => {
    const watched = (known: number, unknown: number): string | undefined =>
      calendarDays([aDay("d", { coverage: { ...half, flat_seconds: 0, sampled_seconds: known, unknown_seconds: unknown } })], []).get("d")?.watched;
    expect([watched(5, 0), watched(5, 5), watched(0, 5)]).toEqual(["whole", "partly", "not"]);
  });
});
