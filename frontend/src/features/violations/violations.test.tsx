import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";
import { ACCOUNT, aSummary } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { aViolation, rulesReply } from "@/testing/rules";
import { server } from "@/testing/server";

import Violations from ".";

beforeEach(() => server.use(http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary()))));

const show = (change: Partial<Schemas["RulesReply"]>): void => {
  server.use(http.get("*/api/account/:id/rules", () => HttpResponse.json(rulesReply(change))));
  renderPage(<Violations accountId={ACCOUNT} instance={null} />);
};

describe("violations", () => {
  it("none: says that every limit held", async () => {
    show({});
    expect(await screen.findByText("No violation")).toBeTruthy();
  });

  it("a breach tells value, limit and how it is known, and leads to its evidence", async () => {
    show({ violations: [aViolation()] });
    const line = (await screen.findByText("Daily loss")).closest("li")!;
    expect(line.textContent).toContain("Breach");
    expect(line.textContent).toContain("$94,999.99 at a limit of $95,000.00");
    expect(line.textContent).toContain("Observed in a reading");
    expect(line.querySelector("a")?.getAttribute("href")).toBe(`/account/${ACCOUNT}/violations/${aViolation().violation_id}`);
  });

  it("what is only possible is not called a breach", async () => {
    show({ violations: [aViolation({ verdict: "possible", grade: "bounded" })] });
    expect(await screen.findByText("Possible breach")).toBeTruthy();
  });

  it("later facts that disagree are named, with a warning", async () => {
    const item = { kind: "verdict_unfounded", subject: "daily-loss", rule_date: null, occurred_at: "2026-11-24T10:00:00Z", noticed_at: "2026-11-24T12:00:00Z", before: null, after: null } as const;
    show({ discrepancies: [item] });
    expect(await screen.findByText("By later facts a verdict is unfounded: daily-loss")).toBeTruthy();
  });
});
