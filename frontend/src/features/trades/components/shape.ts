import { decimalsOf, type MoneyShape } from "@/shared/format/number";

import type { Trade } from "../api/useTrades";

/** How the figures of a page of trades are shown. */
export interface TradesShape {
  readonly accountId: string;
  readonly instance: string | null;
  readonly money: MoneyShape;
  /** The decimals of a symbol's prices: the most that any price on the page has. */
  readonly decimals: (symbol: string) => number;
}

/** The most decimals per symbol: JSON has lost the zeros at the end of a price. */
export function priceDecimals(trades: readonly Trade[]): (symbol: string) => number {
  const most = new Map<string, number>();
  for (const { symbol, open_price: open, close_price: close } of trades) {
    most.set(symbol, Math.max(most.get(symbol) ?? 0, decimalsOf(open), decimalsOf(close)));
  }
  return (symbol) => most.get(symbol) ?? 0;
}
