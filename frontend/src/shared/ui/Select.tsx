import { useId } from "react";

import { cx } from "./classes";
import { Icon } from "./Icon";

export interface Option<V extends string> {
  readonly value: V;
  readonly label: string;
}

interface SelectProps<V extends string> {
  label: string;
  value: V;
  options: readonly Option<V>[];
  onChange: (value: V) => void;
  /** Say the label to screen readers only. */
  hideLabel?: boolean;
  disabled?: boolean;
  className?: string;
}

/**
 * The browser's own list, in our look: the best one on a phone and for a screen reader.
 * (Radix' list writes a style element, which our CSP refuses.)
 */
export function Select<V extends string>(props: SelectProps<V>) {
  const { label, value, options, onChange, hideLabel = false, disabled = false, className } = props;
  const id = useId();
  return (
    <div className={cx("min-w-0", className)}>
      <label htmlFor={id} className={hideLabel ? "sr-only" : "mb-1.5 block text-sm font-medium text-ink"}>
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          value={value}
          disabled={disabled}
          onChange={(event) => {
            const chosen = options.find((option) => option.value === event.target.value);
            if (chosen !== undefined) onChange(chosen.value);
          }}
          className="min-h-10 w-full cursor-pointer appearance-none rounded-lg border border-edge bg-surface pe-9 ps-3 text-sm text-ink hover:bg-sunken disabled:opacity-50"
        >
          {options.map((option) => (
            <option key={option.value} value={option.value} className="bg-surface text-ink">
              {option.label}
            </option>
          ))}
        </select>
        <Icon name="down" size={16} className="pointer-events-none absolute end-3 top-1/2 -translate-y-1/2 text-muted" />
      </div>
    </div>
  );
}
