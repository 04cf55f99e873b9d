// The live table: polls every 2 s with the entity tag, so an unchanged state costs a 304.
import { locale, onLanguage, word } from "/api/docs/words.js";
const COLUMNS = ["account", "state", "tier", "balance", "equity", "daily", "headroom", "overall", "rev", "age"];
const NUMBERS = new Set(["balance", "equity", "headroom", "rev", "age"]);
const shown = new Map();
let tag = null, last = null, offset = 0, token = null, onEnd = () => {};
const money = (value, s) => value === null ? "–" : value.toLocaleString(locale(), { minimumFractionDigits: s.currency_digits ?? 2, maximumFractionDigits: s.currency_digits ?? 2 });
const percent = (value) => value === null ? "–" : `${value.toLocaleString(locale(), { minimumFractionDigits: 2 })}%`;
const isBreached = (s) => s.outcome === "breached" || s.dd_daily_breached || s.dd_all_time_breached;
const isRisky = (s) => !isBreached(s) && (s.tier === "breach_risk" || Math.max(s.dd_daily_used_pct ?? 0, s.dd_all_time_used_pct ?? 0) >= 70);
export function start(bearer, ended) { const running = token !== null; token = bearer; tag = null; onEnd = ended; document.getElementById("live").hidden = false; if (!running) poll(); }
async function poll() {
  const headers = { authorization: `Bearer ${token}` };
  if (tag) headers["if-none-match"] = tag;
  try {
    const response = await fetch("/api/accounts", { headers, cache: "no-store" });
    if (response.status === 401) { token = null; onEnd(); return; }
    if (response.ok) { tag = response.headers.get("etag"); last = await response.json(); offset = Date.parse(last.server_now) - Date.now(); draw(); }
    pulse(response.ok || response.status === 304 ? `${word("updated")} ${new Date().toLocaleTimeString(locale())}` : word("offline"));
    ages();
  } catch (error) { if (!(error instanceof TypeError)) throw error; pulse(word("offline")); }
  setTimeout(poll, document.hidden ? 15000 : 2000);
}
const pulse = (text) => { document.getElementById("pulse").textContent = text; };
function bar(used, pct, limit, s) {
  const box = document.createDocumentFragment(), meter = document.createElement("meter"), small = document.createElement("small");
  meter.max = 100; meter.high = 90; meter.low = 70; meter.optimum = 0; meter.value = Math.min(100, pct ?? 0);
  meter.setAttribute("aria-label", percent(pct)); small.textContent = percent(pct);
  box.append(`${money(used, s)} / ${money(limit, s)}`, meter, small); return box;
}
function cells(item) {
  const s = item.summary, state = document.createElement("span"), who = document.createDocumentFragment(), place = document.createElement("small");
  const bad = isBreached(s);
  state.className = `pill ${bad ? "bad" : s.connection_state === "ready" ? "ok" : "warn"}`;
  state.textContent = bad ? word("breached") : word(s.connection_state);
  place.textContent = `${item.server} · ${item.account_type}`; who.append(item.login, place);
  return { account: who, state, tier: word(s.tier), balance: money(s.balance_current, s), equity: money(s.equity_current, s), daily: bar(s.dd_daily_used, s.dd_daily_used_pct, s.dd_daily_limit, s), headroom: money(s.dd_daily_headroom, s), overall: bar(s.dd_all_time_used, s.dd_all_time_used_pct, s.dd_all_time_limit, s), rev: String(s.rev), age: "" };
}
function draw() {
  const head = document.getElementById("columns"), body = document.getElementById("rows");
  head.replaceChildren(...COLUMNS.map((name) => { const th = document.createElement("th"); th.scope = "col"; th.textContent = word(name); if (NUMBERS.has(name)) th.className = "n"; return th; }));
  body.replaceChildren(...last.accounts.map(row));
  if (!last.accounts.length) { const tr = document.createElement("tr"), td = document.createElement("td"); td.colSpan = COLUMNS.length; td.textContent = word("none"); tr.append(td); body.append(tr); }
  tiles(); ages();
}
function row(item) {
  const tr = document.createElement("tr"), s = item.summary, made = cells(item);
  if (isBreached(s)) tr.classList.add("breached");
  if (s.stale) tr.classList.add("stale");
  for (const name of COLUMNS) {
    const td = document.createElement("td"), key = `${item.account_id} ${name}`;
    td.append(made[name]);
    if (NUMBERS.has(name)) td.classList.add("n");
    if (name === "age") td.dataset.asOf = s.as_of ?? "";
    else { if (shown.has(key) && shown.get(key) !== td.textContent) td.classList.add("flash"); shown.set(key, td.textContent); }
    tr.append(td);
  }
  return tr;
}
function ages() {
  for (const td of document.querySelectorAll("td[data-as-of]")) {
    const age = Math.max(0, Math.round((Date.now() + offset - Date.parse(td.dataset.asOf)) / 1000));
    td.textContent = Number.isNaN(age) ? "–" : `${age.toLocaleString(locale())} ${word("seconds")}`;
  }
}
function tiles() {
  const all = last.accounts, risky = all.filter((a) => isRisky(a.summary)).length;
  const counts = [["total", all.length, ""], ["ready", all.filter((a) => a.summary.connection_state === "ready").length, "ok"], ["risk", risky, "warn"], ["breached", all.filter((a) => isBreached(a.summary)).length, "bad"]];
  document.getElementById("tiles").replaceChildren(...counts.map(([key, count, tone]) => { const tile = document.createElement("div"), b = document.createElement("b"); tile.className = "tile"; b.className = count ? tone : ""; b.textContent = count.toLocaleString(locale()); tile.append(b, word(key)); return tile; }));
}
onLanguage(() => { if (last) { shown.clear(); draw(); } });
