import type { AccountItem, Summary } from "../api";
import type { IconName, Tone } from "../ui";
import type en from "./words.en";

/** What there is to know about an account before its figures. */
export interface Notice {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly text: keyof typeof en;
  /** Figures beside it would mislead, or there are none. */
  readonly alone: boolean;
}

type Conditioned = Pick<AccountItem, "is_active"> & { readonly summary: Summary };

/** The end of an account, what keeps it from being watched, or its connection's state; null = all is well. */
export function noticeOf({ is_active: active, summary }: Conditioned): Notice | null {
  const { outcome, status, connection_state: state } = summary;
  if (outcome === "breached") {
    const which = summary.dd_all_time_breached ? "breached_overall" : summary.dd_daily_breached ? "breached_daily" : "breached_other";
    return { tone: "bad", icon: "cross", text: which, alone: true };
  }
  if (outcome === "passed") return { tone: "ok", icon: "flag", text: "passed", alone: true };
  if (!active || status === "deactivated") return { tone: "neutral", icon: "pause", text: "deactivated", alone: true };
  switch (state) {
    case "ready":
      return null;
    case "credentials_rejected":
      return { tone: "bad", icon: "key", text: state, alone: true };
    case "needs_operator":
    case "quarantined":
      return { tone: "crit", icon: "octagon", text: state, alone: true };
    case "paused":
      return { tone: "neutral", icon: "pause", text: state, alone: true };
    default:
      return { tone: "accent", icon: "spinner", text: state, alone: false };
  }
}
