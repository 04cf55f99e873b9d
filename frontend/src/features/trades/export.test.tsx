import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Schemas } from "@/shared/api";
import { choose } from "@/shared/i18n";
import { ACCOUNT, anAccount, aSummary, NOW } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";

import TradesPage from ".";

type Job = Schemas["ExportJobReply"];

const aJob = (change: Partial<Job> = {}): Job => ({
  ...{ export_id: "e1", account_id: ACCOUNT, format: "xlsx", what: "trades", state: "done", rows_done: 3, rows_total: 3 },
  ...{ size_bytes: 900, fault: null, created_at: NOW, expires_at: "2026-11-24T13:00:00Z" },
  ...change,
});

const orders: { key: string | null; body: unknown }[] = [];
const fetched: string[] = [];
let answer: () => Response = () => HttpResponse.json(aJob(), { status: 201 });

beforeEach(() => {
  orders.length = 0;
  fetched.length = 0;
  answer = () => HttpResponse.json(aJob(), { status: 201 });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    fetched.push(this.href);
  });
  server.use(
    http.get("*/api/accounts", () => HttpResponse.json({ accounts: [anAccount()], server_now: NOW })),
    http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary())),
    http.get("*/api/account/:id/statistics", () => problem(503, "unavailable")),
    http.get("*/api/account/:id/trades", () => HttpResponse.json({ trades: [], total: 0, page: 1, limit: 50, next_cursor: null })),
    http.post("*/api/account/:id/exports", async ({ request }) => {
      orders.push({ key: request.headers.get("idempotency-key"), body: await request.json() });
      return answer();
    }),
    http.post("*/exports/e1/ticket", () => HttpResponse.json({ url: "/api/exports/download?ticket=once", expires_at: NOW } satisfies Schemas["TicketReply"])),
  );
});
afterEach(() => vi.restoreAllMocks());

const open = async (search = ""): Promise<void> => {
  renderPage(<TradesPage accountId={ACCOUNT} />, { path: `/account/${ACCOUNT}/trades${search}` });
  await userEvent.click(await screen.findByRole("button", { name: "Export" }));
};
const create = async (): Promise<void> => userEvent.click(screen.getByRole("button", { name: "Create file" }));

describe("an export", () => {
  it("takes the page's filters, and downloads by a ticket, never by the token", async () => {
    await open("?symbol=EURUSD&from=2026-11-20&sort=-net");
    await userEvent.click(screen.getByRole("radio", { name: "Deals" }));
    await userEvent.click(screen.getByRole("radio", { name: "CSV" }));
    await create();
    expect(await screen.findByText(/download has begun/)).toBeTruthy();
    expect(orders[0]?.body).toEqual({
      ...{ what: "deals", format: "csv", language: "en", time_zone: "Asia/Tehran", symbol: "EURUSD", side: null, state: null },
      ...{ from: "2026-11-19T20:30:00Z", to: null, sort: "-net", instance: null },
    });
    expect(orders[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    await waitFor(() => expect(fetched).toEqual([`${window.location.origin}/api/exports/download?ticket=once`]));
    await userEvent.click(screen.getByRole("button", { name: "Download again" }));
    await waitFor(() => expect(fetched).toHaveLength(2));
  });

  it("shows how far a long one is, then downloads it", async () => {
    const steps = [aJob({ state: "running", rows_done: 1_000, rows_total: 4_000 }), aJob()];
    answer = () => HttpResponse.json(aJob({ state: "queued", rows_done: 0, rows_total: 0 }), { status: 202 });
    let go = (): void => undefined;
    const gate = new Promise<void>((resolve) => (go = resolve));
    server.use(
      http.get("*/exports/e1", async () => {
        await gate;
        return HttpResponse.json(steps.length > 1 ? steps.shift() : steps[0]);
      }),
    );
    await open();
    await create();
    const bar = await screen.findByRole("progressbar");
    expect(bar.getAttribute("aria-valuetext")).toBe("Waiting to begin");
    expect(bar.hasAttribute("aria-valuenow")).toBe(false);
    go();
    await waitFor(() => expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("25"));
    expect(screen.getByText("1,000 of 4,000 rows")).toBeTruthy();
    expect(await screen.findByText(/download has begun/, {}, { timeout: 5_000 })).toBeTruthy();
    await waitFor(() => expect(fetched).toHaveLength(1));
  });

  it("asks again with the same key after a fault, so that one file is made", async () => {
    answer = () => problem(503, "unavailable", "req-x");
    await open();
    await create();
    expect((await screen.findByText("req-x")).textContent).toBe("req-x");
    answer = () => HttpResponse.json(aJob(), { status: 201 });
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(/download has begun/)).toBeTruthy();
    expect(orders).toHaveLength(2);
    expect(orders[0]?.key).toBe(orders[1]?.key);
  });

  it.each<[string, Partial<Job>]>([
    ["The file would be too large", { state: "failed", fault: "too_large" }],
    ["This file has expired", { state: "expired" }],
  ])("says why there is none: %s", async (text, change) => {
    answer = () => HttpResponse.json(aJob(change), { status: 201 });
    await open();
    await create();
    expect((await screen.findByRole("alert")).textContent).toContain(text);
    expect(fetched).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Another file" }));
    await create();
    await waitFor(() => expect(orders).toHaveLength(2));
    expect(orders[0]?.key).not.toBe(orders[1]?.key);
  });

  it("can be cancelled", async () => {
    answer = () => HttpResponse.json(aJob({ state: "queued" }), { status: 202 });
    server.use(http.get("*/exports/e1", () => HttpResponse.json(aJob({ state: "queued" }))));
    await open();
    await create();
    await screen.findByRole("progressbar");
    await userEvent.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
  });

  it("speaks Persian, and makes a Persian file", async () => {
    choose({ language: "fa" });
    renderPage(<TradesPage accountId={ACCOUNT} />, { path: `/account/${ACCOUNT}/trades` });
    await userEvent.click(await screen.findByRole("button", { name: "خروجی گرفتن" }));
    await userEvent.click(screen.getByRole("button", { name: "ساخت فایل" }));
    await waitFor(() => expect(orders[0]?.body).toMatchObject({ language: "fa" }));
  });
});
