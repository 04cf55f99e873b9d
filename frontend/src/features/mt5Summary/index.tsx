import type { AccountView } from "@/shared/account";
import { type Schemas, useStatistics } from "@/shared/api";
import { moneyText, numberText, percentText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Empty, Loading, Ltr, QueryView, Section, Skeleton } from "@/shared/ui";

import { mt5Words } from "./words";

type Report = Schemas["Mt5SummaryItem"];
type Figure = keyof Report & Parameters<ReturnType<typeof useWords<typeof mt5Words.en>>>[0];
/** How a figure is printed: money, a count, a ratio, and what the terminal puts in brackets behind it. */
type Line = readonly [Figure, "money" | "count" | "ratio" | "percent", (keyof Report)?, ("percent" | "money" | "count")?];

const GROUPS: readonly (readonly Line[])[] = [
  [
    ["total_net_profit", "money"],
    ["gross_profit", "money"],
    ["gross_loss", "money"],
    ["profit_factor", "ratio"],
    ["expected_payoff", "money"],
    ["recovery_factor", "ratio"],
    ["sharpe_ratio", "ratio"],
    ["balance_drawdown_absolute", "money"],
    ["balance_drawdown_maximal", "money", "balance_drawdown_maximal_pct", "percent"],
    ["balance_drawdown_relative_pct", "percent", "balance_drawdown_relative", "money"],
  ],
  [
    ["total_trades", "count"],
    ["short_trades", "count", "short_trades_won_pct", "percent"],
    ["long_trades", "count", "long_trades_won_pct", "percent"],
    ["profit_trades", "count", "profit_trades_pct", "percent"],
    ["loss_trades", "count", "loss_trades_pct", "percent"],
    ["largest_profit_trade", "money"],
    ["largest_loss_trade", "money"],
    ["average_profit_trade", "money"],
    ["average_loss_trade", "money"],
  ],
  [
    ["maximum_consecutive_wins", "count", "maximum_consecutive_wins_amount", "money"],
    ["maximum_consecutive_losses", "count", "maximum_consecutive_losses_amount", "money"],
    ["maximal_consecutive_profit", "money", "maximal_consecutive_profit_count", "count"],
    ["maximal_consecutive_loss", "money", "maximal_consecutive_loss_count", "count"],
    ["average_consecutive_wins", "count"],
    ["average_consecutive_losses", "count"],
  ],
];

/** The terminal's own summary in a box of its own, so that nobody takes its numbers for ours. */
export default function Mt5Summary({ accountId, instance }: AccountView) {
  const t = useWords(mt5Words);
  const statistics = useStatistics(accountId, instance);
  return (
    <Section id="mt5-summary" title={t("title")} hint={t("hint")}>
      <QueryView query={statistics} skeleton={<Waiting />}>
        {(data) =>
          data.mt5_summary.total_trades === 0 ? (
            <Empty icon="info" title={t("empty")}>{t("empty_text")}</Empty>
          ) : (
            <Printed report={data.mt5_summary} digits={data.currency_digits} />
          )
        }
      </QueryView>
    </Section>
  );
}

function Printed({ report, digits }: { report: Report; digits: number | null }) {
  const t = useWords(mt5Words);
  const reader = usePreferences();
  const told = (value: number | null, as: "money" | "count" | "ratio" | "percent"): string => {
    if (as === "money") return moneyText(value, { currency: null, digits }, reader);
    if (as === "percent") return percentText(value, reader);
    return numberText(value, reader, as === "ratio" ? 2 : 0);
  };
  return (
    <figure className="rounded-lg border border-dashed border-edge p-4">
      <figcaption className="mb-3 text-xs font-semibold text-muted">{t("box")}</figcaption>
      <div className="grid gap-x-10 gap-y-4 md:grid-cols-2 lg:grid-cols-3">
        {GROUPS.map((lines) => (
          <dl key={lines[0]?.[0]} className="space-y-1.5 text-sm">
            {lines.map(([name, as, detail, detailAs]) => {
              const value = told(report[name], as);
              return (
                <div key={name} className="flex items-baseline justify-between gap-3">
                  <dt className="min-w-0 text-muted">{t(name)}</dt>
                  <dd className="shrink-0 text-ink">
                    <Ltr>{detail === undefined ? value : t("with", { value, detail: told(report[detail], detailAs ?? "count") })}</Ltr>
                  </dd>
                </div>
              );
            })}
          </dl>
        ))}
      </div>
    </figure>
  );
}

function Waiting() {
  return (
    <Loading>
      <Skeleton className="h-[46rem] w-full md:h-[30rem] lg:h-[19rem]" />
    </Loading>
  );
}
