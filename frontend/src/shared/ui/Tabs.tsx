import * as Radix from "@radix-ui/react-tabs";
import type { ReactNode } from "react";

import { usePreferences } from "../i18n/preferences";

interface TabsProps {
  label: string;
  tabs: readonly { readonly value: string; readonly label: string; readonly content: ReactNode }[];
}

/** Several views of one thing, one at a time. */
export function Tabs({ label, tabs }: TabsProps) {
  const { language } = usePreferences();
  return (
    <Radix.Root defaultValue={tabs[0]?.value ?? ""} dir={language === "fa" ? "rtl" : "ltr"}>
      <Radix.List aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className="-mb-px min-h-10 whitespace-nowrap border-b-2 border-transparent text-sm font-medium text-muted hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="pt-4">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
