import type { ReactNode } from "react";

import { cx } from "./classes";
import { Icon } from "./Icon";

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand at the end of their column. */
  readonly numeric?: boolean;
  /** Only where there is room for it: its figures must be in the row's detail too. */
  readonly wide?: boolean;
  /** How the rows are sorted by this column now; absent = it cannot be sorted. */
  readonly sort?: { readonly direction: "ascending" | "descending" | null; readonly onSort: () => void };
}

interface TableProps<Row> {
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** A row as a card, shown instead of the table on narrow screens. */
  card?: (row: Row) => ReactNode;
  /** A further line under a row, such as its deals. */
  detail?: (row: Row) => ReactNode | null;
  busy?: boolean;
}

/** A plain table; below 640 px the same rows as a list of cards. */
export function Table<Row>({ caption, columns, rows, keyOf, card, detail, busy = false }: TableProps<Row>) {
  return (
    <div aria-busy={busy} className={cx("transition-opacity", busy && "opacity-60")}>
      {card !== undefined && (
        <ul aria-label={caption} className="divide-y divide-line sm:hidden">
          {rows.map((row) => (
            <li key={keyOf(row)}>{card(row)}</li>
          ))}
        </ul>
      )}
      <div className={cx("overflow-x-auto", card !== undefined && "hidden sm:block")} tabIndex={0} role="region" aria-label={caption}>
        <table className="text-sm">
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr className="border-b border-line">
              {columns.map((column) => (
                <HeadCell key={column.key} column={column} />
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row) => (
              <Rows key={keyOf(row)} row={row} columns={columns} detail={detail?.(row) ?? null} />
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function HeadCell<Row>({ column: { title, numeric, wide, sort } }: { column: Column<Row> }) {
  const text = cx("whitespace-nowrap px-3 py-2.5 text-xs font-medium text-muted", numeric && "text-end", wide && "hidden lg:table-cell");
  if (sort === undefined) return <th scope="col" className={text}>{title}</th>;
  return (
    <th scope="col" aria-sort={sort.direction ?? "none"} className={text}>
      <button type="button" onClick={sort.onSort} className="inline-flex min-h-6 items-center gap-1 hover:text-ink">
        {title}
        <Icon name="down" size={13} className={cx(sort.direction === null && "opacity-40", sort.direction === "ascending" && "rotate-180")} />
      </button>
    </th>
  );
}

function Rows<Row>({ row, columns, detail }: { row: Row; columns: readonly Column<Row>[]; detail: ReactNode }) {
  return (
    <>
      <tr className="hover:bg-sunken/50">
        {columns.map((column) => (
          <td key={column.key} className={cx("whitespace-nowrap px-3 py-2.5", column.numeric && "figure text-end", column.wide && "hidden lg:table-cell")}>
            {column.cell(row)}
          </td>
        ))}
      </tr>
      {detail !== null && (
        <tr>
          <td colSpan={columns.length} className="bg-sunken/40 px-3 py-3">{detail}</td>
        </tr>
      )}
    </>
  );
}
