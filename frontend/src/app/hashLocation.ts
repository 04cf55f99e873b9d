import { useSyncExternalStore } from "react";

/**
 * Routes in the address' hash, their query too: `#/account/1/trades?symbol=EURUSD`.
 *
 * wouter's own keeps the query in the page's address, where a WordPress page has its `page_id`.
 */
const inside = (): string => window.location.hash.replace(/^#?\/?/, "/");
const path = (): string => inside().split("?", 1)[0] ?? "/";
const search = (): string => inside().split("?").slice(1).join("?");

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  window.addEventListener("popstate", listener);
  return () => {
    window.removeEventListener("hashchange", listener);
    window.removeEventListener("popstate", listener);
  };
}

function navigate(to: string, { replace = false, state = null }: { replace?: boolean; state?: unknown } = {}): void {
  const url = new URL(window.location.href);
  const oldURL = url.href;
  url.hash = to.replace(/^#?\/?/, "/");
  window.history[replace ? "replaceState" : "pushState"](state, "", url.href);
  window.dispatchEvent(new HashChangeEvent("hashchange", { oldURL, newURL: url.href }));
}

const usePath = (): [string, typeof navigate] => [useSyncExternalStore(subscribe, path), navigate];
const useHashSearch = (): string => useSyncExternalStore(subscribe, search);

export const useHashLocation = Object.assign(usePath, {
  hrefs: (href: string): string => `#${href}`,
  searchHook: useHashSearch,
});
