import { type ButtonHTMLAttributes, forwardRef, type ReactNode } from "react";

import { cx } from "./classes";
import { Icon, type IconName } from "./Icon";

const BASE =
  "inline-flex items-center justify-center gap-2 rounded-lg font-medium transition-colors disabled:opacity-50 whitespace-nowrap";
const KINDS = {
  primary: "bg-accent text-on-accent hover:bg-accent/90",
  secondary: "bg-surface text-ink border border-edge hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-ink",
  danger: "bg-bad-soft text-bad hover:bg-bad-soft/80",
} as const;
const SIZES = { sm: "min-h-8 px-3 text-sm", md: "min-h-10 px-4 text-sm", icon: "h-9 w-9 shrink-0" } as const;

interface Look {
  kind?: keyof typeof KINDS;
  size?: keyof typeof SIZES;
  icon?: IconName;
}

const look = ({ kind = "secondary", size = "md" }: Look, className?: string): string =>
  cx(BASE, KINDS[kind], SIZES[size], className);

type ButtonProps = Look & ButtonHTMLAttributes<HTMLButtonElement>;

/** Takes a ref, so that it may be the trigger of a popover. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>(function Button(
  { kind, size, icon, className, children, ...rest },
  ref,
) {
  const shape: Look = { ...(kind && { kind }), ...(size && { size }) };
  return (
    <button ref={ref} type="button" {...rest} className={look(shape, className)}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
});

type IconButtonProps = Omit<ButtonProps, "size" | "children"> & { icon: IconName; label: string };

/** A button that shows an icon only: its name is said, and shown on hover. */
export const IconButton = forwardRef<HTMLButtonElement, IconButtonProps>(function IconButton({ icon, label, ...rest }, ref) {
  return <Button ref={ref} kind="quiet" {...rest} size="icon" icon={icon} aria-label={label} title={label} />;
});

/** A link to another page (an address outside the dashboard) that looks like a button. */
export function ButtonLink({ href, children, kind, size, icon }: Look & { href: string; children: ReactNode }) {
  const shape: Look = { ...(kind && { kind }), ...(size && { size }) };
  return (
    <a href={href} className={look(shape)}>
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </a>
  );
}
