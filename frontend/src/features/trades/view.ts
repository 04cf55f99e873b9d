import type { paths } from "@/shared/api/schema";
import { isDay, startOfDay } from "@/shared/time/days";

type Query = NonNullable<paths["/api/account/{account_id}/trades"]["get"]["parameters"]["query"]>;
export type Sort = NonNullable<Query["sort"]>;
export type Side = NonNullable<Query["side"]>;
export type State = NonNullable<Query["state"]>;

/** What the page shows, as its address says it. */
export interface View {
  readonly symbol: string | null;
  readonly side: Side | null;
  readonly state: State | null;
  /** Days of the reader's calendar, both included. */
  readonly from: string | null;
  readonly to: string | null;
  readonly sort: Sort;
  readonly page: number;
  readonly limit: number;
  readonly instance: string | null;
}

const SIDES: readonly Side[] = ["BUY", "SELL"];
const STATES: readonly State[] = ["open", "closed"];
export const SORTS: readonly Sort[] = ["-open_time", "open_time", "-close_time", "close_time", "-net", "net"];
export const LIMITS: readonly number[] = [25, 50, 100];
const LONGEST_SYMBOL = 32;
const MOST_PAGES = 1_000_000;
const INSTANCE = /^[0-9a-f-]{36}$/i;

export const START: View = {
  ...{ symbol: null, side: null, state: null, from: null, to: null },
  ...{ sort: "-open_time", page: 1, limit: 50, instance: null },
};

const among = <T>(text: string | null, allowed: readonly T[]): T | null => allowed.find((one) => String(one) === text) ?? null;

/** Reads the address; what it does not understand counts as not said. */
export function readView(search: string): View {
  const said = new URLSearchParams(search);
  const symbol = said.get("symbol");
  const day = (key: string): string | null => {
    const text = said.get(key);
    return text !== null && isDay(text) ? text : null;
  };
  const page = Number(said.get("page") ?? 1);
  const instance = said.get("instance");
  return {
    symbol: symbol !== null && symbol !== "" && symbol.length <= LONGEST_SYMBOL ? symbol : null,
    side: among(said.get("side"), SIDES),
    state: among(said.get("state"), STATES),
    from: day("from"),
    to: day("to"),
    sort: among(said.get("sort"), SORTS) ?? START.sort,
    page: Number.isInteger(page) && page >= 1 && page <= MOST_PAGES ? page : 1,
    limit: among(said.get("limit"), LIMITS) ?? START.limit,
    instance: instance !== null && INSTANCE.test(instance) ? instance : null,
  };
}

/** The address' query of a view; what is as at the start is left out. */
export function writeView(view: View): string {
  const said = new URLSearchParams();
  for (const [key, value] of Object.entries(view)) {
    if (value !== null && value !== START[key as keyof View]) said.set(key, String(value));
  }
  return said.toString();
}

/** Whether anything is filtered out. */
export const isFiltered = ({ symbol, side, state, from, to }: View): boolean =>
  [symbol, side, state, from, to].some((one) => one !== null);

/** A view without filters, order and size kept. */
export const unfiltered = (view: View): View => ({ ...START, sort: view.sort, limit: view.limit, instance: view.instance });

/** The order that a press on a column's head brings: newest or largest first, then the other way round. */
export const sortedBy = (column: "open_time" | "close_time" | "net", sort: Sort): Sort => (sort === `-${column}` ? column : `-${column}`);

/** A view's filters as the API takes them; days are the reader's. */
export function filtersOf({ symbol, side, state, from, to, sort, instance }: View, timeZone: string) {
  return {
    ...{ symbol, side, state, sort, instance },
    from: from === null ? null : startOfDay(from, timeZone),
    to: to === null ? null : startOfDay(to, timeZone, 1),
  };
}
