import { localeOf, numberFormat, type Reader } from "./locale";

type Digits = Pick<Reader, "language" | "digits">;

/** A figure that nobody knows. */
export const UNKNOWN = "–";

/** A JSON number, or a decimal string that must stay exact. */
export type Exact = number | string;

const isExact = (value: Exact): value is number | Intl.StringNumericLiteral =>
  typeof value === "number" || /^-?\d+(\.\d+)?$/.test(value);

export interface MoneyShape {
  /** ISO code, or a broker's own such as USC; null = unknown, no unit is shown. */
  readonly currency: string | null;
  /** Decimals of the account's currency; null = 2. */
  readonly digits: number | null;
  /** Shows + before a gain, for results and changes. */
  readonly signed?: boolean;
}

const KNOWN = /^[A-Z]{3}$/;

/** An amount with all its decimals and no arithmetic: what the server sent is what is shown. */
export function moneyText(value: Exact | null | undefined, shape: MoneyShape, reader: Digits): string {
  if (value === null || value === undefined || !isExact(value)) return UNKNOWN;
  const decimals = shape.digits ?? 2;
  const options: Intl.NumberFormatOptions = {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: shape.signed === true ? "exceptZero" : "negative",
  };
  const iso = shape.currency !== null && KNOWN.test(shape.currency);
  const style = iso
    ? { ...options, style: "currency" as const, currency: shape.currency, currencyDisplay: "narrowSymbol" as const }
    : options;
  const text = numberFormat(localeOf(reader), style).format(value);
  return shape.currency === null || iso ? text : `${text} ${shape.currency}`;
}

/** A percentage as the server counts it, 0 to 100. */
export function percentText(
  value: Exact | null | undefined,
  reader: Digits,
  { signed = false, decimals = 2 }: { signed?: boolean; decimals?: number } = {},
): string {
  if (value === null || value === undefined || !isExact(value)) return UNKNOWN;
  return numberFormat(localeOf(reader), {
    style: "unit",
    unit: "percent",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    roundingMode: "trunc", // 99.999 % never shows as 100 %
    signDisplay: signed ? "exceptZero" : "negative",
  }).format(value);
}

/** A plain number, such as a count. */
export function numberText(value: Exact | null | undefined, reader: Digits, decimals?: number): string {
  if (value === null || value === undefined || !isExact(value)) return UNKNOWN;
  const options = decimals === undefined ? {} : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numberFormat(localeOf(reader), { ...options, signDisplay: "negative" }).format(value);
}

/** A ratio such as the profit factor: "∞" where nothing was lost (`infinite`), "–" where unknown. */
export function ratioText(value: Exact | null | undefined, reader: Digits, infinite = false, decimals = 2): string {
  return infinite || value === Number.POSITIVE_INFINITY ? "∞" : numberText(value, reader, decimals);
}

const MOST_DECIMALS = 8;

/** How many decimals a figure of the API has, up to what a broker quotes; a mean price may have many more. */
export function decimalsOf(value: Exact | null): number {
  if (value === null) return 0;
  const decimals = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  return decimals > MOST_DECIMALS ? 0 : decimals;
}

/**
 * A price or a volume: its own digits, filled up to `decimals`, the most that its symbol shows.
 * A mean with endless digits is rounded to one more than that; show the whole in a title.
 */
export function priceText(value: Exact | null | undefined, reader: Digits, decimals: number): string {
  if (value === null || value === undefined || !isExact(value)) return UNKNOWN;
  const own = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  const most = own > MOST_DECIMALS ? Math.min(20, Math.max(decimals, 2) + 1) : Math.max(own, decimals);
  return numberFormat(localeOf(reader), { minimumFractionDigits: decimals, maximumFractionDigits: most }).format(value);
}
