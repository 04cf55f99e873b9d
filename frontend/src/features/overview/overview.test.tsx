import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import type { AccountItem, Summary } from "@/shared/api";
import { choose } from "@/shared/i18n";
import { anAccount, NOW } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { problem, server } from "@/testing/server";

import OverviewPage from ".";
import { arrange, nearestFloor } from "./standing";

const serve = (...accounts: AccountItem[]): void => {
  server.use(http.get("*/api/accounts", () => HttpResponse.json({ accounts, server_now: NOW })));
};
const show = async (summary: Partial<Summary>, item: Partial<AccountItem> = {}): Promise<HTMLElement> => {
  serve(anAccount(item, summary));
  renderPage(<OverviewPage />);
  return (await screen.findByText("700100200")).closest("li")!;
};

describe("an account's card in each state", () => {
  it("running: equity, what is left to the nearest floor in money and percent, and its meter", async () => {
    const card = await show({});
    expect(card.textContent).toContain("$101,234.50");
    expect(card.textContent).toContain("Left to the daily floor");
    expect(card.textContent).toContain("$4,234.50");
    expect(within(card).getByRole("meter").getAttribute("aria-valuetext")).toBe("15.31% used of the limit");
    expect(card.textContent).toContain("Live");
  });

  it("near a limit", async () => {
    expect((await show({ tier: "breach_risk", dd_daily_used_pct: 92 })).textContent).toContain("Near a limit");
  });

  it("unknown figures: a dash and an unknown meter, never zero", async () => {
    const card = await show({ dd_daily_headroom: null, dd_daily_used_pct: null, dd_all_time_headroom: null, equity_current: null });
    expect(card.textContent).toContain("Not known yet");
    expect(within(card).getByRole("meter").getAttribute("aria-valuetext")).toBe("Not known");
    expect(card.textContent).not.toContain("$0.00");
  });

  it("stale: says so", async () => {
    expect((await show({ as_of: "2020-01-01T00:00:00Z" })).textContent).toContain("Out of date");
  });

  it.each<[string, Partial<Summary>, Partial<AccountItem>]>([
    ["Connecting to the broker", { connection_state: "connecting", dd_daily_headroom: null, dd_all_time_headroom: null }, {}],
    ["The history is being read", { connection_state: "history_loading", dd_daily_headroom: null, dd_all_time_headroom: null }, {}],
    ["The broker does not answer", { connection_state: "backoff" }, {}],
    ["are being read again", { connection_state: "unreconciled" }, {}],
    ["Enter the new investor password", { connection_state: "credentials_rejected" }, {}],
    ["Our support is looking", { connection_state: "needs_operator" }, {}],
    ["may trade", { connection_state: "credentials_rejected", condition_code: "master_password" }, {}],
    ["The account is being moved", { connection_state: "backoff", condition_code: "bridge_lost" }, {}],
    ["The daily loss is not judged", { connection_state: "needs_operator", condition_code: "server_clock_differs" }, {}],
    ["Watching is paused", { connection_state: "paused" }, {}],
    ["Watching is on hold", { connection_state: "quarantined" }, {}],
    ["The daily loss limit was broken", { outcome: "breached", dd_daily_breached: true }, {}],
    ["The overall loss limit was broken", { outcome: "breached", dd_all_time_breached: true }, {}],
    ["A rule of the plan was broken", { outcome: "breached" }, {}],
    ["All objectives of this phase are met", { outcome: "passed" }, {}],
    ["no longer watched", { status: "deactivated" }, { is_active: false }],
  ])("%s", async (text, summary, item) => {
    expect((await show(summary, item)).textContent).toContain(text);
  });

  it("rejected password: links to the shop's form, which is the only place for a password", async () => {
    serve(anAccount({}, { connection_state: "credentials_rejected" }));
    renderPage(<OverviewPage />, { env: { passwordUrl: "https://shop.example/password" } });
    const link = await screen.findByRole("link", { name: "Update the password" });
    expect(link.getAttribute("href")).toBe("https://shop.example/password");
    expect(document.querySelector("input[type=password]")).toBeNull();
  });
});

describe("the page", () => {
  it("is empty without an account, with the way to the shop", async () => {
    serve();
    renderPage(<OverviewPage />, { env: { shopUrl: "https://shop.example/" } });
    expect((await screen.findByRole("link", { name: "To the shop" })).getAttribute("href")).toBe("https://shop.example/");
  });

  it("tells a refusal with its support id, and tries again", async () => {
    server.use(http.get("*/api/accounts", () => problem(403, "forbidden", "req-1"), { once: true }));
    renderPage(<OverviewPage />);
    expect((await screen.findByRole("alert")).textContent).toContain("req-1");
    serve(anAccount());
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("700100200")).toBeTruthy();
  });

  it("searches and filters", async () => {
    serve(anAccount(), anAccount({ account_id: "a2", login: "5550001" }, { outcome: "breached" }));
    renderPage(<OverviewPage />);
    await userEvent.type(await screen.findByRole("searchbox"), "555");
    await waitFor(() => expect(screen.queryByText("700100200")).toBeNull());
    await userEvent.clear(screen.getByRole("searchbox"));
    await userEvent.click(screen.getByRole("radio", { name: "Ended 1" }));
    expect(screen.queryByText("700100200")).toBeNull();
    expect(screen.getByText("5550001")).toBeTruthy();
  });

  it("speaks Persian with Persian digits", async () => {
    choose({ language: "fa" });
    serve(anAccount());
    renderPage(<OverviewPage />);
    expect(await screen.findByRole("heading", { level: 1, name: "حساب‌های شما" })).toBeTruthy();
    expect((await screen.findByRole("list")).textContent).toContain("۱۰۱٬۲۳۴٫۵۰");
  });
});

describe("nearestFloor and arrange", () => {
  it("takes the floor with less money left, as the server sent it", () => {
    const { summary } = anAccount({}, { dd_daily_headroom: 5000, dd_all_time_headroom: 1200, dd_all_time_used_pct: 88 });
    expect(nearestFloor(summary)).toEqual({ kind: "overall", headroom: 1200, usedPct: 88 });
    expect(nearestFloor(anAccount({}, { dd_daily_headroom: null, dd_all_time_headroom: null }).summary)).toBeNull();
  });

  it("puts first what needs the reader, then the most used, ended ones last", () => {
    const accounts = [
      anAccount({ login: "calm" }, { dd_daily_used_pct: 5 }),
      anAccount({ login: "ended" }, { outcome: "breached", dd_daily_used_pct: 120 }),
      anAccount({ login: "risky" }, { tier: "breach_risk", dd_daily_used_pct: 91 }),
      anAccount({ login: "locked" }, { connection_state: "credentials_rejected" }),
    ];
    expect(arrange(accounts, "all", "", "risk").map(({ login }) => login)).toEqual(["locked", "risky", "calm", "ended"]);
  });
});
