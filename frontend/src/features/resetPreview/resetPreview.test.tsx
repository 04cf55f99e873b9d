import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { beforeEach, describe, expect, it } from "vitest";

import type { Schemas } from "@/shared/api";
import { ACCOUNT, aSummary, INSTANCE, NOW } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { server } from "@/testing/server";

import ResetPreview from ".";

beforeEach(() => server.use(http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary()))));

const show = (change: Partial<Schemas["PreviewReply"]>): void => {
  const reply: Schemas["PreviewReply"] = {
    account_id: ACCOUNT,
    instance_id: INSTANCE,
    rev: 1,
    recorded_at: NOW,
    data_age_seconds: 1,
    stale: false,
    ended_at: null,
    server_now: NOW,
    reset_at: "2026-11-24T22:00:00Z",
    no_reset: null,
    stops: { grade: "exact", positions: [{ ticket: "1", profit: -100, grade: "exact" }] },
    rules: [{ rule_id: "d", rule_type: "daily_loss", floor: 95000, headroom: 1600, projected_floor: 94567.4, headroom_after: 5000, headroom_at_stops: -20 }],
    ...change,
  };
  server.use(http.get("*/api/account/:id/preview", () => HttpResponse.json(reply)));
  renderPage(<ResetPreview accountId={ACCOUNT} instance={null} />);
};

describe("reset preview", () => {
  it("tells the floor after the reset, and what is left if every stop-loss is hit", async () => {
    show({});
    const rule = (await screen.findByText("Floor then")).closest("li")!;
    expect(rule.textContent).toContain("$94,567.40");
    expect(rule.textContent).toContain("$5,000.00 above it");
    expect(screen.getByText("If every stop-loss were hit now").parentElement!.textContent).toContain("-$20.00 left");
  });

  it("without a stop-loss the loss has no limit, and no figure is shown for it", async () => {
    show({ stops: { grade: "unbounded", positions: [{ ticket: "1", profit: null, grade: "unbounded" }] } });
    const stops = (await screen.findByText(/No limit to the loss/)).parentElement!;
    expect(stops.textContent).not.toContain("left");
  });

  it("what cannot be told is not told as safe", async () => {
    show({ stops: { grade: "unknown", positions: [{ ticket: "1", profit: null, grade: "unknown" }] } });
    expect(await screen.findByText(/Cannot be told/)).toBeTruthy();
  });

  it("an ended life has no next reset", async () => {
    show({ no_reset: "life_ended", reset_at: null });
    expect(await screen.findByText(/there is no next reset/)).toBeTruthy();
    expect(screen.queryByText("Floor then")).toBeNull();
  });
});
