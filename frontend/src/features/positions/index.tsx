import type { ReactNode } from "react";

import type { AccountView } from "@/shared/account";
import { type Schemas, useFollowing, useSummary } from "@/shared/api";
import { durationText, instantText } from "@/shared/format/date";
import { type MoneyShape, numberText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Change, type Column, DataAge, Empty, Loading, Ltr, Money, Pill, QueryView, Section, Skeleton, Table } from "@/shared/ui";

import { usePositions } from "./api/usePositions";
import { positionWords } from "./words";

type Position = Schemas["PositionItem"];

/** What is open now, or was when the life ended. */
export default function Positions({ accountId, instance }: AccountView) {
  const t = useWords(positionWords);
  const reader = usePreferences();
  const query = usePositions(accountId, instance);
  const summary = useSummary(accountId, instance).data;
  useFollowing(accountId, summary?.rev, "positions");
  const money = { currency: summary?.currency ?? null, digits: summary?.currency_digits ?? null };
  const data = query.data;
  const ended = data?.ended_at ?? null;
  return (
    <Section
      id="positions"
      title={t("title")}
      hint={ended === null ? t("hint") : t("ended", { at: instantText(ended, reader, "date-time") })}
      flush
      {...(data !== undefined && ended === null && {
        actions: <DataAge at={data.recorded_at} stale={data.stale} staleAfter={summary?.stale_after_seconds ?? null} />,
      })}
    >
      <QueryView query={query} skeleton={<Waiting />}>
        {({ positions }) => {
          if (positions === null) return <Empty icon="question" title={t("unread")}>{t("unread_text")}</Empty>;
          if (positions.length === 0) return <Empty icon="check" title={t("empty")}>{ended === null && t("empty_text")}</Empty>;
          return <Rows positions={positions} money={money} />;
        }}
      </QueryView>
    </Section>
  );
}

/** As many decimals as the row's own prices have: the terminal's digits of the symbol. */
function digitsOf(row: Position): number {
  const decimals = (price: number | null): number => String(price ?? "").split(".")[1]?.length ?? 0;
  return Math.max(...[row.open_price, row.current_price, row.stop_loss, row.take_profit].map(decimals));
}

function Rows({ positions, money }: { positions: readonly Position[]; money: MoneyShape }) {
  const t = useWords(positionWords);
  const reader = usePreferences();
  const price = (row: Position, value: number | null): ReactNode =>
    value === null ? <span className="text-faint">{t("no_stop")}</span> : <Ltr>{numberText(value, reader, digitsOf(row))}</Ltr>;
  const held = (row: Position): ReactNode => (
    <time dateTime={row.opened_at} title={instantText(row.opened_at, reader, "full")} className="figure">{durationText(row.seconds_open, reader)}</time>
  );
  const side = (row: Position): ReactNode => (
    <Pill tone="neutral" icon={row.type === "BUY" ? "up_right" : "down_right"}>{t.has(row.type) ? t(row.type) : row.type}</Pill>
  );
  const columns: readonly Column<Position>[] = [
    { key: "symbol", title: t("symbol"), cell: (row) => <Ltr className="font-medium text-ink" title={`${t("ticket")} ${row.ticket}`}>{row.symbol}</Ltr> },
    { key: "side", title: t("side"), cell: side },
    { key: "lots", title: t("lots"), numeric: true, cell: (row) => <Ltr>{numberText(row.lots, reader)}</Ltr> },
    { key: "open", title: t("open_price"), numeric: true, cell: (row) => price(row, row.open_price) },
    { key: "now", title: t("current_price"), numeric: true, cell: (row) => price(row, row.current_price) },
    { key: "stop", title: t("stop_loss"), numeric: true, cell: (row) => price(row, row.stop_loss) },
    { key: "take", title: t("take_profit"), numeric: true, cell: (row) => price(row, row.take_profit) },
    { key: "swap", title: t("swap"), numeric: true, cell: (row) => <Money value={row.swap} {...money} /> },
    { key: "held", title: t("opened"), numeric: true, cell: held },
    { key: "profit", title: t("profit"), numeric: true, cell: (row) => <Change value={row.profit} {...money} className="font-medium" /> },
  ];
  const card = (row: Position): ReactNode => (
    <div className="px-4 py-3 text-sm">
      <div className="flex items-center justify-between gap-3">
        <span className="flex min-w-0 items-center gap-2"><Ltr className="truncate font-medium text-ink">{row.symbol}</Ltr>{side(row)}</span>
        <Change value={row.profit} {...money} className="font-semibold" />
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-x-6 gap-y-1 text-xs">
        <Fact name={t("lots")}><Ltr>{numberText(row.lots, reader)}</Ltr></Fact>
        <Fact name={t("opened")}>{held(row)}</Fact>
        <Fact name={t("open_price")}>{price(row, row.open_price)}</Fact>
        <Fact name={t("current_price")}>{price(row, row.current_price)}</Fact>
        <Fact name={t("stop_loss")}>{price(row, row.stop_loss)}</Fact>
        <Fact name={t("take_profit")}>{price(row, row.take_profit)}</Fact>
        {row.swap !== 0 && <Fact name={t("swap")}><Money value={row.swap} {...money} /></Fact>}
      </dl>
    </div>
  );
  return <Table caption={t("list")} columns={columns} rows={positions} keyOf={(row) => row.ticket} card={card} />;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-baseline justify-between gap-2">
      <dt className="truncate text-muted">{name}</dt>
      <dd className="shrink-0 text-ink">{children}</dd>
    </div>
  );
}

function Waiting() {
  return (
    <Loading className="space-y-4 p-4 xs:p-5">
      {[0, 1, 2].map((row) => <Skeleton key={row} className="mb-4 h-6 w-full" />)}
    </Loading>
  );
}
