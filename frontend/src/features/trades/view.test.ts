import { describe, expect, it } from "vitest";

import { filtersOf, readView, sortedBy, START, unfiltered, writeView } from "./view";

describe("a view in the address", () => {
  it("is empty at the start, and what was written is read again", () => {
    expect(writeView(START)).toBe("");
    const view = { ...START, symbol: "US30+ & ü", side: "SELL", state: "open", from: "2026-03-01", page: 7, sort: "net", limit: 100 } as const;
    expect(readView(writeView(view))).toEqual(view);
  });

  it("takes what it does not understand as not said", () => {
    const odd = "side=LONG&state=&from=2026-02-31&to=x&sort=balance&page=-1&limit=7&instance=1&symbol=" + "A".repeat(33);
    expect(readView(odd)).toEqual(START);
  });
});

describe("filters for the API", () => {
  it("bound whole days of the reader's zone, the last one included", () => {
    const { from, to } = filtersOf({ ...START, from: "2026-03-20", to: "2026-03-20" }, "Asia/Tehran");
    expect([from, to]).toEqual(["2026-03-19T20:30:00Z", "2026-03-20T20:30:00Z"]);
  });
});

describe("choices", () => {
  it("sorts largest first, then the other way round", () => {
    expect([sortedBy("net", "-open_time"), sortedBy("net", "-net"), sortedBy("net", "net")]).toEqual(["-net", "net", "-net"]);
  });

  it("clears filters but keeps order and size", () => {
    expect(unfiltered({ ...START, symbol: "A", page: 3, sort: "net", limit: 25 })).toEqual({ ...START, sort: "net", limit: 25 });
  });
});
