import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { choose } from "@/shared/i18n";
import { ACCOUNT } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";
import { someStatistics } from "@/testing/statistics";

import Mt5Summary from ".";

const printed = someStatistics().mt5_summary;
const serve = (change: Partial<typeof printed> = {}): void => {
  server.use(http.get("*/api/account/:id/statistics", () => HttpResponse.json(someStatistics({ mt5_summary: { ...printed, ...change } }))));
};
const show = (): void => void renderPage(<Mt5Summary accountId={ACCOUNT} instance={null} />);
const figure = async (name: string): Promise<string | null | undefined> => (await screen.findByText(name)).nextElementSibling?.textContent;

describe("the terminal's own summary", () => {
  it("stands in its own box, each figure with what the terminal puts in brackets", async () => {
    serve();
    show();
    expect((await screen.findByRole("figure")).textContent).toContain("MT5 Trade History Report");
    expect(await figure("Balance Drawdown Maximal")).toBe("400.00 (0.40%)");
    expect(await figure("Balance Drawdown Relative")).toBe("0.40% (400.00)");
    expect(await figure("Maximal consecutive loss (count)")).toBe("-300.00 (2)");
    expect(await figure("Sharpe Ratio")).toBe("–");
  });

  it("is empty without a closing deal", async () => {
    serve({ total_trades: 0 });
    show();
    expect(await screen.findByText("No closed trade yet")).toBeTruthy();
  });

  it("tells a fault with its support id", async () => {
    server.use(http.get("*/api/account/:id/statistics", () => problem(500, "internal", "req-m")));
    show();
    expect((await screen.findByRole("alert")).textContent).toContain("req-m");
  });

  it("speaks Persian", async () => {
    choose({ language: "fa" });
    serve();
    show();
    expect(await figure("کل معامله‌ها")).toBe("۱۱");
  });
});
