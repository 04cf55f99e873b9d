import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import { choose } from "@/shared/i18n";
import type { Schemas } from "@/shared/api";
import { ACCOUNT, anAccount, aSummary, NOW } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";

import TradesPage from ".";

type Trade = Schemas["TradeItem"];

const aTrade = (change: Partial<Trade> = {}): Trade => ({
  ...{ ticket: "5001", symbol: "EURUSD", type: "BUY", lots: 1, open_lots: 0, deals: 2 },
  ...{ open_time: "2026-11-20T08:30:00Z", close_time: "2026-11-20T09:45:00Z", open_price: 1.1, close_price: 1.10525 },
  ...{ profit: 525, commission: -7, swap: -1.25, fee: 0, net: 516.75 },
  ...change,
});

const asked: URL[] = [];
const serve = (trades: Trade[], change: Partial<Schemas["TradesReply"]> = {}): void => {
  server.use(
    http.get("*/api/account/:id/trades", ({ request }) => {
      const url = new URL(request.url);
      asked.push(url);
      const page = Number(url.searchParams.get("page"));
      return HttpResponse.json({ trades, total: trades.length, page, limit: 50, next_cursor: null, ...change } satisfies Schemas["TradesReply"]);
    }),
  );
};
const show = (search = "") => renderPage(<TradesPage accountId={ACCOUNT} />, { path: `/account/${ACCOUNT}/trades${search}` });
const table = async () => within(await screen.findByRole("table"));

beforeEach(() => {
  asked.length = 0;
  server.use(
    http.get("*/api/accounts", () => HttpResponse.json({ accounts: [anAccount()], server_now: NOW })),
    http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary())),
    http.get("*/api/account/:id/statistics", () => problem(503, "unavailable")),
  );
});

describe("a trade", () => {
  it("shows its figures as the server sent them, prices with the digits of their symbol", async () => {
    serve([aTrade(), aTrade({ ticket: "5002", type: "SELL", net: -20, profit: -20 })]);
    show();
    const rows = (await table()).getAllByRole("row");
    expect(rows[1]?.textContent).toContain("1.10000"); // 1.1 in JSON
    expect(rows[1]?.textContent).toContain("1.10525");
    expect(rows[1]?.textContent).toContain("Gain+$516.75");
    expect(rows[1]?.textContent).toContain("1.00");
    expect(rows[2]?.textContent).toContain("Sell");
    expect(rows[2]?.textContent).toContain("Loss-$20.00");
  });

  it("is marked while open, when partly closed, and when its opening is not known", async () => {
    serve([
      aTrade({ ticket: "1", close_time: null, close_price: null, open_lots: 1 }),
      aTrade({ ticket: "2", close_time: null, open_lots: 0.4 }),
      aTrade({ ticket: "3", open_time: null, open_price: null }),
    ]);
    show();
    const rows = (await table()).getAllByRole("row").map((row) => row.textContent);
    expect(rows[1]).toContain("Open");
    expect(rows[2]).toContain("Partly closed");
    expect(rows[3]).toContain("Opening unknown");
    expect(rows[3]).toContain("–");
  });

  it("opens to its deals, hostile texts as text", async () => {
    const deal = (change: Partial<Schemas["DealItem"]>): Schemas["DealItem"] => ({
      ...{ ticket: 1, position_id: 5001, order_ticket: 1, time: "2026-11-20T08:30:00Z", symbol: "EURUSD", type: "BUY", entry: "IN", reason: "CLIENT" },
      ...{ lots: 1, price: 1.1, profit: 0, commission: -7, swap: 0, fee: 0, net: -7, comment: "" },
      ...change,
    });
    const deals = [deal({}), deal({ ticket: 2, entry: "OUT", reason: "TAKE_PROFIT", lots: 0.4, net: 200, comment: "<img src=x onerror=1>" })];
    server.use(http.get("*/trades/5001/deals", () => HttpResponse.json({ ticket: "5001", deals, total: 2 } satisfies Schemas["DealsReply"])));
    serve([aTrade()]);
    show();
    const button = (await table()).getByRole("button", { name: "Deals of EURUSD #5001" });
    expect(button.getAttribute("aria-expanded")).toBe("false");
    await userEvent.click(button);
    expect(button.getAttribute("aria-expanded")).toBe("true");
    const lines = await (await table()).findAllByRole("listitem");
    expect(lines.map((line) => line.textContent)).toEqual([
      expect.stringContaining("Opening · Desktop"),
      expect.stringContaining("Closing · Take profit"),
    ]);
    expect(lines[1]?.textContent).toContain("<img src=x onerror=1>");
    expect(document.querySelector("img")).toBeNull();
  });

  it("says that its deals could not be had, with the support id", async () => {
    server.use(http.get("*/trades/5001/deals", () => problem(403, "forbidden", "req-d")));
    serve([aTrade()]);
    show();
    await userEvent.click((await table()).getByRole("button", { name: "Deals of EURUSD #5001" }));
    expect((await (await table()).findByRole("alert")).textContent).toContain("req-d");
  });
});

