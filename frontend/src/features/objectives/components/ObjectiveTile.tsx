import { useWords } from "@/shared/i18n";
import { Explain } from "@/shared/explain";
import { Amount, useRuleName } from "@/shared/rules";
import { Icon, Meter, RulePill, ruleTone } from "@/shared/ui";

import { objectivesWords } from "../words";
import { Notes } from "./Notes";
import type { TileProps } from "./tile";

/** An objective: what was reached of the target, and what is missing. */
export function ObjectiveTile({ view, rule, money }: TileProps) {
  const t = useWords(objectivesWords);
  const name = useRuleName()(rule);
  const figure = { accountId: view.accountId, instance: view.instance, money };
  const met = rule.state === "met";
  return (
    <article aria-label={name} className="flex min-w-0 flex-col bg-surface p-4 xs:p-5">
      <div className="flex items-center justify-between gap-3">
        <h4 className="truncate text-sm font-medium text-muted">{name}</h4>
        <RulePill state={rule.state} />
      </div>
      <p className="mt-2 text-xl font-semibold tracking-tight text-ink">
        {met ? (
          <span className="inline-flex items-center gap-1.5">
            <Icon name="check" className="text-ok" />
            {t("reached")}
          </span>
        ) : (
          <Explain {...figure} figure={`rules.${rule.rule_id}.remaining`} label={name}>
            {t.rich("remaining", { amount: <Amount value={rule.remaining} unit={rule.unit} {...money} /> })}
          </Explain>
        )}
      </p>
      <Meter percent={progress(rule.value, rule.target)} label={name} tone={met ? ruleTone.met : "accent"} marks={[]} className="mt-3" />
      <p className="mt-2 text-sm text-muted">
        <Explain {...figure} figure={`rules.${rule.rule_id}.value`} label={`${name}: ${t("value")}`}>
          {t.rich("reached_of", {
            value: <Amount value={rule.value} unit={rule.unit} {...money} />,
            target: <Amount value={rule.target} unit={rule.unit} {...money} />,
          })}
        </Explain>
      </p>
      <Notes rule={rule} />
    </article>
  );
}

/** How full the bar is drawn; the words beside it are the server's. */
function progress(value: number | null, target: number | null): number | null {
  if (value === null || target === null) return null;
  return target <= 0 ? 100 : Math.max(0, (value / target) * 100);
}
