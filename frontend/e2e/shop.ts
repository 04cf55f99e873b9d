import type { BrowserContext, Page } from "playwright-core";

import type { Stage } from "./stage";
import { Watch } from "./watch";

/** What a shop's theme may do to a page; our dashboard stands in the middle of it. */
export const HOSTILE_STYLE = `
  * { letter-spacing: 3px; line-height: 3; box-sizing: content-box; text-transform: uppercase; }
  html { font-size: 10px; } body { font: 30px/3 fantasy; color: #f0f; background: #ff0; margin: 0; }
  button { background: #f00; border: 9px dotted #0f0; padding: 40px; border-radius: 0; }
  h1, h2, p, dl, dd, ul, table { font-size: 70px; margin: 50px; color: #0ff; } a { color: #0f0; font-weight: 900; }
  svg { width: 400px; } input, select { width: 10px; background: #000; }
`;
const TOKEN_URL = "/shop/token";

export interface Grant {
  readonly token: string;
  readonly expires_at: string;
}

export interface Shop {
  page: Page;
  watch: Watch;
  /** How often a token was asked for. */
  asked: () => number;
  /** How many sockets were opened. */
  sockets: () => number;
  /** How the shop answers from now on; null = with a token. */
  refuse: (status: number | null) => void;
}

interface ShopOptions {
  readonly user: number;
  readonly route?: string;
  /** The token that is given at the first, second … asking; absent = a usual one. */
  readonly grant?: (asked: number) => Promise<Grant>;
  readonly style?: string;
  readonly allowed?: RegExp;
}

/** A page of the shop with the dashboard in it, as the WordPress plugin mounts it: by its stable names. */
export async function openShop(context: BrowserContext, stage: Stage, { user, route = "/", grant, style = "", allowed }: ShopOptions): Promise<Shop> {
  let asked = 0;
  let refusal: number | null = null;
  let sockets = 0;
  const page = await context.newPage();
  page.on("websocket", () => (sockets += 1));
  const watch = new Watch(page, allowed ?? null);
  const config = JSON.stringify({ apiUrl: stage.ready.url, ajaxUrl: stage.ready.url + TOKEN_URL, nonce: "abc" });
  const body = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title><link rel="icon" href="data:,">
    <style>${style}</style><link rel="stylesheet" href="/onefunders-analyze.css">
    <script>window.onefundersAnalyze = ${config}</script><script defer src="/onefunders-analyze.js"></script></head>
    <body><h1 id="theirs">Shop</h1><button id="their-button">Buy</button><div id="onefunders-root"></div><p id="after">after</p></body></html>`;
  await page.route(/\/shop\/account$/, (answer) => answer.fulfill({ contentType: "text/html", body }));
  await page.route(/\/shop\/token$/, async (answer) => {
    asked += 1;
    if (refusal !== null) return answer.fulfill({ status: refusal, json: {} });
    return answer.fulfill({ json: { success: true, data: await (grant?.(asked) ?? stage.token(user)) } });
  });
  await page.goto(`${stage.ready.url}/shop/account#${route}`);
  return {
    page,
    watch,
    asked: () => asked,
    sockets: () => sockets,
    refuse: (status) => {
      refusal = status;
    },
  };
}

