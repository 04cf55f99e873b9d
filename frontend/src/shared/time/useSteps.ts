import { startTransition, useEffect, useState } from "react";

const soon = (call: () => void): (() => void) => {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(call, 50); // Safari
    return () => clearTimeout(timer);
  }
  const asked = requestIdleCallback(call, { timeout: 500 });
  return () => cancelIdleCallback(asked);
};

/** Counts from `first` to `all`, one step whenever the page rests: what is not seen at once is drawn bit by bit. */
export function useSteps(first: number, all: number): number {
  const [done, setDone] = useState(first);
  useEffect(() => (done < all ? soon(() => startTransition(() => setDone(done + 1))) : undefined), [done, all]);
  return done;
}
