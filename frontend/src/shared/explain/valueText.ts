import type { Schemas } from "../api";
import { durationText, instantText } from "../format/date";
import { localeOf, numberFormat, type Reader } from "../format/locale";
import { type MoneyShape, moneyText, numberText, percentText, UNKNOWN } from "../format/number";

type Unit = Schemas["FigureUnit"];
type Value = string | number | boolean | null;

/** An explained value in its unit; words for yes and no come from the caller. */
export function valueText(value: Value, unit: Unit, money: MoneyShape, reader: Reader, yesNo: (yes: boolean) => string): string {
  if (value === null) return UNKNOWN;
  if (typeof value === "boolean") return yesNo(value);
  switch (unit) {
    case "money":
      return moneyText(value, money, reader);
    case "percent":
      return percentText(value, reader);
    case "share":
      return typeof value === "number"
        ? numberFormat(localeOf(reader), { style: "percent", maximumFractionDigits: 2 }).format(value)
        : value;
    case "seconds":
      return typeof value === "number" ? durationText(value, reader, true) : value;
    case "instant":
      return typeof value === "string" ? instantText(value, reader, "full") : numberText(value, reader);
    default:
      return typeof value === "number" ? numberText(value, reader) : value;
  }
}
