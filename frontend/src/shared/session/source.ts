import type { Env } from "@/config/env";

/** A bearer token and the instant, in our clock's milliseconds, at which it ends. */
export interface Grant {
  readonly token: string;
  readonly expiresAt: number;
}

/** What a source says: a token, or that this user has no account at all. */
export type Answer = Grant | { readonly noAccounts: true };

/** Where tokens come from. `renewable` = it can be asked again for a fresh one. */
export interface TokenSource {
  readonly renewable: boolean;
  ask(): Promise<Answer>;
}

/** The session is over and only a new page, or the shop, can begin another. */
export class SessionEnded extends Error {
  constructor(readonly reason: "refused" | "used" | "missing") {
    super(`session ended: ${reason}`);
    this.name = "SessionEnded";
  }
}

/** The source could not be reached or was busy; ask again later. */
export class TokenUnavailable extends Error {
  constructor(readonly status: number | null) {
    super(`no token for now (${status ?? "network"})`);
    this.name = "TokenUnavailable";
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Reads a token reply, also in WordPress' `{success, data}` envelope; null = not as agreed. */
export function readAnswer(body: unknown): Answer | null {
  if (!isObject(body)) return null;
  const data = isObject(body["data"]) ? body["data"] : body;
  if (data["no_accounts"] === true) return { noAccounts: true };
  const { token, expires_at: ends } = data;
  if (typeof token !== "string" || token === "" || typeof ends !== "string") return null;
  const expiresAt = Date.parse(ends);
  return Number.isNaN(expiresAt) ? null : { token, expiresAt };
}

async function post(url: string, init: RequestInit, fetcher: typeof fetch): Promise<unknown> {
  let response: Response;
  try {
    response = await fetcher(url, { method: "POST", cache: "no-store", ...init });
  } catch {
    throw new TokenUnavailable(null);
  }
  if (response.status === 429 || response.status >= 500) throw new TokenUnavailable(response.status);
  if (!response.ok) throw new SessionEnded("refused");
  return response.json().catch(() => null);
}

/** WordPress' admin-ajax with the page's nonce; the server there knows who is logged in. */
export function ajaxSource(ajax: NonNullable<Env["ajax"]>, fetcher: typeof fetch): TokenSource {
  return {
    renewable: true,
    async ask() {
      const form = new URLSearchParams({ action: ajax.action, nonce: ajax.nonce, _ajax_nonce: ajax.nonce });
      const body = await post(ajax.url, { body: form, credentials: "same-origin" }, fetcher);
      const answer = readAnswer(body);
      if (answer === null) throw new SessionEnded("refused"); // WordPress says 0 or -1 to a stranger
      return answer;
    },
  };
}

/** The one-time code of the address' fragment, redeemed once. */
export function codeSource(apiUrl: string, code: string, fetcher: typeof fetch): TokenSource {
  let used = false;
  return {
    renewable: false,
    async ask() {
      if (used) throw new SessionEnded("used");
      const init = {
        body: JSON.stringify({ code }),
        headers: { "content-type": "application/json" },
        credentials: "omit" as const,
      };
      const answer = readAnswer(await post(`${apiUrl}/api/auth/redeem`, init, fetcher));
      used = true;
      if (answer === null) throw new SessionEnded("refused");
      return answer;
    },
  };
}

const missing: TokenSource = {
  renewable: false,
  ask: () => Promise.reject(new SessionEnded("missing")),
};

/** Takes the one-time code out of the address, so that neither history nor a copied link holds it. */
export function takeCode(location: Location, history: History): string | null {
  const code = /^#code=([A-Za-z0-9._~-]+)$/.exec(location.hash)?.[1] ?? null;
  if (location.hash.startsWith("#code=")) history.replaceState(null, "", `${location.pathname}${location.search}#/`);
  return code;
}

/** The source that fits this page. */
export function sourceFor(env: Env, code: string | null, fetcher: typeof fetch): TokenSource {
  if (env.ajax !== null) return ajaxSource(env.ajax, fetcher);
  return code === null ? missing : codeSource(env.apiUrl, code, fetcher);
}
