import { useQueryClient } from "@tanstack/react-query";
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { http, HttpResponse } from "msw";
import { describe, expect, it } from "vitest";

import { keys, type Schemas } from "@/shared/api";
import { anAccount, NOW } from "@/testing/builders";
import { renderPage } from "@/testing/page";
import { aViolation } from "@/testing/rules";
import { problem, server } from "@/testing/server";

import { type Announcer, makeAnnouncer } from "./announcer";
import { useOutcomeWatch } from "./useOutcomeWatch";

const BREACH = aViolation({ severity: "breach", is_primary: true });

function Watching({ announcer }: { announcer: Announcer }) {
  const queries = useQueryClient();
  useOutcomeWatch(announcer, 1);
  return <button onClick={() => void queries.refetchQueries({ queryKey: keys.accounts })}>{"poll"}</button>;
}

/** A page that polls accounts whose outcome a test sets; counts what was told. */
function watched(outcome: Schemas["Outcome"]) {
  const state = { outcome, polls: 0, refused: 0, away: false };
  server.use(
    http.get("*/api/accounts", () => {
      state.polls += 1;
      return HttpResponse.json({ accounts: [anAccount({}, { outcome: state.outcome })], server_now: NOW });
    }),
    http.get("*/api/account/:id/rules", () => {
      if (!state.away) return HttpResponse.json({ account_id: BREACH.account_id, rev: 2, rules: [], violations: [BREACH], discrepancies: [] });
      state.refused += 1;
      return problem(503, "unavailable");
    }),
  );
  const announcer = makeAnnouncer();
  const told: string[] = [];
  announcer.subscribe(() => told.push(announcer.read()?.violation_id ?? "dismissed"));
  renderPage(<Watching announcer={announcer} />);
  const poll = async (): Promise<void> => {
    const before = state.polls;
    await userEvent.click(screen.getByText("poll"));
    await waitFor(() => expect(state.polls).toBeGreaterThan(before));
  };
  return { state, announcer, told, poll };
}

describe("a breach found by polling", () => {
  it("is told, and once, however often the list is read", async () => {
    const { state, told, poll } = watched("running");
    await waitFor(() => expect(state.polls).toBe(1));
    await poll();
    expect(told).toEqual([]);
    state.outcome = "breached";
    await poll();
    await waitFor(() => expect(told).toEqual([BREACH.violation_id]));
    await poll();
    await poll();
    expect(told).toEqual([BREACH.violation_id]);
  });

  it("is not told again when the socket told it before", async () => {
    const { state, announcer, told, poll } = watched("running");
    await waitFor(() => expect(state.polls).toBe(1));
    announcer.tell(BREACH);
    state.outcome = "breached";
    await poll();
    await poll();
    expect(told).toEqual([BREACH.violation_id]);
  });

  it("is told though it could not be read at first", async () => {
    const { state, told, poll } = watched("running");
    await waitFor(() => expect(state.polls).toBe(1));
    state.away = true;
    state.outcome = "breached";
    await poll();
    await waitFor(() => expect(state.refused).toBeGreaterThan(1));
    expect(told).toEqual([]);
    state.away = false;
    await waitFor(() => expect(told).toEqual([BREACH.violation_id]));
  });

  it("is no news when the page opens on it", async () => {
    const { state, told, poll } = watched("breached");
    await waitFor(() => expect(state.polls).toBe(1));
    await poll();
    expect(told).toEqual([]);
  });
});
