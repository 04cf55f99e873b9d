import { lazy, type ReactNode, Suspense, useSyncExternalStore } from "react";
import { Link, useRoute } from "wouter";

import { paths, patterns } from "@/config/paths";
import { useAccounts } from "@/shared/api";
import { choose, usePreferences, useWords } from "@/shared/i18n";
import { Banner, cx, IconButton } from "@/shared/ui";

import type { Announcer } from "./announcer";
import { ConnectionBanner } from "./ConnectionBanner";
import { MainPart } from "./MainPart";
import { appWords } from "./words";

// Both hold a popover, which is heavier than the rest of the shell: their own chunks.
const AccountSwitcher = lazy(() => import("./AccountSwitcher"));
const Clocks = lazy(() => import("./Clocks"));

/** The account that the address names, on any of its pages. */
export function useAddressedAccount(): string | null {
  const [onPage, page] = useRoute(patterns.account);
  const [deeper, below] = useRoute("/account/:id/*");
  return onPage ? page.id : deeper ? below.id : null;
}

/** What surrounds every page: brand, account switcher, clocks, language, theme, banners. */
export function Shell({ announcer, children }: { announcer: Announcer; children: ReactNode }) {
  const t = useWords(appWords);
  const account = useAddressedAccount();
  return (
    <>
      <a
        href="#of-main"
        onClick={(event) => {
          event.preventDefault(); // the hash holds the route
          document.getElementById("of-main")?.focus();
        }}
        className="sr-only z-50 rounded-lg bg-accent px-4 py-2 text-on-accent focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {t("skip")}
      </a>
      <header className="sticky top-0 z-30 border-b border-line bg-surface">
        <div className="mx-auto flex min-h-14 max-w-6xl flex-wrap items-center gap-x-2 gap-y-1 px-4 py-2 sm:gap-x-3 sm:px-6">
          <Brand />
          <Suspense fallback={<span className="h-8 w-28" />}>
            <AccountSwitcher current={account} />
          </Suspense>
          <div className="ms-auto flex items-center gap-1">
            <Suspense fallback={<span className="h-9 w-9 md:w-32" />}>
              <Clocks account={account} />
            </Suspense>
            <LanguageSwitch />
            <ThemeSwitch />
          </div>
        </div>
        {account !== null && <AccountNav account={account} />}
      </header>
      <MainPart id="of-main" tabIndex={-1} className="mx-auto flex max-w-6xl flex-col gap-4 px-4 pb-16 pt-5 outline-none sm:px-6 sm:pt-8">
        <BreachBanner announcer={announcer} />
        <ConnectionBanner />
        <Suspense fallback={null}>{children}</Suspense>
      </MainPart>
    </>
  );
}

function Brand() {
  const t = useWords(appWords);
  return (
    <Link href={paths.overview()} aria-label={t("product")} className="flex min-h-9 shrink-0 items-center gap-2.5 rounded-lg">
      <svg aria-hidden="true" viewBox="0 0 32 32" width="28" height="28">
        <rect width="32" height="32" rx="9" className="fill-accent" />
        <path d="M7 20.5 13 14l4.5 4.5L25 10.5" fill="none" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" className="stroke-on-accent" />
      </svg>
      <span className="hidden text-sm font-semibold tracking-tight text-ink lg:block">{t("product")}</span>
    </Link>
  );
}

function AccountNav({ account }: { account: string }) {
  const t = useWords(appWords);
  const links = [
    [paths.account(account), t("page_account")],
    [paths.trades(account), t("page_trades")],
    [paths.settings(account), t("page_settings")],
  ] as const;
  return (
    <nav aria-label={t("main")} className="mx-auto flex max-w-6xl gap-6 px-4 sm:px-6">
      {links.map(([href, label]) => (
        <NavLink key={href} href={href}>
          {label}
        </NavLink>
      ))}
    </nav>
  );
}

function NavLink({ href, children }: { href: string; children: string }) {
  const [here] = useRoute(href);
  return (
    <Link
      href={href}
      {...(here && { "aria-current": "page" as const })}
      className={cx(
        "-mb-px flex min-h-10 items-center border-b-2 text-sm font-medium",
        here ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
      )}
    >
      {children}
    </Link>
  );
}

function LanguageSwitch() {
  const { language } = usePreferences();
  const other = language === "en" ? "fa" : "en";
  const names = { en: "English", fa: "فارسی" } as const; // each language in its own words
  return (
    <button
      type="button"
      lang={other}
      onClick={() => choose({ language: other })}
      className="min-h-9 rounded-lg px-2.5 text-sm font-medium text-muted hover:bg-sunken hover:text-ink"
    >
      {names[other]}
    </button>
  );
}

function ThemeSwitch() {
  const t = useWords(appWords);
  const { theme } = usePreferences();
  const system = useSyncExternalStore(watchSystem, systemIsDark);
  const dark = theme === "dark" || (theme === "system" && system);
  return (
    <IconButton
      icon={dark ? "sun" : "moon"}
      label={dark ? t("theme_to_light") : t("theme_to_dark")}
      onClick={() => choose({ theme: dark ? "light" : "dark" })}
    />
  );
}

const darkQuery = "(prefers-color-scheme: dark)";
const systemIsDark = (): boolean => window.matchMedia(darkQuery).matches;
function watchSystem(listener: () => void): () => void {
  const query = window.matchMedia(darkQuery);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** A breach that happened while the page was open: said at once, and once. */
function BreachBanner({ announcer }: { announcer: Announcer }) {
  const t = useWords(appWords);
  const violation = useSyncExternalStore(announcer.subscribe, announcer.read);
  const login = useAccounts().data?.accounts.find((item) => item.account_id === violation?.account_id)?.login;
  if (violation === null) return null;
  return (
    <Banner
      tone="bad"
      icon="cross"
      live="assertive"
      action={<IconButton icon="cross" label={t("dismiss")} onClick={announcer.dismiss} />}
    >
      <Link href={paths.violation(violation.account_id, violation.violation_id)} className="underline underline-offset-4">
        {t("breach_told", { login: login ?? "" })}
      </Link>
    </Banner>
  );
}
