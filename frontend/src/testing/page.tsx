import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import { type ReactNode, Suspense } from "react";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";

import { type Env, readEnv } from "@/config/env";
import { type Services, ServicesProvider } from "@/shared/api";
import { makeClient } from "@/shared/api/client";
import { LiveChannel } from "@/shared/live/channel";
import { Session } from "@/shared/session/session";

const never = (): (() => void) => () => undefined;

/** Services with a token that lives, no socket, and the given surroundings. */
export function testServices(env: Partial<Env> = {}): Services {
  const source = { renewable: false, ask: () => Promise.resolve({ token: "test", expiresAt: Number.MAX_SAFE_INTEGER }) };
  const session = new Session(source, { now: () => 0, random: () => 0.5, after: never });
  const token = (): Promise<string> => session.token();
  const silent = { send: () => undefined, close: () => undefined, onopen: null, onmessage: null, onclose: null };
  const live = new LiveChannel(
    { open: () => silent, random: () => 0.5, after: never, token, freshToken: token },
    { summaries: never, violation: never, state: never, resync: never },
  );
  return { env: { ...readEnv({}), ...env }, client: makeClient("", session, (...ask) => fetch(...ask)), session, live };
}

interface PageOptions {
  path?: string;
  env?: Partial<Env>;
  services?: Services;
}

/** Renders a page or section as the app does: services, queries, router, Suspense. */
export function renderPage(page: ReactNode, { path = "/", env = {}, services = testServices(env) }: PageOptions = {}): RenderResult {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const { hook } = memoryLocation({ path });
  return render(
    <QueryClientProvider client={queries}>
      <ServicesProvider services={services}>
        <Router hook={hook}>
          <Suspense fallback={null}>{page}</Suspense>
        </Router>
      </ServicesProvider>
    </QueryClientProvider>,
  );
}
