import { useEffect, useSyncExternalStore } from "react";

import { useOfAccounts, useServices } from "@/shared/api";
import { useSettled } from "@/shared/time/useSettled";

const FIRST_MS = 1_000; // every account sends its summary when it is first followed: the page is drawn before that

const subscribe = (listener: () => void): (() => void) => {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
};

/** Follows the reader's accounts over the tab's one socket while the page is seen. */
export function useLiveAccounts(open: boolean): void {
  const { live } = useServices();
  const visible = useSyncExternalStore(subscribe, () => !document.hidden);
  const all = useOfAccounts((list) => list.accounts.map((account) => account.account_id).join(",")) ?? "";
  const ids = useSettled(all, FIRST_MS);
  useEffect(() => {
    if (!open || !visible || ids === "") live.stop();
    else live.follow(ids.split(","));
  }, [live, open, visible, ids]);
}
