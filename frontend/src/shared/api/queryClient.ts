import { QueryClient } from "@tanstack/react-query";

import { SessionEnded } from "../session/source";
import { ApiProblem } from "./problem";

const MOST_TRIES = 3;

/** Whether asking again may help: the network or a busy server, never a refusal. */
export function mayRetry(count: number, fault: Error): boolean {
  if (fault instanceof SessionEnded) return false;
  if (fault instanceof ApiProblem && fault.status < 500 && fault.status !== 429 && fault.status !== 408) return false;
  return count < MOST_TRIES - 1;
}

/** Full jitter up to 1, 2, 4 … s, or what the server asked for. */
export function retryDelay(count: number, fault: Error, random: () => number = Math.random): number {
  if (fault instanceof ApiProblem && fault.retryAfter !== null) return fault.retryAfter * 1_000;
  return Math.min(30_000, 1_000 * 2 ** count) * random();
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        gcTime: 10 * 60_000,
        retry: mayRetry,
        retryDelay: (count, fault) => retryDelay(count, fault),
        networkMode: "always", // navigator.onLine lies on some phones; a failed request says enough
      },
      mutations: { networkMode: "always" },
    },
  });
}
