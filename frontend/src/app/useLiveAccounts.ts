import { useEffect, useSyncExternalStore } from "react";

import { useAccounts, useServices } from "@/shared/api";

const subscribe = (listener: () => void): (() => void) => {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
};

/** Follows the reader's accounts over the tab's one socket while the page is seen. */
export function useLiveAccounts(open: boolean): void {
  const { live } = useServices();
  const visible = useSyncExternalStore(subscribe, () => !document.hidden);
  const ids = useAccounts().data?.accounts.map((account) => account.account_id).join(",") ?? "";
  useEffect(() => {
    if (!open || !visible || ids === "") live.stop();
    else live.follow(ids.split(","));
  }, [live, open, visible, ids]);
}
