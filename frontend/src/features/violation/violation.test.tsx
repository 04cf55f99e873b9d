import { screen } from "@testing-library/react";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { ACCOUNT, aSummary } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { aViolation } from "@/testing/rules";
import { server } from "@/testing/server";

import ViolationPage from ".";

describe("the evidence page", () => {
  it("tells the story with exact amounts, hostile text as text, and whether it is signed", async () => {
    const evidence = {
      currency_digits: 2,
      headroom: -1,
      observation: { at: "2026-11-24T11:00:00Z", positions: [{ position_id: 1, symbol: "<img src=x>", side: "buy", volume: "4.00", open_price: "62817.44", current_price: "62709.29", profit: -43260 }] },
    };
    const reply = { violation: aViolation(), evidence, signature: { algorithm: "Ed25519", public_key: "ab12", value: "cd" } };
    server.use(http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary())));
    server.use(http.get("*/api/account/:id/violations/:violation/evidence", () => HttpResponse.json(reply)));
    renderPage(<ViolationPage accountId={ACCOUNT} violationId={aViolation().violation_id} />);
    expect((await screen.findByRole("heading", { level: 1 })).textContent).toBe("Evidence: Daily loss");
    const text = document.body.textContent;
    expect(text).toContain("the value was $94,999.99. The limit was $95,000.00.");
    expect(text).toContain("<img src=x>");
    expect(document.querySelector("img")).toBeNull();
    expect(text).toContain("-$432.60");
    expect(text).toContain("62,709.29");
    expect(text).toContain("Signed with Ed25519");
  });

  it("between two readings: the positions are those of the deals, never said to be none", async () => {
    const evidence = { currency_digits: 2, observation: null, open_volumes: { "77": "4.00" }, path: { quotes: [] } };
    const reply = { violation: aViolation({ grade: "reconstructed" }), evidence, signature: null };
    server.use(http.get("*/api/account/:id/summary", () => HttpResponse.json(aSummary())));
    server.use(http.get("*/api/account/:id/violations/:violation/evidence", () => HttpResponse.json(reply)));
    renderPage(<ViolationPage accountId={ACCOUNT} violationId={aViolation().violation_id} />);
    expect((await screen.findByText("#77")).closest("li")!.textContent).toBe("#77 · 4.00 lots, by its deals");
    expect(screen.queryByText("No position was open.")).toBeNull();
  });
});
