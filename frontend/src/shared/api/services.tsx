import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";

import type { Env } from "@/config/env";

import type { LiveChannel, LiveState } from "../live/channel";
import type { Session, SessionState } from "../session/session";
import type { Client } from "./client";

/** What the page was started with; made once in app/main.tsx, or by a test. */
export interface Services {
  readonly env: Env;
  readonly client: Client;
  readonly session: Session;
  readonly live: LiveChannel;
}

const Context = createContext<Services | null>(null);

export function ServicesProvider({ services, children }: { services: Services; children: ReactNode }) {
  return <Context.Provider value={services}>{children}</Context.Provider>;
}

export function useServices(): Services {
  const services = useContext(Context);
  if (services === null) throw new Error("ServicesProvider is missing above this component");
  return services;
}

export const useClient = (): Client => useServices().client;

export function useLiveState(): LiveState {
  const { live } = useServices();
  return useSyncExternalStore(live.subscribe, () => live.state);
}

export function useSessionState(): SessionState {
  const { session } = useServices();
  return useSyncExternalStore(session.subscribe, () => session.state);
}
