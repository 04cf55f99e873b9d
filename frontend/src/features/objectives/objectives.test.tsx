import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";
import { choose } from "@/shared/i18n";
import { ACCOUNT, aSummary } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { aRule, rulesReply } from "@/testing/rules";
import { problem, server } from "@/testing/server";

import Objectives from ".";

beforeEach(() => server.use(http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary()))));

const show = (...rules: Schemas["RuleItem"][]): void => {
  server.use(http.get("*/api/account/:id/rules", () => HttpResponse.json(rulesReply({ rules }))));
  renderPage(<Objectives accountId={ACCOUNT} instance={null} />);
};
const tile = (name: string): Promise<HTMLElement> => screen.findByRole("article", { name });

describe("a loss rule", () => {
  it("tells distance, used, floor, and its own warning and critical marks", async () => {
    show(aRule());
    const daily = await tile("Daily loss");
    expect(daily.textContent).toContain("$1,600.50");
    expect(daily.textContent).toContain("left until the limit");
    expect(daily.textContent).toContain("$3,399.50 of $5,000.00 used");
    expect(daily.textContent).toContain("$95,000.00");
    const meter = within(daily).getByRole("meter");
    expect(meter.getAttribute("aria-valuetext")).toBe("67.99% used of the limit");
    const marks = [...meter.querySelectorAll("span")].map((mark) => mark.style.insetInlineStart);
    expect(marks).toEqual(["60%", "85%"]);
  });

  it("broken: says so in words, and how far beyond the limit", async () => {
    show(aRule({ state: "breach", level: "breach", breached: true, headroom: -0.01, used: 5000.01, used_pct: 100 }));
    const daily = await tile("Daily loss");
    expect(daily.textContent).toContain("Breached");
    expect(daily.textContent).toContain("-$0.01");
    expect(daily.textContent).toContain("beyond the limit");
    expect(daily.textContent).toContain("this stays");
  });

  it("unknown: dashes and an unknown meter, never zero or on track", async () => {
    show(aRule({ state: "unknown", proof: "unknown", headroom: null, used: null, used_pct: null, floor: null, worst_used: null, grade: null }));
    const daily = await tile("Daily loss");
    expect(daily.textContent).toContain("Unknown");
    expect(daily.textContent).not.toContain("On track");
    expect(daily.textContent).not.toContain("$0");
    expect(within(daily).getByRole("meter").getAttribute("aria-valuetext")).toBe("Not known");
  });

  it("not proven: the doubt is beside the figure", async () => {
    show(aRule({ proof: "possible", grade: "balance_only" }));
    const daily = await tile("Daily loss");
    expect(daily.textContent).toContain("Not proven");
    expect(daily.textContent).not.toContain("On track");
    expect(daily.textContent).toContain("the anchor is not proven");
    expect(daily.textContent).toContain("From balance only");
  });
});

describe("all rules", () => {
  it("the most urgent loss limit comes first, whatever the plan's order", async () => {
    show(
      aRule(),
      aRule({ rule_id: "overall", rule_type: "overall_loss", state: "critical", used_pct: 91 }),
      aRule({ rule_id: "other", rule_type: "other_kind", used_pct: 70 }),
    );
    await tile("Daily loss");
    const names = screen.getAllByRole("article").map((one) => one.getAttribute("aria-label"));
    expect(names).toEqual(["Overall loss", "other", "Daily loss"]);
  });

  it("an objective tells what is reached, missing and met", async () => {
    const common = { group: "objective", floor: null, allowance: null, used: null, used_pct: null, headroom: null, worst_used: null } as const;
    show(
      aRule({ ...common, rule_id: "t", rule_type: "profit_target", state: "not_met", value: -485.61, target: 8000, remaining: 8485.61 }),
      aRule({ ...common, rule_id: "d", rule_type: "minimum_trading_days", state: "met", unit: "days", value: 6, target: 4, remaining: 0 }),
    );
    expect((await tile("Profit target")).textContent).toContain("$8,485.61 to go");
    expect((await tile("Trading days")).textContent).toContain("6 days of 4 days");
  });

  it("a rule on conduct is one line with its value, limit and deadline", async () => {
    show(aRule({ group: "conduct", rule_id: "l", rule_type: "max_lots", unit: "lots", value: 1.5, limit: 2, inputs: { due_at: "2026-11-25T10:00:00Z" } }));
    const line = (await screen.findByText("Lots at most")).closest("li")!;
    expect(line.textContent).toContain("1.5");
    expect(line.textContent).toContain("2");
    expect(line.textContent).toContain("25 Nov 2026");
  });

  it("before the first reading there are none, and it says why", async () => {
    show();
    expect(await screen.findByText("The rules are shown after the first reading")).toBeTruthy();
  });

  it("a refusal has a retry and the support id", async () => {
    show();
    server.use(http.get("*/api/account/:id/rules", () => problem(503, "unavailable", "req-9"), { once: true }));
    expect((await screen.findByRole("alert")).textContent).toContain("req-9");
  });

  it("speaks Persian with Persian digits", async () => {
    choose({ language: "fa" });
    show(aRule());
    const daily = await tile("افت روزانه");
    expect(daily.textContent).toContain("۱٬۶۰۰٫۵۰");
  });
});

describe("explain this number", () => {
  it("asks only when pressed, and shows the formula with the real inputs and the deals behind", async () => {
    const asked: string[] = [];
    const figure: Schemas["ExplainedFigure"] = {
      figure: "rules.daily-loss.floor",
      rule_id: "daily-loss",
      formula: "floor",
      value: 95000,
      unit: "money",
      inputs: [
        { name: "anchor", value: 100000, unit: "money" },
        { name: "allowance", value: 5000, unit: "money" },
        { name: "flows", value: 0, unit: "money" },
      ],
      grade: "exact",
      deals: { amount: -12.5, total: 2, tickets: ["77", "76"], first_at: null, last_at: null, older: 3 },
      observation: null,
      anchor: { rule_date: "2026-11-24", at: "2026-11-23T22:00:00Z", grade: "exact", source: "deals" },
      plan: [],
    };
    server.use(
      http.get("*/api/account/:id/explain", ({ request }) => {
        asked.push(new URL(request.url).searchParams.get("figure") ?? "");
        return HttpResponse.json({ ...aSummary(), page: 1, limit: 10, figures: [figure], recorded_at: null, ended_at: null });
      }),
    );
    show(aRule());
    const daily = await tile("Daily loss");
    expect(asked).toEqual([]);
    await userEvent.click(within(daily).getByRole("button", { name: /Explain Daily loss: Floor/ }));
    const panel = await screen.findByRole("dialog", { name: "Explain Daily loss: Floor" });
    await within(panel).findByText("How it is known");
    expect(panel.textContent).toContain("Anchor $100,000.00 − allowance $5,000.00");
    expect(panel.textContent).toContain("2 deals, together -$12.50");
    expect(panel.textContent).toContain("and 3 older deals");
    expect(asked).toEqual(["rules.daily-loss.floor"]);
  });
});
