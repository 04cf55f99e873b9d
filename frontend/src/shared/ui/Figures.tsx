import { moneyText, type MoneyShape, percentText, type Exact } from "../format/number";
import { usePreferences } from "../i18n/preferences";
import { useWords } from "../i18n/useWords";
import { cx } from "./classes";
import { Icon } from "./Icon";
import { uiWords } from "./words";

/** Text that always runs left to right: amounts, prices, logins, ids. */
export function Ltr({ children, className, title }: { children: string; className?: string; title?: string }) {
  return (
    <bdi dir="ltr" className={cx("figure", className)} title={title}>
      {children}
    </bdi>
  );
}

interface MoneyProps extends MoneyShape {
  value: Exact | null | undefined;
  className?: string;
}

/** An amount with the account's decimals; "–" where unknown. */
export function Money({ value, className, ...shape }: MoneyProps) {
  const reader = usePreferences();
  return <Ltr className={cx("amount", className)}>{moneyText(value, shape, reader)}</Ltr>;
}

interface PercentProps {
  value: Exact | null | undefined;
  signed?: boolean;
  decimals?: number;
  className?: string;
}

export function Percent({ value, className, signed = false, decimals = 2 }: PercentProps) {
  const reader = usePreferences();
  return (
    <Ltr className={cx("amount", className)}>{percentText(value, reader, { signed, decimals })}</Ltr>
  );
}

const signOf = (value: Exact | null | undefined): -1 | 0 | 1 => {
  const text = String(value ?? "");
  if (!/[1-9]/.test(text)) return 0;
  return text.startsWith("-") ? -1 : 1;
};

/** A gain or loss: sign, arrow and colour together. */
export function Change({ value, className, ...shape }: MoneyProps) {
  const t = useWords(uiWords);
  const sign = signOf(value);
  return (
    <span className={cx("inline-flex items-baseline gap-0.5", sign > 0 && "text-ok", sign < 0 && "text-bad", className)}>
      {sign !== 0 && <Icon name={sign > 0 ? "up_right" : "down_right"} size={14} className="self-center" />}
      {sign !== 0 && <span className="sr-only">{sign > 0 ? t("gain") : t("loss")}</span>}
      <Money value={value} {...shape} signed />
    </span>
  );
}
