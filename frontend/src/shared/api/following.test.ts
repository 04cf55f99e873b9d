import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { follow } from "./following";

describe("following an account's commits", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const begin = (): { commit: (rev: number) => void; count: () => number; stop: () => void } => {
    const queries = new QueryClient();
    let renewed = 0;
    const stop = follow(queries, ["summary"], () => (renewed += 1));
    return { commit: (rev) => void queries.setQueryData(["summary"], { rev }), count: () => renewed, stop };
  };

  it("does not renew for the first summary, which came with the first parts", () => {
    const { commit, count } = begin();
    commit(1);
    vi.advanceTimersByTime(60_000);
    expect(count()).toBe(0);
  });

  it("renews once for commits in a row", () => {
    const { commit, count } = begin();
    for (const rev of [1, 2, 3, 4]) commit(rev);
    vi.advanceTimersByTime(60_000);
    expect(count()).toBe(1);
  });

  it("goes on renewing while an account commits four times a second", () => {
    const { commit, count } = begin();
    for (let rev = 0; rev < 240; rev += 1) {
      commit(rev);
      vi.advanceTimersByTime(250);
    }
    expect(count()).toBeGreaterThanOrEqual(11);
    expect(count()).toBeLessThanOrEqual(13);
  });

  it("renews nothing any more once it has ended", () => {
    const { commit, count, stop } = begin();
    commit(1);
    commit(2);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(count()).toBe(0);
  });
});
