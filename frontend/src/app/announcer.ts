import type { Schemas } from "@/shared/api";

type Violation = Schemas["ViolationItem"];

/** Keeps the newest breach that has to be said aloud; each violation is told once. */
export interface Announcer {
  readonly tell: (violation: Violation) => void;
  readonly dismiss: () => void;
  readonly read: () => Violation | null;
  readonly subscribe: (listener: () => void) => () => void;
}

export function makeAnnouncer(): Announcer {
  const listeners = new Set<() => void>();
  const told = new Set<string>();
  let current: Violation | null = null;
  const set = (next: Violation | null): void => {
    current = next;
    for (const listener of listeners) listener();
  };
  return {
    tell: (violation) => {
      if (told.has(violation.violation_id)) return;
      told.add(violation.violation_id);
      set(violation);
    },
    dismiss: () => set(null),
    read: () => current,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
