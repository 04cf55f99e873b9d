import type { ReactNode } from "react";

import type { Schemas } from "@/shared/api";
import { durationText } from "@/shared/format/date";
import { type MoneyShape, ratioText } from "@/shared/format/number";
import { usePreferences, useWords } from "@/shared/i18n";
import { Change, Ltr, Money, Percent } from "@/shared/ui";

import { statisticsWords } from "../words";

interface KeyFiguresProps {
  statistics: Schemas["StatisticsReply"];
  money: MoneyShape;
}

/** Whether a profit factor is without end: something was won and nothing lost. */
export const isEndless = (figures: Schemas["FiguresItem"]): boolean => figures.wins > 0 && figures.losses === 0;

/** The figures of the whole life in three groups. */
export function KeyFigures({ statistics, money }: KeyFiguresProps) {
  const t = useWords(statisticsWords);
  const reader = usePreferences();
  const { all, streaks, median_hold_seconds: median } = statistics.positions;
  const { growth } = statistics;
  const ratio = (value: number | null, endless = false): ReactNode => <Ltr>{ratioText(value, reader, endless)}</Ltr>;
  const returns = (known: boolean): string => t(known ? "returns" : "too_few", { count: growth.daily_returns });
  return (
    <div className="grid gap-px overflow-hidden bg-line md:grid-cols-3">
      <Group title={t("result")}>
        <Figure name={t("net")}><Change value={all.net} {...money} /></Figure>
        <Figure name={t("win_rate")} note={t("wins_of", { wins: all.wins, losses: all.losses, breakeven: all.breakeven })}><Percent value={all.win_rate} /></Figure>
        <Figure name={t("expectancy")}><Change value={all.expectancy} {...money} /></Figure>
        <Figure name={t("profit_factor")}>{ratio(all.profit_factor, isEndless(all))}</Figure>
        <Figure name={t("average_win")}><Money value={all.average_win} {...money} /></Figure>
        <Figure name={t("average_loss")}><Money value={all.average_loss} {...money} /></Figure>
        <Figure name={t("rrr")}>{ratio(all.rrr)}</Figure>
      </Group>
      <Group title={t("growth")}>
        <Figure name={t("gain_pct")}><Percent value={growth.gain_pct} signed /></Figure>
        <Figure name={t("equity_drawdown_pct")}><Percent value={growth.equity_drawdown_pct} /></Figure>
        <Figure name={t("balance_drawdown")} note={<Percent value={growth.balance_drawdown_pct} />}><Money value={growth.balance_drawdown} {...money} /></Figure>
        <Figure name={t("recovery_factor")}>{ratio(growth.recovery_factor)}</Figure>
        <Figure name={t("sharpe")} note={returns(growth.sharpe !== null)}>{ratio(growth.sharpe)}</Figure>
        <Figure name={t("sortino")} note={returns(growth.sortino !== null)}>{ratio(growth.sortino)}</Figure>
      </Group>
      <Group title={t("rhythm")}>
        <Figure name={t("streak_now")}><Streak streak={streaks.now} money={money} /></Figure>
        <Figure name={t("longest_wins")}><Streak streak={streaks.longest_wins} money={money} /></Figure>
        <Figure name={t("longest_losses")}><Streak streak={streaks.longest_losses} money={money} /></Figure>
        <Figure name={t("average_hold")}>{durationText(all.average_hold_seconds, reader)}</Figure>
        <Figure name={t("median_hold")}>{durationText(median, reader)}</Figure>
        <Figure name={t("best")}><Change value={all.best} {...money} /></Figure>
        <Figure name={t("worst")}><Change value={all.worst} {...money} /></Figure>
        {statistics.account_costs !== 0 && <Figure name={t("account_costs")}><Money value={statistics.account_costs} {...money} /></Figure>}
      </Group>
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface p-4 xs:p-5">
      <h3 className="text-xs font-semibold text-muted">{title}</h3>
      <dl className="mt-3 space-y-2.5 text-sm">{children}</dl>
    </div>
  );
}

function Figure({ name, note, children }: { name: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="min-w-0 text-muted">{name}</dt>
      <dd className="shrink-0 text-end font-medium text-ink">
        {children}
        {note !== undefined && <span className="block text-xs font-normal text-muted">{note}</span>}
      </dd>
    </div>
  );
}

function Streak({ streak, money }: { streak: Schemas["StreakItem"]; money: MoneyShape }) {
  const t = useWords(statisticsWords);
  if (streak.count === 0) return <>{t("no_streak")}</>;
  return (
    <>
      {t(streak.amount > 0 ? "won" : "lost", { count: streak.count })}
      <span className="block text-xs font-normal"><Change value={streak.amount} {...money} /></span>
    </>
  );
}
