import { useSyncExternalStore } from "react";

const WIDE = "(min-width: 640px)"; // Tailwind's sm

export const isWide = (): boolean => window.matchMedia(WIDE).matches;

function watch(listener: () => void): () => void {
  const query = window.matchMedia(WIDE);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** Whether there is room for a table, where drawing both it and its cards would cost too much. */
export const useWide = (): boolean => useSyncExternalStore(watch, isWide);
