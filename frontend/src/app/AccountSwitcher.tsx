import { useId, useState } from "react";
import { Link } from "wouter";

import { paths } from "@/config/paths";
import { type AccountItem, useAccounts } from "@/shared/api";
import { useWords } from "@/shared/i18n";
import { AccountPill, Button, cx, Icon, Ltr, Popover } from "@/shared/ui";

import { appWords } from "./words";

const MOST_SHOWN = 30;

const matches = (item: AccountItem, wanted: string): boolean =>
  `${item.login} ${item.server} ${item.account_type}`.toLowerCase().includes(wanted.trim().toLowerCase());

/** The account on view, and the way to another one. */
export default function AccountSwitcher({ current }: { current: string | null }) {
  const t = useWords(appWords);
  const [open, setOpen] = useState(false);
  const accounts = useAccounts().data?.accounts ?? [];
  const shown = accounts.find((item) => item.account_id === current);
  const trigger = (
    <Button kind="quiet" size="sm" className="min-w-0 max-w-48">
      <span className="sr-only">{t("switch_account")}:</span>
      {shown === undefined ? <span className="truncate">{t("all_accounts")}</span> : <Ltr className="truncate font-semibold text-ink">{shown.login}</Ltr>}
      <Icon name="down" size={16} />
    </Button>
  );
  return (
    <Popover trigger={trigger} label={t("switch_account")} open={open} onOpenChange={setOpen}>
      <Choices accounts={accounts} current={current} onChosen={() => setOpen(false)} />
    </Popover>
  );
}

interface ChoicesProps {
  accounts: readonly AccountItem[];
  current: string | null;
  onChosen: () => void;
}

function Choices({ accounts, current, onChosen }: ChoicesProps) {
  const t = useWords(appWords);
  const id = useId();
  const [wanted, setWanted] = useState("");
  const found = accounts.filter((item) => matches(item, wanted)).slice(0, MOST_SHOWN);
  return (
    <div className="-m-1 flex flex-col gap-1">
      {accounts.length > 5 && (
        <>
          <label htmlFor={id} className="sr-only">
            {t("search_accounts")}
          </label>
          <input
            id={id}
            type="search"
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
            placeholder={t("search_accounts")}
            className="mb-1 min-h-10 w-full rounded-lg border border-edge bg-surface px-3"
          />
        </>
      )}
      <Link href={paths.overview()} onClick={onChosen} className="flex min-h-10 items-center gap-2 rounded-lg px-2 font-medium hover:bg-sunken">
        <Icon name="grid" size={16} />
        {t("all_accounts")}
      </Link>
      {found.map((item) => (
        <Link
          key={item.account_id}
          href={paths.account(item.account_id)}
          onClick={onChosen}
          {...(item.account_id === current && { "aria-current": "page" as const })}
          className={cx("flex min-h-11 items-center justify-between gap-3 rounded-lg px-2 hover:bg-sunken", item.account_id === current && "bg-accent-soft")}
        >
          <span className="min-w-0">
            <Ltr className="block truncate font-medium">{item.login}</Ltr>
            <Ltr className="block truncate text-xs text-muted">{item.server}</Ltr>
          </span>
          <AccountPill item={item} />
        </Link>
      ))}
      {found.length === 0 && <p className="px-2 py-3 text-muted">{t("no_match")}</p>}
    </div>
  );
}
