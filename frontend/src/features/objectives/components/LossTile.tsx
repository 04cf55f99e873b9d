import { useWords } from "@/shared/i18n";
import { Explain } from "@/shared/explain";
import { StandingPill, useRuleName } from "@/shared/rules";
import { cx, Meter, Money, Percent, ruleTone, textTone } from "@/shared/ui";

import { objectivesWords } from "../words";
import { Notes } from "./Notes";
import { marksOf, type TileProps } from "./tile";

/** A loss rule: how far the floor is, in money and as a bar, and what it hangs from. */
export function LossTile({ view, rule, money }: TileProps) {
  const t = useWords(objectivesWords);
  const name = useRuleName()(rule);
  const tone = ruleTone[rule.state];
  const figure = { accountId: view.accountId, instance: view.instance, money };
  const lost = rule.headroom !== null && rule.headroom < 0;
  return (
    <article aria-label={name} className="flex min-w-0 flex-col bg-surface p-4 xs:p-5">
      <div className="flex items-center justify-between gap-3">
        <h4 className="truncate text-sm font-medium text-muted">{name}</h4>
        <StandingPill rule={rule} />
      </div>
      <p className="mt-2 flex flex-wrap items-baseline gap-x-2">
        <Explain {...figure} figure={`rules.${rule.rule_id}.headroom`} label={`${name}: ${t("headroom")}`}>
          <Money
            value={rule.headroom}
            {...money}
            className={cx("text-figure font-semibold tracking-tight", tone === "ok" ? "text-ink" : textTone[tone])}
          />
        </Explain>
        <span className="text-sm text-muted">{t(lost ? "over" : "left")}</span>
      </p>
      <Meter percent={rule.used_pct} label={name} tone={tone} marks={marksOf(rule)} className="mt-3" />
      <div className="mt-2 flex flex-wrap justify-between gap-x-4 gap-y-1 text-sm text-muted">
        <span>
          <Percent value={rule.used_pct} className="font-medium text-ink" />{" · "}
          <Explain {...figure} figure={`rules.${rule.rule_id}.used`} label={`${name}: ${t("used")}`}>
            {t.rich("used_of", {
              used: <Money value={rule.used} {...money} />,
              allowance: <Money value={rule.allowance} {...money} />,
            })}
          </Explain>
        </span>
        <span>
          {t("floor")}{" "}
          <Explain {...figure} figure={`rules.${rule.rule_id}.floor`} label={`${name}: ${t("floor")}`}>
            <Money value={rule.floor} {...money} className="font-medium text-ink" />
          </Explain>
        </span>
      </div>
      {rule.worst_used !== null && rule.worst_used !== 0 && (
        <p className="mt-1 text-xs text-muted">{t.rich("worst", { amount: <Money value={rule.worst_used} {...money} /> })}</p>
      )}
      <Notes rule={rule} />
    </article>
  );
}
