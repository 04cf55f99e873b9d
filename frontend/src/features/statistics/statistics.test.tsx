import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";
import { choose } from "@/shared/i18n";
import { ACCOUNT, aSummary } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";
import { someFigures, someStatistics } from "@/testing/statistics";

import Statistics from ".";

function serve(change: Partial<Schemas["StatisticsReply"]> = {}): void {
  server.use(
    http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary())),
    http.get("*/api/account/:id/statistics", () => HttpResponse.json(someStatistics(change))),
  );
}
const show = (): void => void renderPage(<Statistics accountId={ACCOUNT} instance={null} />);
const figure = async (name: string): Promise<string> => (await screen.findByText(name, { selector: "dt" })).nextElementSibling?.textContent ?? "";
const positions = someStatistics().positions;

describe("the statistics in each state", () => {
  it("data: key figures as the server sent them", async () => {
    serve();
    show();
    expect(await figure("Expectancy per trade")).toContain("+$111.11");
    expect(await figure("Win rate")).toBe("55.55%5 won, 4 lost, 0 even");
    expect(await figure("Time-weighted return")).toBe("+1.25%");
    expect(await figure("Longest losing streak")).toContain("2 losses");
    expect(await figure("Median holding time")).toBe("30m");
  });

  it("a ratio that cannot be known yet says what is missing, never zero", async () => {
    serve();
    show();
    expect(await figure("Sharpe ratio")).toBe("–needs 30 daily returns, 4 so far");
  });

  it("profit factor without a loss is without end; without a win it is not", async () => {
    serve({ positions: { ...positions, all: someFigures({ losses: 0, profit_factor: null }) } });
    show();
    expect(await figure("Profit factor")).toBe("∞");
  });

  it("profit factor of breakeven trades only is unknown", async () => {
    serve({ positions: { ...positions, all: someFigures({ wins: 0, losses: 0, breakeven: 9, profit_factor: null }) } });
    show();
    expect(await figure("Profit factor")).toBe("–");
  });

  it("groups: one table for each view, with weekdays and hours in the reader's words", async () => {
    serve();
    show();
    expect((await screen.findByRole("table")).textContent).toContain("EURUSD");
    for (const [tab, row] of [["Side", "Buy"], ["Weekday", "Monday"], ["Hour", "09:00"], ["Holding time", "15–60 minutes"]] as const) {
      await userEvent.click(screen.getByRole("tab", { name: tab }));
      expect(within(screen.getByRole("table")).getByRole("rowheader").textContent).toBe(row);
    }
  });

  it("growth that is not proven says so", async () => {
    serve({ growth: { ...someStatistics().growth, proven: false } });
    show();
    expect(await screen.findByText(/growth is not proven/)).toBeTruthy();
  });

  it("empty: begins with the first closed position", async () => {
    serve({ positions: { ...positions, all: someFigures({ closed: 0 }) } });
    show();
    expect(await screen.findByText("No closed trade yet")).toBeTruthy();
  });

  it("error: retry and the support id", async () => {
    serve();
    server.use(http.get("*/api/account/:id/statistics", () => problem(500, "internal", "req-s"), { once: true }));
    show();
    expect((await screen.findByRole("alert")).textContent).toContain("req-s");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("table")).toBeTruthy();
  });

  it("speaks Persian", async () => {
    choose({ language: "fa" });
    serve();
    show();
    expect(await screen.findByRole("heading", { name: "آمار" })).toBeTruthy();
    expect(await figure("ضریب سود")).toBe("۳٫۰۰");
  });
});
