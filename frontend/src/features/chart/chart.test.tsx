import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import type { Schemas, Summary } from "@/shared/api";
import { choose } from "@/shared/i18n";
import { ACCOUNT, aSummary, NOW } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";

import Chart from ".";

const curve: Schemas["EquityCurve"] = {
  from_at: "2026-11-17T12:00:00Z",
  to_at: NOW,
  points: [
    { at: "2026-11-24T09:00:00Z", balance: 100000, equity: 100500, equity_min: 99000.25, equity_max: 100900 },
    { at: "2026-11-24T12:00:00Z", balance: 101000, equity: 101234.5, equity_min: 101000, equity_max: 101300 },
  ],
  gaps: [{ from_at: "2026-11-24T09:00:00Z", to_at: "2026-11-24T11:00:00Z" }],
  floors: [],
  flows: [{ at: "2026-11-20T09:00:00Z", type: "balance", amount: 500 }],
};
const asked: URL[] = [];

function serve(told: Schemas["EquityCurve"] = curve, summary: Partial<Summary> = {}): void {
  const known = aSummary(summary);
  const equity: Schemas["EquityReply"] = {
    ...{ account_id: ACCOUNT, rev: 1, currency: "USD", balance: 1, equity: 1, credit: 0, floating: 0, margin: 0, free_margin: 0 },
    ...{ recorded_at: NOW, data_age_seconds: 1, stale: false, server_now: NOW, curve: told },
  };
  server.use(
    http.get("*/api/account/:id/summary", () => HttpResponse.json(known)),
    http.get("*/api/account/:id/days", () => HttpResponse.json({ account_id: ACCOUNT, days: [] } satisfies Schemas["DaysReply"])),
    http.get("*/api/account/:id/rules", () => HttpResponse.json({ account_id: ACCOUNT, rev: 1, rules: [], violations: [], discrepancies: [] } satisfies Schemas["RulesReply"])),
    http.get("*/api/account/:id/equity", ({ request }) => {
      asked.push(new URL(request.url));
      return HttpResponse.json(equity);
    }),
  );
}
const show = (): void => void renderPage(<Chart accountId={ACCOUNT} instance={null} />);

beforeEach(() => void asked.splice(0));

describe("the curve in each state", () => {
  it("loading: says so", async () => {
    serve();
    show();
    expect(await screen.findByRole("status")).toBeTruthy();
  });

  it("data: figures, a text of the picture, and the library's notice with its link", async () => {
    serve();
    show();
    expect(await screen.findByText(/equity went from \$100,500\.00 to \$101,234\.50; lowest \$99,000\.25, highest \$101,300\.00/)).toBeTruthy();
    expect(screen.getByText(/One span without a reading, 2 hours long\./)).toBeTruthy();
    expect(screen.getByText("Not watched")).toBeTruthy();
    expect(screen.getByRole("link", { name: /TradingView/ }).getAttribute("href")).toBe("https://www.tradingview.com/");
  });

  it("as a table, also where no canvas may be drawn: every point, and the gap as a row", async () => {
    serve();
    show();
    await userEvent.click(await screen.findByRole("button", { name: "Show as table" }));
    const rows = within(await screen.findByRole("table")).getAllByRole("row");
    expect(rows.map((row) => row.textContent).join("|")).toMatch(/101,234\.50.*No reading for 2h.*100,500\.00/);
  });

  it("another range: asks for it and keeps what is shown", async () => {
    serve();
    show();
    await userEvent.click(await screen.findByRole("radio", { name: "1 day" }));
    await screen.findByText(/equity went from/);
    const spans = asked.map((url) => Date.parse(url.searchParams.get("to") ?? "") - Date.parse(url.searchParams.get("from") ?? ""));
    expect(spans.map((span) => span / 86_400_000)).toEqual([7, 1]);
  });

  it("an ended life: looks back from its end, not from today", async () => {
    serve(curve, { outcome: "breached", as_of: "2026-11-10T10:00:00Z" });
    show();
    await screen.findByText(/equity went from/);
    expect(asked[0]?.searchParams.get("to")).toBe("2026-11-10T10:00:00.000Z");
  });

  it("empty: says when the curve begins", async () => {
    serve({ ...curve, points: [], gaps: [] }, { as_of: null, equity_current: null, balance_current: null });
    show();
    expect(await screen.findByText("The curve begins with the first reading")).toBeTruthy();
  });

  it("error: retry and the support id", async () => {
    serve();
    server.use(http.get("*/api/account/:id/equity", () => problem(503, "unavailable", "req-c"), { once: true }));
    show();
    expect((await screen.findByRole("alert")).textContent).toContain("req-c");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(/equity went from/)).toBeTruthy();
  });

  it("speaks Persian", async () => {
    choose({ language: "fa" });
    serve();
    show();
    expect(await screen.findByRole("heading", { name: "اکوییتی و بالانس" })).toBeTruthy();
    expect(await screen.findByText(/۱۰۱٬۲۳۴٫۵۰/, { selector: "p" })).toBeTruthy();
  });
});
