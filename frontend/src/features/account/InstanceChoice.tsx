import { instantText } from "@/shared/format/date";
import type { Schemas } from "@/shared/api";
import { usePreferences, useWords } from "@/shared/i18n";
import { Select } from "@/shared/ui";

import { useInstances } from "./useInstances";
import { accountWords } from "./words";

type Instance = Schemas["InstanceItem"];

/** The newest instance of each life: a new password goes on with a life, a reset begins another. */
export function livesOf(instances: readonly Instance[]): readonly Instance[] {
  const seen = new Set<string>();
  return instances.filter(({ life_id: life }) => !seen.has(life) && seen.add(life));
}

interface ChoiceProps {
  accountId: string;
  /** The instance shown; null = the account now. */
  shown: string | null;
  onShow: (instance: string | null) => void;
}

/** Which life of the account is shown. Nothing where it has had only one. */
export function InstanceChoice({ accountId, shown, onShow }: ChoiceProps) {
  const t = useWords(accountWords);
  const reader = usePreferences();
  const [now, ...former] = livesOf(useInstances(accountId).data ?? []);
  if (now === undefined || former.length === 0) return null;
  const day = (at: string | null): string => instantText(at, reader, "date");
  const options = [
    { value: "", label: t("current") },
    ...former.map((one) => ({
      value: one.instance_id,
      label: t("former", { plan: one.plan, from: day(one.started_at), to: day(one.deactivated_at) }),
    })),
  ];
  return <Select label={t("instance")} hideLabel value={shown ?? ""} options={options} onChange={(value) => onShow(value === "" ? null : value)} />;
}
