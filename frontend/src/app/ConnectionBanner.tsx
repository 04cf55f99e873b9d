import { useSyncExternalStore } from "react";

import { NetworkFault, useAccounts, useLiveState } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { Banner } from "@/shared/ui";

import { appWords } from "./words";

function watch(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Offline, server gone, or live updates interrupted: the worst of them, in one strip. */
export function ConnectionBanner() {
  const t = useWords(appWords);
  const online = useSyncExternalStore(watch, () => navigator.onLine);
  const live = useLiveState();
  const accounts = useAccounts();
  const unreachable = accounts.failureReason instanceof NetworkFault && accounts.data !== undefined;
  if (!online) return <Banner tone="warn" icon="offline">{t("offline")}</Banner>;
  if (unreachable) return <Banner tone="warn" icon="offline">{t("unreachable")}</Banner>;
  if (live === "waiting") return <Banner tone="neutral" icon="plug">{t("reconnecting")}</Banner>;
  return null;
}
