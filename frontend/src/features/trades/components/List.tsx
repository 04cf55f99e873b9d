import { type ReactNode, useState } from "react";

import { useWords } from "@/shared/i18n";
import { Change, type Column, cx, Icon, Ltr, Money, Table } from "@/shared/ui";

import type { Trade } from "../api/useTrades";
import { type Sort, sortedBy, type View } from "../view";
import { tradesWords } from "../words";
import { Detail } from "./Detail";
import { Marks, Price, SideMark, When } from "./Parts";
import type { TradesShape } from "./shape";

interface ListProps {
  trades: readonly Trade[];
  view: View;
  shape: TradesShape;
  busy: boolean;
  onSort: (sort: Sort) => void;
}

/** The trades as a table, or as cards on a phone; each opens to its deals. */
export function List({ trades, view, shape, busy, onSort }: ListProps) {
  const t = useWords(tradesWords);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = (ticket: string): void => {
    const next = new Set(opened);
    if (!next.delete(ticket)) next.add(ticket);
    setOpened(next);
  };
  const opener = (trade: Trade) => <Opener trade={trade} open={opened.has(trade.ticket)} onToggle={() => toggle(trade.ticket)} />;
  const detail = (trade: Trade) => (opened.has(trade.ticket) ? <Detail trade={trade} shape={shape} /> : null);
  const sort = (column: "open_time" | "close_time" | "net"): NonNullable<Column<Trade>["sort"]> => ({
    direction: view.sort === column ? "ascending" : view.sort === `-${column}` ? "descending" : null,
    onSort: () => onSort(sortedBy(column, view.sort)),
  });
  const amount = (part: "profit" | "commission" | "swap" | "fee"): Column<Trade> => ({
    ...{ key: part, title: t(part), numeric: true, wide: true },
    cell: (trade) => <Money value={trade[part]} currency={null} digits={shape.money.digits} className={cx(trade[part] === 0 && "text-faint")} />,
  });
  const columns: Column<Trade>[] = [
    { key: "trade", title: t("trade"), cell: (trade) => <Name trade={trade} opener={opener(trade)} /> },
    { key: "open", title: t("opened"), sort: sort("open_time"), cell: (trade) => <At at={trade.open_time} price={trade.open_price} trade={trade} shape={shape} /> },
    { key: "close", title: t("closed"), sort: sort("close_time"), cell: (trade) => <At at={trade.close_time} price={trade.close_price} trade={trade} shape={shape} /> },
    { key: "lots", title: t("lots"), numeric: true, cell: (trade) => <Price value={trade.lots} decimals={2} /> },
    ...(["profit", "commission", "swap", "fee"] as const).map(amount),
    { key: "net", title: t("net"), numeric: true, sort: sort("net"), cell: (trade) => <Change value={trade.net} {...shape.money} className="font-medium" /> },
  ];
  const card = (trade: Trade) => <Tile trade={trade} shape={shape} opener={opener(trade)} detail={detail(trade)} />;
  return <Table caption={t("title")} columns={columns} rows={trades} keyOf={({ ticket }) => ticket} card={card} detail={detail} busy={busy} />;
}

function Opener({ trade, open, onToggle }: { trade: Trade; open: boolean; onToggle: () => void }) {
  const t = useWords(tradesWords);
  return (
    <button
      type="button"
      aria-expanded={open}
      aria-label={t("show_deals", { ticket: trade.ticket, symbol: trade.symbol })}
      onClick={onToggle}
      className="grid h-8 w-8 shrink-0 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
    >
      <Icon name="down" size={16} className={cx("transition-transform", !open && "-rotate-90 rtl:rotate-90")} />
    </button>
  );
}

function Name({ trade, opener }: { trade: Trade; opener: ReactNode }) {
  return (
    <span className="flex items-center gap-2">
      {opener}
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2">
          <Ltr className="max-w-40 truncate font-medium text-ink">{trade.symbol}</Ltr>
          <SideMark side={trade.type} />
        </span>
        <span className="flex items-center gap-2 text-xs text-faint">
          <Ltr>{`#${trade.ticket}`}</Ltr>
          <Marks trade={trade} />
        </span>
      </span>
    </span>
  );
}

function At({ at, price, trade, shape }: { at: string | null; price: number | null; trade: Trade; shape: TradesShape }) {
  return (
    <span className="block">
      <When at={at} className="block" />
      <Price value={price} decimals={shape.decimals(trade.symbol)} className="text-xs text-muted" />
    </span>
  );
}

interface TileProps {
  trade: Trade;
  shape: TradesShape;
  opener: ReactNode;
  detail: ReactNode;
}

function Tile({ trade, shape, opener, detail }: TileProps) {
  const t = useWords(tradesWords);
  return (
    <div className="px-4 py-3">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <Ltr className="max-w-44 truncate font-medium text-ink">{trade.symbol}</Ltr>
            <SideMark side={trade.type} />
            <span className="text-xs text-muted">
              {t.rich("some_lots", { lots: <Price value={trade.lots} decimals={2} /> })}
            </span>
          </p>
          <p className="mt-1 flex flex-wrap items-center gap-2 text-xs text-faint empty:hidden">
            <Marks trade={trade} />
          </p>
        </div>
        <Change value={trade.net} {...shape.money} className="shrink-0 font-medium" />
      </div>
      <div className="mt-1 flex items-end justify-between gap-2">
        <dl className="grid min-w-0 grid-cols-[auto_1fr] gap-x-3 text-xs text-muted">
          {(["open", "close"] as const).map((end) => (
            <div key={end} className="contents">
              <dt>{t(end === "open" ? "opened" : "closed")}</dt>
              <dd className="flex flex-wrap gap-x-2">
                <When at={trade[`${end}_time`]} />
                <Price value={trade[`${end}_price`]} decimals={shape.decimals(trade.symbol)} />
              </dd>
            </div>
          ))}
        </dl>
        {opener}
      </div>
      {detail !== null && <div className="mt-3">{detail}</div>}
    </div>
  );
}
