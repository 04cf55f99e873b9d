import * as RadixPopover from "@radix-ui/react-popover";
import * as RadixTooltip from "@radix-ui/react-tooltip";
import { type ReactNode, useEffect, useRef } from "react";

import { useWords } from "../i18n/useWords";
import { IconButton } from "./Button";
import { uiWords } from "./words";

/** Floating things live inside our root, where our styles, language and direction hold. */
const home = (): HTMLElement | null => document.getElementById("onefunders-root");

interface PopoverProps {
  /** The button that opens it; it must take a ref (our Button inside `trigger` does). */
  trigger: ReactNode;
  /** Named by this for a screen reader. */
  label: string;
  children: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  align?: "start" | "center" | "end";
}

/** A small panel beside its button. Escape and a click outside close it; focus returns. */
export function Popover({ trigger, label, children, open, onOpenChange, align = "start" }: PopoverProps) {
  const state = { ...(open !== undefined && { open }), ...(onOpenChange !== undefined && { onOpenChange }) };
  return (
    <RadixPopover.Root {...state}>
      <RadixPopover.Trigger asChild>{trigger}</RadixPopover.Trigger>
      <RadixPopover.Portal container={home()}>
        <RadixPopover.Content
          aria-label={label}
          align={align}
          sideOffset={8}
          collisionPadding={12}
          className="z-50 max-h-[min(32rem,var(--radix-popover-content-available-height))] w-80 max-w-[calc(100vw-24px)] overflow-y-auto rounded-card bg-raised p-4 text-sm text-ink shadow-pop"
        >
          {children}
        </RadixPopover.Content>
      </RadixPopover.Portal>
    </RadixPopover.Root>
  );
}

/** A short hint on hover or focus. Never the only place of a fact. */
export function Tooltip({ text, children }: { text: string; children: ReactNode }) {
  return (
    <RadixTooltip.Provider delayDuration={300}>
      <RadixTooltip.Root>
        <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
        <RadixTooltip.Portal container={home()}>
          <RadixTooltip.Content
            sideOffset={6}
            collisionPadding={8}
            className="z-50 max-w-xs rounded-md bg-ink px-2.5 py-1.5 text-xs text-canvas shadow-pop"
          >
            {text}
          </RadixTooltip.Content>
        </RadixTooltip.Portal>
      </RadixTooltip.Root>
    </RadixTooltip.Provider>
  );
}

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
}

/**
 * A modal dialog: the browser's own element gives the focus trap, the top layer and Escape.
 * (Radix' dialog writes a style element, which our CSP refuses.)
 */
export function Dialog({ open, onClose, title, children }: DialogProps) {
  const t = useWords(uiWords);
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) ref.current?.showModal();
    else ref.current?.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === ref.current) onClose(); // the backdrop
      }}
      className="m-auto max-h-[85dvh] w-[calc(100vw-24px)] max-w-lg overflow-y-auto rounded-card bg-raised text-ink shadow-pop"
    >
      {open && (
        <div className="p-5">
          <div className="mb-3 flex items-start justify-between gap-3">
            <h2 className="text-lg font-semibold">{title}</h2>
            <IconButton icon="cross" label={t("close")} onClick={onClose} />
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
