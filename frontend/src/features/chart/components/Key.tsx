import type { ReactNode } from "react";

import { useWords } from "@/shared/i18n";

import type { Picture } from "../curve";
import { chartWords } from "../words";

type Item = "key_gap" | "key_known" | "key_past" | "key_anchor" | "key_anchor_unsure" | "key_deposit" | "key_withdrawal" | "key_warning" | "key_breach";

const DRAWN: Readonly<Record<Item, ReactNode>> = {
  key_gap: <rect x="0" y="1" width="18" height="10" rx="2" className="fill-sunken stroke-faint" strokeDasharray="2 2" />,
  key_known: [3, 9, 15].map((x) => <circle key={x} cx={x} cy="6" r="1.4" className="fill-accent" />),
  key_past: <path d="M0 6h18" className="stroke-muted" strokeWidth="1.6" strokeDasharray="2 4" />,
  key_anchor: <circle cx="9" cy="6" r="3.4" className="fill-muted" />,
  key_anchor_unsure: <circle cx="9" cy="6" r="3" className="fill-surface stroke-muted" strokeWidth="1.4" />,
  key_deposit: <path d="M9 1l5.500 10h-11Z" className="fill-ok" />,
  key_withdrawal: <path d="M9 11 3.500 1h11Z" className="fill-ink" />,
  key_warning: <path d="M9 1.500l5 9H4Z" className="fill-surface stroke-warn" strokeWidth="1.600" />,
  key_breach: <path d="m5 2 8 8m0-8-8 8" className="stroke-bad" strokeWidth="2" />,
};

/** What the signs of this picture mean; only those that are in it. */
export function Key({ picture }: { picture: Picture }) {
  const t = useWords(chartWords);
  const has = (kind: string): boolean => picture.marks.some((mark) => mark.kind === kind);
  const shown: Readonly<Record<Item, boolean>> = {
    key_gap: picture.gaps.some((gap) => !gap.known),
    key_known: picture.gaps.some((gap) => gap.known),
    key_past: picture.past.length > 1,
    key_anchor: picture.anchors.some((anchor) => anchor.sure),
    key_anchor_unsure: picture.anchors.some((anchor) => !anchor.sure),
    key_deposit: has("deposit"),
    key_withdrawal: has("withdrawal"),
    key_warning: has("warning"),
    key_breach: has("breach"),
  };
  const items = (Object.keys(DRAWN) as Item[]).filter((item) => shown[item]);
  return (
    <ul className="flex min-h-6 flex-wrap gap-x-4 gap-y-1 text-xs text-muted">
      {items.map((item) => (
        <li key={item} className="inline-flex items-center gap-1.5">
          <svg aria-hidden="true" width="18" height="12" fill="none">{DRAWN[item]}</svg>
          {t(item)}
        </li>
      ))}
    </ul>
  );
}
