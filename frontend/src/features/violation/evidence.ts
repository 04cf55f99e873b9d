/**
 * The parts of an evidence bundle that the page shows. The bundle is free-form JSON whose amounts
 * are integers in minor units; what is not of the expected form is left out, never guessed.
 */
export interface Evidence {
  readonly digits: number | null;
  readonly amounts: ReadonlyMap<AmountName, string>;
  readonly anchor: { readonly value: string | null; readonly source: string | null } | null;
  readonly observedAt: string | null;
  readonly positions: readonly Position[];
  /** Position ids and volumes open then, by the deals; also where no reading shows the positions. */
  readonly open: readonly { readonly id: string; readonly volume: string }[];
  readonly quotes: readonly Quote[];
  readonly deals: number | null;
  readonly plan: string | null;
}

export interface Position {
  readonly id: string;
  readonly symbol: string;
  readonly side: string;
  readonly volume: string;
  readonly openPrice: string;
  readonly price: string;
  readonly profit: string | null;
}

export interface Quote {
  readonly symbol: string;
  readonly at: string;
  readonly bid: number;
  readonly ask: number;
}

export const AMOUNTS = ["headroom", "allowance", "balance", "equity_without_credit", "credit"] as const;
export type AmountName = (typeof AMOUNTS)[number];

type Raw = Readonly<Record<string, unknown>>;
const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null && !Array.isArray(value);
const rawOf = (value: unknown): Raw => (isRaw(value) ? value : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

/** Minor units as an exact decimal text: 9520050 with 2 digits is "95200.50". */
export function minorText(minor: unknown, digits: number | null): string | null {
  if (typeof minor !== "number" || !Number.isSafeInteger(minor) || digits === null) return null;
  const shown = String(Math.abs(minor)).padStart(digits + 1, "0");
  const whole = shown.slice(0, shown.length - digits);
  const sign = minor < 0 ? "-" : "";
  return digits === 0 ? sign + whole : `${sign}${whole}.${shown.slice(-digits)}`;
}

export function readEvidence(bundle: unknown): Evidence {
  const raw = rawOf(bundle);
  const given = raw["currency_digits"];
  const digits = typeof given === "number" && Number.isInteger(given) ? given : null;
  const seen = rawOf(raw["observation"]);
  const amounts = new Map<AmountName, string>();
  for (const name of AMOUNTS) {
    const text = minorText(raw[name], digits);
    if (text !== null) amounts.set(name, text);
  }
  const anchor = raw["anchor"];
  const deals = raw["deals_since_reset"];
  return {
    digits,
    amounts,
    anchor: isRaw(anchor) ? { value: minorText(anchor["value"], digits), source: textOf(anchor["source"]) } : null,
    observedAt: textOf(seen["at"]),
    positions: listOf(seen["positions"]).filter(isRaw).map((one) => positionOf(one, digits)),
    open: Object.entries(rawOf(raw["open_volumes"])).flatMap(([id, volume]) => (typeof volume === "string" ? [{ id, volume }] : [])),
    quotes: listOf(rawOf(raw["path"])["quotes"]).filter(isRaw).flatMap(quoteOf),
    deals: Array.isArray(deals) ? deals.length + (typeof raw["deals_left_out"] === "number" ? raw["deals_left_out"] : 0) : null,
    plan: textOf(rawOf(raw["plan"])["name"]),
  };
}

function positionOf(raw: Raw, digits: number | null): Position {
  return {
    id: String(raw["position_id"]),
    symbol: textOf(raw["symbol"]) ?? "",
    side: textOf(raw["side"]) ?? "",
    volume: textOf(raw["volume"]) ?? "",
    openPrice: textOf(raw["open_price"]) ?? "",
    price: textOf(raw["current_price"]) ?? "",
    profit: minorText(raw["profit"], digits),
  };
}

function quoteOf({ symbol, at, bid, ask }: Raw): Quote[] {
  const whole = typeof symbol === "string" && typeof at === "string" && typeof bid === "number" && typeof ask === "number";
  return whole ? [{ symbol, at, bid, ask }] : [];
}
