import { useEffect, useState, useSyncExternalStore } from "react";

import { NetworkFault, useAccounts, useLiveState } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { Banner } from "@/shared/ui";

import { appWords } from "./words";

const PATIENCE_MS = 4_000;

function watch(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

/** Whether live updates had begun and have been away for a while: a short hiccup is not told. */
function useInterrupted(): boolean {
  const live = useLiveState();
  const [begun, setBegun] = useState(false);
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (live === "open") {
      setBegun(true);
      setLate(false);
      return undefined;
    }
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [live]);
  return begun && late && live !== "off";
}

/** Offline, server gone, or live updates interrupted: the worst of them, in a strip that moves nothing. */
export function ConnectionBanner() {
  const t = useWords(appWords);
  const online = useSyncExternalStore(watch, () => navigator.onLine);
  const interrupted = useInterrupted();
  const accounts = useAccounts();
  const unreachable = accounts.failureReason instanceof NetworkFault && accounts.data !== undefined;
  const told = !online ? t("offline") : unreachable ? t("unreachable") : interrupted ? t("reconnecting") : null;
  if (told === null) return null;
  return (
    <div className="pointer-events-none fixed inset-x-0 bottom-0 z-40 flex justify-center p-3">
      <div className="pointer-events-auto w-full max-w-xl rounded-card shadow-pop">
        <Banner tone={online && !unreachable ? "accent" : "warn"} icon={online && !unreachable ? "plug" : "offline"}>
          {told}
        </Banner>
      </div>
    </div>
  );
}
