import type { ReactNode } from "react";

import type { AccountItem, Schemas, Summary } from "../api/types";
import { useCodes } from "../i18n/codes/codes";
import { cx } from "./classes";
import { Icon, type IconName } from "./Icon";
import { connectionTone, ruleTone, softTone, type Tone } from "./tone";

/** A word with its icon and colour. */
export function Pill({ tone, icon, children }: { tone: Tone; icon?: IconName; children: ReactNode }) {
  return (
    <span className={cx("inline-flex min-h-6 items-center gap-1 rounded-full px-2 text-xs font-medium", softTone[tone])}>
      {icon !== undefined && <Icon name={icon} size={14} />}
      <span className="whitespace-nowrap">{children}</span>
    </span>
  );
}

const RULE_ICON: Readonly<Record<Schemas["RuleState"], IconName>> = {
  ok: "check",
  met: "check",
  warning: "alert",
  critical: "octagon",
  breach: "cross",
  not_met: "clock",
  unknown: "question",
};

/** How a rule stands. */
export function RulePill({ state }: { state: Schemas["RuleState"] }) {
  const codes = useCodes();
  return (
    <Pill tone={ruleTone[state]} icon={RULE_ICON[state]}>
      {codes(`rule.${state}`)}
    </Pill>
  );
}

const CONNECTION_ICON: Readonly<Record<Schemas["ConnectionState"], IconName>> = {
  ready: "plug",
  connecting: "spinner",
  history_loading: "spinner",
  unreconciled: "question",
  backoff: "spinner",
  credentials_rejected: "key",
  needs_operator: "octagon",
  paused: "pause",
  quarantined: "pause",
};

/** What one has to know first about an account: its end, its deactivation, or its connection. */
export function AccountPill({ item }: { item: Pick<AccountItem, "is_active"> & { summary: Summary } }) {
  const codes = useCodes();
  const { outcome, status, connection_state: connection } = item.summary;
  if (outcome === "breached") return <Pill tone="bad" icon="cross">{codes("outcome.breached")}</Pill>;
  if (outcome === "passed") return <Pill tone="ok" icon="flag">{codes("outcome.passed")}</Pill>;
  if (!item.is_active || status === "deactivated") return <Pill tone="neutral" icon="pause">{codes("status.deactivated")}</Pill>;
  return (
    <Pill tone={connectionTone[connection]} icon={CONNECTION_ICON[connection]}>
      {codes(`connection.${connection}`)}
    </Pill>
  );
}
