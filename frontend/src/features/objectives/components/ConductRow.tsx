import { useWords } from "@/shared/i18n";
import { Explain } from "@/shared/explain";
import { Amount, StandingPill, useRuleName } from "@/shared/rules";

import { objectivesWords } from "../words";
import { Notes } from "./Notes";
import type { TileProps } from "./tile";

/** A rule on conduct in one line: its value now, its limit, and how it stands. */
export function ConductRow({ view, rule, money }: TileProps) {
  const t = useWords(objectivesWords);
  const name = useRuleName()(rule);
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 bg-surface px-4 py-3 xs:px-5">
      <div className="min-w-0">
        <p className="text-sm font-medium text-ink">{name}</p>
        <p className="flex flex-wrap gap-x-3 text-sm text-muted">
          <span>
            {t("value")}{" "}
            <Explain
              accountId={view.accountId}
              instance={view.instance}
              money={money}
              figure={`rules.${rule.rule_id}.value`}
              label={`${name}: ${t("value")}`}
            >
              <Amount value={rule.value} unit={rule.unit} {...money} className="text-ink" />
            </Explain>
          </span>
          <span>
            {t("limit")} <Amount value={rule.limit} unit={rule.unit} {...money} className="text-ink" />
          </span>
        </p>
        <Notes rule={rule} />
      </div>
      <StandingPill rule={rule} />
    </li>
  );
}
