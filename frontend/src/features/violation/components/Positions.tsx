import { instantText } from "@/shared/format/date";
import { type MoneyShape, numberText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Change, Ltr, Section, Table } from "@/shared/ui";

import type { Evidence, Position } from "../evidence";
import { violationWords } from "../words";

/** The positions that were open, and the quotes that a rebuilt value rests on. */
export function Positions({ evidence, money }: { evidence: Evidence; money: MoneyShape }) {
  const t = useWords(violationWords);
  const reader = usePreferences();
  const price = (text: string) => <Ltr>{numberText(text, reader, text.split(".")[1]?.length ?? 0)}</Ltr>;
  const { positions, open, quotes } = evidence;
  return (
    <Section id="positions" title={t("positions")} flush>
      {positions.length === 0 && open.length === 0 && <p className="p-4 text-sm text-muted xs:p-5">{t("no_positions")}</p>}
      {positions.length === 0 && open.length > 0 && (
        <ul className="flex flex-col gap-1 p-4 text-sm text-ink xs:p-5">
          {open.map((one) => (
            <li key={one.id}>
              <Ltr>{`#${one.id}`}</Ltr> · {t.rich("open_volume", { volume: price(one.volume) })}
            </li>
          ))}
        </ul>
      )}
      {positions.length > 0 && (
        <Table<Position>
          caption={t("positions")}
          rows={positions}
          keyOf={(row) => row.id}
          columns={[
            { key: "symbol", title: t("symbol"), cell: (row) => <Ltr>{row.symbol}</Ltr> },
            { key: "side", title: t("side"), cell: (row) => <Ltr>{row.side.toUpperCase()}</Ltr> },
            { key: "volume", title: t("volume"), numeric: true, cell: (row) => price(row.volume) },
            { key: "open", title: t("open_price"), numeric: true, cell: (row) => price(row.openPrice) },
            { key: "price", title: t("price"), numeric: true, cell: (row) => price(row.price) },
            { key: "profit", title: t("profit"), numeric: true, cell: (row) => <Change value={row.profit} {...money} /> },
          ]}
        />
      )}
      {quotes.length > 0 && (
        <div className="border-t border-line p-4 text-sm xs:px-5">
          <h3 className="font-medium text-ink">{t("quotes")}</h3>
          <ul className="mt-1 flex flex-col gap-1 text-muted">
            {quotes.map((quote) => (
              <li key={quote.symbol}>
                <Ltr className="text-ink">{quote.symbol}</Ltr> · {t("bid_ask", { bid: quote.bid, ask: quote.ask })} ·{" "}
                {instantText(quote.at, reader, "full")}
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}
