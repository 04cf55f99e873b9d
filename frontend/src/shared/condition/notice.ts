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
  /** A new password is what helps. */
  readonly password: boolean;
}

type Conditioned = Pick<AccountItem, "is_active"> & { readonly summary: Summary };

const ENDED = { alone: true, password: false } as const;

/** The end of an account, what keeps it from being watched, or its connection's state; null = all is well. */
export function noticeOf({ is_active: active, summary }: Conditioned): Notice | null {
  const { outcome, status, connection_state: state, condition_code: code } = summary;
  if (outcome === "breached") {
    const which = summary.dd_all_time_breached ? "breached_overall" : summary.dd_daily_breached ? "breached_daily" : "breached_other";
    return { tone: "bad", icon: "cross", text: which, ...ENDED };
  }
  if (outcome === "passed") return { tone: "ok", icon: "flag", text: "passed", ...ENDED };
  if (!active || status === "deactivated") return { tone: "neutral", icon: "pause", text: "deactivated", ...ENDED };
  if (state === "ready") return null;
  const text = code === null ? state : (`fault.${code}` as const);
  switch (state) {
    case "credentials_rejected":
      return { tone: "bad", icon: "key", text, alone: true, password: true };
    case "needs_operator":
    case "quarantined":
      return { tone: "crit", icon: "octagon", text, alone: code !== "server_clock_differs", password: false };
    case "paused":
      return { tone: "neutral", icon: "pause", text, alone: true, password: false };
    default:
      return { tone: "accent", icon: "spinner", text, alone: false, password: false };
  }
}
