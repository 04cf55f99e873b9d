import type { ReactNode } from "react";

import { instantText } from "@/shared/format/date";
import { usePreferences, useWords } from "@/shared/i18n";
import { Change, cx, Loading, Ltr, Money, QueryView, Skeleton } from "@/shared/ui";

import { type Deal, useDeals } from "../api/useDeals";
import type { Trade } from "../api/useTrades";
import { tradesWords } from "../words";
import { Price, When } from "./Parts";
import type { TradesShape } from "./shape";

/** What a trade's result is made of, and its deals: the opening, each partial close, the end. */
export function Detail({ trade, shape }: { trade: Trade; shape: TradesShape }) {
  const t = useWords(tradesWords);
  const deals = useDeals(shape.accountId, trade.ticket, shape.instance, trade.deals);
  return (
    <div className="flex flex-col gap-4 whitespace-normal">
      <dl className="flex flex-wrap gap-x-8 gap-y-2 text-sm">
        {(["profit", "commission", "swap", "fee", "net"] as const).map((part) => (
          <Pair key={part} name={t(part)}>
            {part === "net" ? <Change value={trade.net} {...shape.money} className="font-medium" /> : <Money value={trade[part]} {...shape.money} signed />}
          </Pair>
        ))}
        {trade.close_time === null && (
          <Pair name={t("open_lots")}>
            <Price value={trade.open_lots} decimals={2} />
          </Pair>
        )}
      </dl>
      <QueryView query={deals} skeleton={<Waiting count={trade.deals} />}>
        {(found) => (
          <>
            <h3 className="text-xs font-medium text-muted">{t("deals", { count: found.total })}</h3>
            <ol className="divide-y divide-line rounded-lg border border-line bg-surface">
              {found.deals.map((deal) => (
                <DealLine key={deal.ticket} deal={deal} shape={shape} />
              ))}
            </ol>
            {found.total > found.deals.length && <p className="text-xs text-muted">{t("deals_cut", { count: found.deals.length })}</p>}
          </>
        )}
      </QueryView>
    </div>
  );
}

function Pair({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function DealLine({ deal, shape }: { deal: Deal; shape: TradesShape }) {
  const t = useWords(tradesWords);
  const reader = usePreferences();
  return (
    <li className="flex flex-wrap items-baseline gap-x-6 gap-y-1 px-3 py-2.5 text-sm">
      <span className="min-w-40 flex-1">
        <span className="font-medium text-ink">{t(`entry_${deal.entry}`)}</span>
        <span className="text-muted"> · {t(`reason_${deal.reason}`)}</span>
        <span className="block text-xs text-faint">
          <Ltr>{`#${deal.ticket}`}</Ltr>
          {deal.comment !== "" && (
            <>
              {" · "}
              <bdi className="break-all">{deal.comment}</bdi>
            </>
          )}
        </span>
      </span>
      <When at={deal.time} className="text-muted" />
      <span className="text-muted" title={instantText(deal.time, reader, "full")}>
        {t.rich("lots_at_price", {
          lots: <Price value={deal.lots} decimals={2} className="text-ink" />,
          price: <Price value={deal.price} decimals={shape.decimals(deal.symbol)} className="text-ink" />,
        })}
      </span>
      <span className={cx("ms-auto min-w-24 text-end", deal.net === 0 && "text-faint")}>
        <Change value={deal.net} {...shape.money} />
      </span>
    </li>
  );
}

function Waiting({ count }: { count: number }) {
  return (
    <Loading>
      <Skeleton className="mb-4 h-4 w-20" />
      {Array.from({ length: Math.min(count, 10) }, (_, place) => (
        <Skeleton key={place} className="mb-px h-[3.75rem] w-full" />
      ))}
    </Loading>
  );
}
