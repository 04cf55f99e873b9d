import { useState } from "react";

import { durationText, instantText } from "@/shared/format/date";
import type { MoneyShape } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { type Column, Money, Pagination, Table } from "@/shared/ui";

import type { Gap, Picture, Point } from "../curve";
import { chartWords } from "../words";

type Row = Point | (Gap & { readonly at: number });

const LIMIT = 6;

/** The curve as rows, newest first; spans without a reading are rows too. */
export function CurveTable({ picture, money }: { picture: Picture; money: MoneyShape }) {
  const t = useWords(chartWords);
  const reader = usePreferences();
  const [page, setPage] = useState(1);
  // A gap is just older than the reading that ends it.
  const gaps = picture.gaps.filter((gap) => !gap.known).map((gap) => ({ ...gap, at: gap.to - 1 }));
  const rows: readonly Row[] = [...picture.runs.flat(), ...gaps].sort((a, b) => b.at - a.at);
  const pages = Math.max(1, Math.ceil(rows.length / LIMIT));
  const shown = Math.min(page, pages);
  const amount = (name: keyof Omit<Point, "at">, title: string): Column<Row> => ({
    key: name,
    title,
    numeric: true,
    cell: (row) => <Money value={"equity" in row ? row[name] : null} {...money} />,
  });
  const columns: readonly Column<Row>[] = [
    {
      key: "at",
      title: t("time"),
      cell: (row) => (
        <span className="figure">
          {instantText("from" in row ? row.from : row.at, reader, "date-time")}
          {!("equity" in row) && <span className="ms-2 text-muted">{t("gap_row", { length: durationText((row.to - row.from) / 1_000, reader) })}</span>}
        </span>
      ),
    },
    ...[amount("equity", t("equity")), amount("balance", t("balance"))],
    ...[amount("low", t("lowest")), amount("high", t("highest"))],
  ];
  return (
    <div className="flex h-full flex-col justify-between gap-2 overflow-y-auto">
      <Table caption={t("rows")} columns={columns} rows={rows.slice((shown - 1) * LIMIT, shown * LIMIT)} keyOf={(row) => `${row.at}-${"equity" in row ? "p" : "g"}`} />
      <div className="px-4 pb-1">
        <Pagination page={shown} limit={LIMIT} total={rows.length} onPage={setPage} />
      </div>
    </div>
  );
}
