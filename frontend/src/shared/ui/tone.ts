import type { Schemas } from "../api/types";

/** What a colour says. Never alone: a word and an icon say it too. */
export type Tone = "neutral" | "accent" | "ok" | "warn" | "crit" | "bad";

export const softTone: Readonly<Record<Tone, string>> = {
  neutral: "bg-sunken text-muted",
  accent: "bg-accent-soft text-accent",
  ok: "bg-ok-soft text-ok",
  warn: "bg-warn-soft text-warn",
  crit: "bg-crit-soft text-crit",
  bad: "bg-bad-soft text-bad",
};

export const textTone: Readonly<Record<Tone, string>> = {
  neutral: "text-muted",
  accent: "text-accent",
  ok: "text-ok",
  warn: "text-warn",
  crit: "text-crit",
  bad: "text-bad",
};

export const fillTone: Readonly<Record<Tone, string>> = {
  neutral: "bg-faint",
  accent: "bg-accent",
  ok: "bg-ok",
  warn: "bg-warn",
  crit: "bg-crit",
  bad: "bg-bad",
};

/** The tone of how a rule stands. Unknown is never shown as safe. */
export const ruleTone: Readonly<Record<Schemas["RuleState"], Tone>> = {
  ok: "ok",
  met: "ok",
  warning: "warn",
  critical: "crit",
  breach: "bad",
  not_met: "neutral",
  unknown: "neutral",
};

/** The tone of a connection. */
export const connectionTone: Readonly<Record<Schemas["ConnectionState"], Tone>> = {
  ready: "ok",
  connecting: "accent",
  history_loading: "accent",
  unreconciled: "warn",
  backoff: "warn",
  credentials_rejected: "bad",
  needs_operator: "crit",
  paused: "neutral",
  quarantined: "crit",
};
