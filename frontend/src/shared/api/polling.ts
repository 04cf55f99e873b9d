import { useLiveState } from "./services";

const WITH_SOCKET_MS = 60_000;
const WITHOUT_SOCKET_MS = 15_000;

/** How often to ask: polling is the correctness path, the socket only makes it rarer. It rests in a hidden tab. */
export function usePollInterval(): number {
  return useLiveState() === "open" ? WITH_SOCKET_MS : WITHOUT_SOCKET_MS;
}
