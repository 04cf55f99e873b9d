import { useEffect, useRef, useState } from "react";

import type { AccountItem } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { Button } from "@/shared/ui";

import { useSparklines } from "../api/useSparklines";
import { overviewWords } from "../words";
import { AccountCard } from "./AccountCard";

const BATCH = 24; // one request for sparklines (the server draws at most 50), and few enough to draw in a moment

/** Cards in batches: the next one comes when the reader nears the end, so that 500 accounts stay smooth. */
export function CardGrid({ accounts }: { accounts: readonly AccountItem[] }) {
  const t = useWords(overviewWords);
  const [batches, setBatches] = useState(1);
  const shown = Math.min(batches * BATCH, accounts.length);
  const more = (): void => setBatches((count) => count + 1);
  return (
    <>
      <div className="flex flex-col gap-4">
        {Array.from({ length: Math.ceil(shown / BATCH) }, (_, batch) => (
          <Batch key={batch} accounts={accounts.slice(batch * BATCH, (batch + 1) * BATCH)} />
        ))}
      </div>
      {shown < accounts.length && (
        <div className="flex flex-col items-center gap-2 py-4">
          <p className="text-sm text-muted">{t("shown", { shown, total: accounts.length })}</p>
          <Sentinel key={batches} onSeen={more} />
          <Button onClick={more}>{t("more")}</Button>
        </div>
      )}
    </>
  );
}

function Batch({ accounts }: { accounts: readonly AccountItem[] }) {
  const sparklines = useSparklines(accounts.map((item) => item.account_id));
  const none = sparklines.isError ? [] : undefined;
  return (
    <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2 lg:grid-cols-3">
      {accounts.map((item) => (
        <AccountCard key={item.account_id} item={item} points={sparklines.data === undefined ? none : (sparklines.data.get(item.account_id) ?? EMPTY)} />
      ))}
    </ul>
  );
}

const EMPTY: readonly never[] = [];

function Sentinel({ onSeen }: { onSeen: () => void }) {
  const ref = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) onSeen();
      },
      { rootMargin: "600px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  });
  return <span ref={ref} aria-hidden="true" className="block h-px w-px" />;
}
