import { describe, expect, it } from "vitest";

import { minorText, readEvidence } from "./evidence";

describe("minor units", () => {
  it.each([
    [9520050, 2, "95200.50"],
    [5, 2, "0.05"],
    [-5, 2, "-0.05"],
    [0, 2, "0.00"],
    [-123, 0, "-123"],
    [1234567, 3, "1234.567"],
    [9007199254740991, 2, "90071992547409.91"],
  ])("%s with %s digits is %s", (minor, digits, text) => {
    expect(minorText(minor, digits)).toBe(text);
  });

  it.each([1.5, "12", null, undefined, Number.MAX_VALUE])("%s is no amount", (minor) => {
    expect(minorText(minor, 2)).toBeNull();
  });

  it("without known digits nothing is guessed", () => {
    expect(minorText(100, null)).toBeNull();
  });
});

describe("a bundle", () => {
  it("gives what is there and leaves out what is not of the form", () => {
    const read = readEvidence({
      currency_digits: 2,
      headroom: -1,
      balance: "many",
      plan: { name: "two-step" },
      anchor: { value: 10000000, source: "deals" },
      observation: {
        at: "2026-11-24T11:00:00+00:00",
        positions: [{ position_id: 7, symbol: "<b>", side: "buy", volume: "0.10", open_price: "1.10", current_price: "1.09", profit: -1000 }, 5],
      },
      path: { quotes: [{ symbol: "EURUSD", at: "x", bid: 1, ask: 2 }, { symbol: "EURUSD" }] },
      deals_since_reset: [1, 2],
      deals_left_out: 3,
    });
    expect([...read.amounts]).toEqual([["headroom", "-0.01"]]);
    expect(read.anchor).toEqual({ value: "100000.00", source: "deals" });
    expect(read.positions.map((one) => [one.id, one.symbol, one.profit])).toEqual([["7", "<b>", "-10.00"]]);
    expect([read.quotes.length, read.deals, read.plan]).toEqual([1, 5, "two-step"]);
  });

  it.each([null, [], "text", { observation: 3, path: [] }])("%j is read without a fault", (bundle) => {
    const read = readEvidence(bundle);
    expect([read.positions, read.quotes, read.deals, read.anchor]).toEqual([[], [], null, null]);
  });
});
