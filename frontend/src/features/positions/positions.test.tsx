import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";
import { choose } from "@/shared/i18n";
import { ACCOUNT, aSummary, INSTANCE, NOW } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";

import Positions from ".";

const position: Schemas["PositionItem"] = {
  ...{ ticket: "77", symbol: "<b>XAU</b>", type: "SELL", lots: 0.3, open_price: 149.6, current_price: 149.608, stop_loss: null },
  ...{ take_profit: 148, profit: -0.4, swap: 0, opened_at: "2026-11-24T11:00:00Z", seconds_open: 3600 },
};

function serve(change: Partial<Schemas["PositionsReply"]>): void {
  const reply: Schemas["PositionsReply"] = {
    ...{ account_id: ACCOUNT, instance_id: INSTANCE, rev: 1, recorded_at: NOW, data_age_seconds: 1, stale: false, ended_at: null },
    ...{ server_now: NOW, positions: [position] },
    ...change,
  };
  server.use(
    http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary())),
    http.get("*/api/account/:id/positions", () => HttpResponse.json(reply)),
  );
}
const show = (): void => void renderPage(<Positions accountId={ACCOUNT} instance={null} />);

describe("open positions in each state", () => {
  it("data: prices with the symbol's digits, a hostile symbol as text, no stop said in a word", async () => {
    serve({});
    show();
    const row = within(await screen.findByRole("table")).getAllByRole("row")[1]!;
    expect(row.textContent).toContain("<b>XAU</b>");
    for (const text of ["Sell", "149.600", "149.608", "148.000", "none", "-$0.40", "1h"]) expect(row.textContent).toContain(text);
  });

  it("nothing open and not known yet are told apart", async () => {
    serve({ positions: [] });
    show();
    expect(await screen.findByText("Nothing is open")).toBeTruthy();
  });

  it("not read yet: never shown as nothing", async () => {
    serve({ positions: null, recorded_at: null });
    show();
    expect(await screen.findByText("Not known yet")).toBeTruthy();
    expect(screen.queryByText("Nothing is open")).toBeNull();
  });

  it("stale: says so", async () => {
    serve({ recorded_at: "2020-01-01T00:00:00Z", stale: true });
    show();
    expect(await screen.findByText(/Out of date/)).toBeTruthy();
  });

  it("an ended life: tells when it ended", async () => {
    serve({ ended_at: "2026-11-10T10:00:00Z" });
    show();
    expect(await screen.findByText("Open when this life ended on 10 Nov 2026, 13:30")).toBeTruthy();
  });

  it("error: retry and the support id", async () => {
    serve({});
    server.use(http.get("*/api/account/:id/positions", () => problem(503, "unavailable", "req-p"), { once: true }));
    show();
    expect((await screen.findByRole("alert")).textContent).toContain("req-p");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("table")).toBeTruthy();
  });

  it("speaks Persian", async () => {
    choose({ language: "fa" });
    serve({});
    show();
    expect((await screen.findByRole("table")).textContent).toContain("۱۴۹٫۶۰۸");
  });
});
