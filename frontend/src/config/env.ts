/**
 * Where this page runs and whom it asks: read once, checked, and every fault named.
 *
 * In a WordPress page `window.onefundersAnalyze` holds it (wp_localize_script); on its own origin a
 * `<script type="application/json" id="onefunders-config">` may, and nothing at all is needed.
 */
export interface Env {
  /** Origin of the API, no slash at the end; "" = the page's own origin. */
  readonly apiUrl: string;
  /** WordPress' admin-ajax address and nonce, where the page is a WordPress page. */
  readonly ajax: { readonly url: string; readonly action: string; readonly nonce: string } | null;
  /** The shop's page for buying or activating an account. */
  readonly shopUrl: string | null;
  /** The shop's form for a changed investor password. This page never takes a password. */
  readonly passwordUrl: string | null;
  /** The shop's page that opens this dashboard anew. */
  readonly reopenUrl: string | null;
  /** The page's language where the reader has chosen none. */
  readonly language: "en" | "fa" | null;
}

type Raw = Readonly<Record<string, unknown>>;

declare global {
  interface Window {
    onefundersAnalyze?: unknown;
  }
}

/** Tells every fault of the configuration at once. */
export class EnvFault extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`configuration: ${faults.join("; ")}`);
    this.name = "EnvFault";
  }
}

const isRaw = (value: unknown): value is Raw => typeof value === "object" && value !== null;

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text, window.location.href)) return false;
  return /^https?:$/.test(new URL(text, window.location.href).protocol);
}

/** Checks a raw configuration. Throws EnvFault naming all that is wrong or missing. */
export function readEnv(raw: unknown): Env {
  const given: Raw = isRaw(raw) ? raw : {};
  const faults: string[] = [];
  const text = (key: string): string | null => {
    const value = given[key];
    if (value === undefined || value === null || value === "") return null;
    if (typeof value === "string") return value;
    faults.push(`${key} must be a text`);
    return null;
  };
  const address = (key: string): string | null => {
    const value = text(key);
    if (value === null || isWebAddress(value)) return value;
    faults.push(`${key} must be an http or https address`);
    return null;
  };
  const language = text("language")?.slice(0, 2).toLowerCase() ?? null;
  const ajaxUrl = address("ajaxUrl");
  const nonce = text("nonce");
  if (ajaxUrl !== null && nonce === null) faults.push("nonce is missing beside ajaxUrl");
  if (ajaxUrl === null && nonce !== null) faults.push("ajaxUrl is missing beside nonce");
  const env: Env = {
    apiUrl: (address("apiUrl") ?? "").replace(/\/+$/, ""),
    ajax: ajaxUrl !== null && nonce !== null ? { url: ajaxUrl, action: text("action") ?? "onefunders_token", nonce } : null,
    shopUrl: address("shopUrl"),
    passwordUrl: address("passwordUrl"),
    reopenUrl: address("reopenUrl"),
    language: language === "en" || language === "fa" ? language : null,
  };
  if (faults.length > 0) throw new EnvFault(faults);
  return env;
}

/** The raw configuration of the page that we run in. */
export function pageConfig(): unknown {
  if (window.onefundersAnalyze !== undefined) return window.onefundersAnalyze;
  const script = document.getElementById("onefunders-config")?.textContent;
  return script ? (JSON.parse(script) as unknown) : {};
}