describe("the list", () => {
  it("asks for what the address says", async () => {
    serve([aTrade()]);
    show("?symbol=US30%2B&side=SELL&state=closed&from=2026-11-01&to=2026-11-02&sort=-net&page=3");
    await table();
    expect(Object.fromEntries(asked[0]!.searchParams)).toEqual({
      ...{ symbol: "US30+", side: "SELL", state: "closed", sort: "-net", page: "3", limit: "50" },
      ...{ from: "2026-10-31T20:30:00Z", to: "2026-11-02T20:30:00Z" },
    });
  });

  it("sorts by a column's head and says how it is sorted", async () => {
    serve([aTrade()]);
    show();
    expect((await table()).getByRole("columnheader", { name: "Opened" }).getAttribute("aria-sort")).toBe("descending");
    await userEvent.click((await table()).getByRole("button", { name: "Net result" }));
    await waitFor(() => expect(asked.at(-1)?.searchParams.get("sort")).toBe("-net"));
    expect((await table()).getByRole("columnheader", { name: "Net result" }).getAttribute("aria-sort")).toBe("descending");
    expect((await table()).getByRole("columnheader", { name: "Opened" }).getAttribute("aria-sort")).toBe("none");
  });

  it("filters from the first page on, and clears", async () => {
    serve([aTrade()], { total: 120 });
    show("?page=2");
    await userEvent.selectOptions(await screen.findByRole("combobox", { name: "Side" }), "SELL");
    await waitFor(() => expect(asked.at(-1)?.searchParams.get("side")).toBe("SELL"));
    expect(asked.at(-1)?.searchParams.get("page")).toBe("1");
    await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(asked.at(-1)?.searchParams.has("side")).toBe(false));
  });

  it("keeps the page on view while the next one comes", async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    server.use(
      http.get("*/api/account/:id/trades", async ({ request }) => {
        const page = Number(new URL(request.url).searchParams.get("page"));
        if (page === 2) await gate;
        const trades = [aTrade({ ticket: `page-${page}` })];
        return HttpResponse.json({ trades, total: 51, page, limit: 50, next_cursor: null } satisfies Schemas["TradesReply"]);
      }),
    );
    show();
    expect((await table()).getByText("#page-1")).toBeTruthy();
    expect(screen.getByText("1–50 of 51")).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Next" }));
    expect((await table()).getByText("#page-1")).toBeTruthy();
    expect(screen.getByRole("navigation").getAttribute("aria-busy")).toBe("true");
    release();
    expect(await screen.findByText("#page-2")).toBeTruthy();
  });
});

describe("each state of the page", () => {
  it("loading: says so", () => {
    serve([]);
    show();
    expect(screen.getByText("Loading")).toBeTruthy();
  });

  it("no trades yet", async () => {
    serve([]);
    show();
    expect(await screen.findByText("No trades yet")).toBeTruthy();
  });

  it("no trade matches: clears the filters", async () => {
    serve([]);
    show("?side=SELL");
    expect(await screen.findByText("No trade matches")).toBeTruthy();
  });

  it("a page beyond the last one: leads to the first", async () => {
    serve([], { total: 3 });
    show("?page=9");
    await userEvent.click(await screen.findByRole("button", { name: "To the first page" }));
    await waitFor(() => expect(asked.at(-1)?.searchParams.get("page")).toBe("1"));
  });

  it("stale: the last trades with their age", async () => {
    server.use(http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary({ as_of: "2020-01-01T00:00:00Z" }))));
    serve([aTrade()]);
    show();
    expect(await screen.findByText(/Out of date/)).toBeTruthy();
    expect((await table()).getByText("EURUSD")).toBeTruthy();
  });

  it("refused: tells the support id, and tries again", async () => {
    serve([aTrade()]);
    server.use(http.get("*/api/account/:id/trades", () => problem(404, "not_found", "req-t"), { once: true }));
    show();
    expect((await screen.findByRole("alert")).textContent).toContain("req-t");
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect((await table()).getByText("EURUSD")).toBeTruthy();
  });

  it("an older life: asks for that instance", async () => {
    serve([aTrade()]);
    show("?instance=22222222-2222-4222-8222-222222222222");
    await table();
    expect(asked[0]?.searchParams.get("instance")).toBe("22222222-2222-4222-8222-222222222222");
  });

  it("Persian: Persian digits, words and days", async () => {
    choose({ language: "fa" });
    serve([aTrade()]);
    show("?from=2026-11-20");
    const row = (await table()).getAllByRole("row")[1]!;
    expect(row.textContent).toContain("۱٫۱۰۵۲۵");
    expect(row.textContent).toContain("۵۱۶٫۷۵");
    expect(row.textContent).toContain("خرید");
    expect(screen.getByText("۲۹ آبان ۱۴۰۵")).toBeTruthy();
  });
});
