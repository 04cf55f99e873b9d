import { type ReactNode, useEffect, useRef } from "react";

import { cx } from "./classes";

let firstPage = true; // the browser itself focuses the page that was opened

interface PageProps {
  title: string;
  /** Say the title to screen readers only, where the page shows it in its own way. */
  hideTitle?: boolean;
  lead?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A route's frame: the only h1, which takes the focus when the route changes, and the tab's title. */
export function Page({ title, hideTitle = false, lead, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (document.body.classList.contains("of-page")) document.title = `${title} · OneFunders Analyze`;
  }, [title]);
  useEffect(() => {
    if (!firstPage) {
      window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    firstPage = false;
  }, []);
  return (
    <div className="flex flex-col gap-6 sm:gap-8">
      <div className={cx("flex flex-wrap items-end justify-between gap-4", hideTitle && "contents")}>
        <div className={cx("min-w-0", hideTitle && "sr-only")}>
          <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold leading-8 tracking-tight text-ink outline-none">
            {title}
          </h1>
          {lead !== undefined && <div className="mt-1 text-sm text-muted">{lead}</div>}
        </div>
        {actions}
      </div>
      {children}
    </div>
  );
}
