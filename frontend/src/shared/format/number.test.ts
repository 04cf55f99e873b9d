import { describe, expect, it } from "vitest";

import { type Exact, moneyText, type MoneyShape, percentText, ratioText } from "./number";

const en = { language: "en", digits: "latin" } as const;
const fa = { language: "fa", digits: "persian" } as const;
/** Without the invisible direction marks, which <bdi> makes harmless. */
const seen = (text: string): string => text.replace(/[\u200e\u200f\u061c]/g, "").replace(/\u00a0/g, " ");

const usd: MoneyShape = { currency: "USD", digits: 2 };
const jpy: MoneyShape = { currency: "JPY", digits: 0 };
const kwd: MoneyShape = { currency: "KWD", digits: 3 };
const cents: MoneyShape = { currency: "USDC", digits: 2 };

describe("moneyText shows the account's own decimals and every digit that was sent", () => {
  const table: readonly [Exact | null, MoneyShape, string, string][] = [
    [100000.1, usd, "$100,000.10", "$۱۰۰٬۰۰۰٫۱۰"],
    [-1234.5, usd, "-$1,234.50", "−$۱٬۲۳۴٫۵۰"],
    [0, usd, "$0.00", "$۰٫۰۰"],
    [-0, usd, "$0.00", "$۰٫۰۰"],
    [1234567, jpy, "¥1,234,567", "¥۱٬۲۳۴٬۵۶۷"],
    [12.345, kwd, "KWD 12.345", "KWD ۱۲٫۳۴۵"],
    [7, cents, "7.00 USDC", "۷٫۰۰ USDC"],
    [5, { currency: null, digits: null }, "5.00", "۵٫۰۰"],
    ["90071992547409.93", usd, "$90,071,992,547,409.93", "$۹۰٬۰۷۱٬۹۹۲٬۵۴۷٬۴۰۹٫۹۳"],
    ["not a number", usd, "–", "–"],
    [null, usd, "–", "–"],
  ];
  it.each(table)("%s %o", (value, shape, english, persian) => {
    expect(seen(moneyText(value, shape, en))).toBe(english);
    expect(seen(moneyText(value, shape, fa))).toBe(persian);
  });

  it("shows a plus before a gain where a sign is asked for", () => {
    expect(seen(moneyText(12, { ...usd, signed: true }, en))).toBe("+$12.00");
    expect(seen(moneyText(0, { ...usd, signed: true }, en))).toBe("$0.00");
  });
});

describe("percentText takes the server's 0 to 100", () => {
  it.each<[Exact | null, string, string]>([
    [12.34, "12.34%", "۱۲٫۳۴٪"],
    [99.999, "99.99%", "۹۹٫۹۹٪"],
    [-3, "-3.00%", "−۳٫۰۰٪"],
    [null, "–", "–"],
  ])("%s", (value, english, persian) => {
    expect(seen(percentText(value, en))).toBe(english);
    expect(seen(percentText(value, fa))).toBe(persian);
  });
});

describe("ratioText", () => {
  it("says ∞ where nothing was lost and – where nothing is known", () => {
    expect(ratioText(null, en, true)).toBe("∞");
    expect(ratioText(null, fa)).toBe("–");
    expect(ratioText(1.5, fa)).toBe("۱٫۵۰");
  });
});
