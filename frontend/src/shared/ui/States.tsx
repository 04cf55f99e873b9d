import type { ReactNode } from "react";

import { ApiProblem, NetworkFault } from "../api/problem";
import { useCodes } from "../i18n/codes/codes";
import { useWords } from "../i18n/useWords";
import { Button } from "./Button";
import { cx } from "./classes";
import { Ltr } from "./Figures";
import { Icon, type IconName } from "./Icon";
import { softTone, type Tone } from "./tone";
import { uiWords } from "./words";

/** A grey place of the content's final size, so that nothing moves when the content comes. */
export function Skeleton({ className }: { className?: string }) {
  return <span className={cx("block animate-[pulse_1.8s_ease-in-out_infinite] rounded-md bg-sunken", className)} />;
}

/** Skeletons with one word for a screen reader. */
export function Loading({ children, className }: { children: ReactNode; className?: string }) {
  const t = useWords(uiWords);
  return (
    <div role="status" className={className}>
      <span className="sr-only">{t("loading")}</span>
      <div aria-hidden="true">{children}</div>
    </div>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

/** Nothing to show yet, why, and what to do next. */
export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <span className="grid h-12 w-12 place-items-center rounded-full bg-sunken text-muted">
        <Icon name={icon} size={22} />
      </span>
      <p className="text-base font-semibold text-ink">{title}</p>
      {children !== undefined && <div className="max-w-prose text-sm text-muted">{children}</div>}
      {action}
    </div>
  );
}

/** What went wrong, in the reader's words, with a retry and the id that support asks for. */
export function ErrorState({ fault, retry }: { fault: unknown; retry?: (() => void) | undefined }) {
  const t = useWords(uiWords);
  const codes = useCodes();
  const problem = fault instanceof ApiProblem ? fault : null;
  const code = `error.${problem?.code ?? "internal"}`;
  const text =
    fault instanceof NetworkFault ? t("error_network") : codes.has(code) ? codes(code) : codes("error.internal");
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-10 text-center">
      <span className="grid h-12 w-12 place-items-center rounded-full bg-bad-soft text-bad">
        <Icon name={fault instanceof NetworkFault ? "offline" : "alert"} size={22} />
      </span>
      <p className="text-base font-semibold text-ink">{t("error_title")}</p>
      <p className="max-w-prose text-sm text-muted">{text}</p>
      {problem !== null && problem.retryAfter !== null && <p className="text-sm text-muted">{t("wait", { seconds: problem.retryAfter })}</p>}
      {retry !== undefined && <Button icon="spinner" onClick={retry}>{t("retry")}</Button>}
      {problem !== null && problem.requestId !== null && (
        <p className="text-xs text-faint">
          {t("request_id")}: <Ltr className="select-all font-mono">{problem.requestId}</Ltr>
        </p>
      )}
    </div>
  );
}

interface BannerProps {
  tone: Tone;
  icon: IconName;
  children: ReactNode;
  action?: ReactNode;
  /** `assertive` for what must interrupt: a breach, once. */
  live?: "polite" | "assertive" | "off";
}

/** A strip above the content: offline, stale, rejected, breached. */
export function Banner({ tone, icon, children, action, live = "polite" }: BannerProps) {
  return (
    <div
      {...(live === "off" ? {} : { role: live === "assertive" ? "alert" : "status" })}
      className={cx("flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card px-4 py-3 text-sm font-medium", softTone[tone])}
    >
      <Icon name={icon} />
      <div className="min-w-0 flex-1 basis-48">{children}</div>
      {action}
    </div>
  );
}
