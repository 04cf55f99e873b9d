import type { QueryClient } from "@tanstack/react-query";

import type { Env } from "@/config/env";
import { keys, type Schemas, type Services } from "@/shared/api";
import { makeClient } from "@/shared/api/client";
import { applySummaries } from "@/shared/live/apply";
import { LiveChannel, type Socket } from "@/shared/live/channel";
import { browserWorld, Session } from "@/shared/session/session";
import { sourceFor, takeCode } from "@/shared/session/source";

/** Hears of every breach, at least once each. */
export type BreachListener = (violation: Schemas["ViolationItem"]) => void;

const liveAddress = (apiUrl: string): string =>
  `${(apiUrl === "" ? window.location.origin : apiUrl).replace(/^http/, "ws")}/api/live`;

/** Puts the page's parts together: the only place where they meet. */
export function startServices(env: Env, queries: QueryClient, onBreach: BreachListener): Services {
  const fetcher: typeof fetch = (input, init) => fetch(input, init);
  const session = new Session(sourceFor(env, takeCode(window.location, window.history), fetcher), browserWorld);
  const live = new LiveChannel(
    {
      open: () => new WebSocket(liveAddress(env.apiUrl)) as Socket,
      random: browserWorld.random,
      after: browserWorld.after,
      token: () => session.token(),
      freshToken: (used) => session.tokenAfter(used),
    },
    {
      summaries: (messages) => applySummaries(queries, messages.map((message) => message.data)),
      violation: (violation) => {
        void queries.invalidateQueries({ queryKey: keys.account(violation.account_id) });
        if (violation.severity === "breach") onBreach(violation);
      },
      state: (account) => void queries.invalidateQueries({ queryKey: keys.part(account, "rules") }),
      resync: () => void queries.invalidateQueries(),
    },
  );
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) session.wake();
  });
  return { env, client: makeClient(env.apiUrl, session, fetcher), session, live };
}
