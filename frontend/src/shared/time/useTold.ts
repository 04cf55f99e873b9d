import { useSyncExternalStore } from "react";

import { seconds } from "./clock";

/** What is told of the present second (server time in milliseconds): drawn anew only when the words change. */
export function useTold<Words extends string | boolean | null>(tell: (now: number) => Words): Words {
  return useSyncExternalStore(seconds.subscribe, () => tell(seconds.read()));
}
