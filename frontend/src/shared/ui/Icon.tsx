import type { ReactNode } from "react";

import { cx } from "./classes";

const SHAPES = {
  check: <path d="m5 12.5 4.5 4.5L19 7.5" />,
  alert: <path d="M12 8.5v4.5m0 3.2v.1M10.3 4.4 2.9 17.3A2 2 0 0 0 4.6 20.3h14.8a2 2 0 0 0 1.7-3L13.7 4.4a2 2 0 0 0-3.4 0Z" />,
  octagon: <path d="M12 7.8v5m0 3.2v.1M8.3 3.5h7.4l5.3 5.3v6.4l-5.3 5.3H8.3L3 15.2V8.8Z" />,
  cross: <path d="m6.5 6.5 11 11m0-11-11 11" />,
  clock: <path d="M12 7v5.2l3.2 2M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />,
  plug: <path d="M9 3.5v4m6-4v4M6.5 7.5h11v3.8a5.5 5.5 0 0 1-11 0Zm5.5 9.3v3.7" />,
  key: <path d="M14.8 9.2a5 5 0 1 0-3 3l2.2 2.3h2.5v2.5H19v3h2v-3.8Zm-6.3.3h.1" />,
  spinner: <path d="M12 3.5a8.5 8.5 0 1 1-8 5.7" />,
  pause: <path d="M8.5 6v12m7-12v12" />,
  question: <path d="M9.2 9.2a2.9 2.9 0 1 1 4.2 2.6c-.9.5-1.4 1-1.4 2m0 2.7v.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />,
  info: <path d="M12 11v5.2m0-8.4v-.1M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />,
  down: <path d="m6.5 9.5 5.5 5.5 5.5-5.5" />,
  next: <path d="m9.5 6 6 6-6 6" />,
  previous: <path d="m14.5 6-6 6 6 6" />,
  earlier: <path d="m14.5 6-6 6 6 6" />,
  later: <path d="m9.5 6 6 6-6 6" />,
  plus: <path d="M12 5.5v13m6.5-6.5h-13" />,
  minus: <path d="M18.5 12h-13" />,
  fit: <path d="M4.5 9V4.500H9m6 0h4.500V9m0 6v4.500H15m-6 0H4.500V15" />,
  search: <path d="m20 20-4.2-4.2M10.8 4a6.8 6.8 0 1 0 0 13.6 6.8 6.8 0 0 0 0-13.6Z" />,
  sun: <path d="M12 2.8v2m0 14.4v2M2.8 12h2m14.4 0h2M5.5 5.5l1.4 1.4m10.2 10.2 1.4 1.4m0-13-1.4 1.4M6.9 17.1l-1.4 1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z" />,
  moon: <path d="M20 14.2A8.3 8.3 0 0 1 9.8 4 8.3 8.3 0 1 0 20 14.2Z" />,
  screen: <path d="M4 5h16v11H4Zm5 14.5h6m-3-3.5v3.5" />,
  globe: <path d="M3.5 12h17M12 3.5c2.4 2.3 3.6 5.1 3.6 8.5s-1.2 6.2-3.6 8.5c-2.4-2.3-3.6-5.1-3.6-8.5S9.6 5.8 12 3.5Zm0 0a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17Z" />,
  gear: <path d="M4 7h9m4 0h3M4 12h3m4 0h9M4 17h8m4 0h4M15 4.8v4.4M9 9.8v4.4m5 .6v4.4" />,
  offline: <path d="M4 4l16 16M2.8 9.3A14 14 0 0 1 7 6.6m3.6-1A14 14 0 0 1 21.200 9.300M6.300 13a9 9 0 0 1 3.400-2m4.700.100a9 9 0 0 1 3.300 1.900M12 18.200v.1" />,
  up_right: <path d="M7.500 16.500 16.500 7.500M9 7.500h7.500V15" />,
  down_right: <path d="m7.500 7.500 9 9M16.500 9v7.500H9" />,
  link: <path d="M14 4.500h5.500V10M19 5l-8.500 8.500M10.500 6H6a1.500 1.500 0 0 0-1.500 1.500V18A1.500 1.500 0 0 0 6 19.500h10.500A1.500 1.500 0 0 0 18 18v-4.500" />,
  download: <path d="M12 4v11m-4.500-4L12 15.500l4.500-4.500M4.500 19.500h15" />,
  flag: <path d="M6 20.500v-16c4-2.500 7 2.500 12 0v9.500c-5 2.500-8-2.500-12 0" />,
  grid: <path d="M4.500 4.500h6v6h-6Zm9 0h6v6h-6Zm-9 9h6v6h-6Zm9 0h6v6h-6Z" />,
} satisfies Readonly<Record<string, ReactNode>>;

export type IconName = keyof typeof SHAPES;

/** Icons that show a direction of reading turn around in a right-to-left page; those of time do not. */
const TURNS: ReadonlySet<IconName> = new Set(["next", "previous", "link"]);

/** A line icon in the text's colour; it says nothing to a screen reader, the word beside it does. */
export function Icon({ name, size = 18, className }: { name: IconName; size?: number; className?: string }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      className={cx(TURNS.has(name) && "rtl:-scale-x-100", className)}
    >
      {SHAPES[name]}
    </svg>
  );
}
