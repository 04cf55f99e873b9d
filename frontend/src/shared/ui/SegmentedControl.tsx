import { useId } from "react";

import { cx } from "./classes";
import { Icon, type IconName } from "./Icon";
import type { Option } from "./Select";

interface SegmentedProps<V extends string> {
  label: string;
  value: V;
  options: readonly (Option<V> & { readonly icon?: IconName })[];
  onChange: (value: V) => void;
  hideLabel?: boolean;
}

/** One choice of a few, all visible: radio buttons, so arrow keys move the choice. */
export function SegmentedControl<V extends string>({ label, value, options, onChange, hideLabel = false }: SegmentedProps<V>) {
  const name = useId();
  return (
    <fieldset className="min-w-0">
      <legend className={hideLabel ? "sr-only" : "mb-1.5 block text-sm font-medium text-ink"}>{label}</legend>
      <div className="inline-flex max-w-full flex-wrap gap-0.5 rounded-lg bg-sunken p-1">
        {options.map((option) => (
          <label
            key={option.value}
            className={cx(
              "relative inline-flex min-h-8 cursor-pointer items-center gap-1.5 rounded-md px-3 text-sm font-medium transition-colors",
              "has-[:focus-visible]:outline has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent",
              option.value === value ? "bg-raised text-ink shadow-card" : "text-muted hover:text-ink",
            )}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              className="sr-only"
            />
            {option.icon !== undefined && <Icon name={option.icon} size={15} />}
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
