import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { keys } from "./keys";

const REST_MS = 1_500; // a busy account may commit four times a second; its lists need not follow each

/** Asks anew for parts of an account (their last word of the path) when its summary shows a newer commit. */
export function useFollowing(id: string, rev: number | undefined, ...parts: readonly string[]): void {
  const client = useQueryClient();
  const seen = useRef(rev);
  const list = parts.join();
  useEffect(() => {
    if (rev === undefined || rev === seen.current) return;
    if (seen.current === undefined) {
      seen.current = rev; // the first summary came with the first parts
      return;
    }
    const timer = setTimeout(() => {
      seen.current = rev;
      for (const part of list.split(",")) void client.invalidateQueries({ queryKey: keys.part(id, part) });
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [client, id, rev, list]);
}
