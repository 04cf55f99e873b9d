import type { ReactNode } from "react";

import { cx } from "./classes";

/** A quiet surface. `flush` leaves the padding to the content (tables, charts). */
export function Card({ children, className, flush = false }: { children: ReactNode; className?: string; flush?: boolean }) {
  return (
    <div className={cx("rounded-card bg-surface shadow-card", !flush && "p-4 xs:p-5", className)}>{children}</div>
  );
}

interface SectionProps {
  /** Unique in the page; the heading's id is made of it. */
  id: string;
  title: string;
  /** One quiet line under the title. */
  hint?: ReactNode;
  /** Controls at the end of the heading's line. */
  actions?: ReactNode;
  children: ReactNode;
  flush?: boolean;
}

/** A named part of a page: heading, hint, controls, and a card with the content. */
export function Section({ id, title, hint, actions, children, flush = false }: SectionProps) {
  return (
    <section aria-labelledby={`${id}-title`} className="min-w-0">
      <div className="mb-3 flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h2 id={`${id}-title`} className="text-lg font-semibold leading-7 tracking-tight text-ink">
            {title}
          </h2>
          {hint !== undefined && <p className="text-sm text-muted">{hint}</p>}
        </div>
        {actions}
      </div>
      <Card flush={flush}>{children}</Card>
    </section>
  );
}
