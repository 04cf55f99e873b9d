// Lists the operations of openapi.json and lets a reader try them; the token lives in memory only.
import { onLanguage, show, switchLanguage, word } from "/api/docs/words.js";
let token = null, message = "signed_out";
const make = (name, props = {}, ...children) => { const node = Object.assign(document.createElement(name), props); node.append(...children); return node; };
function session(key) { message = key; const pill = document.getElementById("session"); pill.textContent = word(key); pill.className = `pill ${key === "signed_in" ? "ok" : "warn"}`; }
function use(bearer) { token = bearer; session("signed_in"); }
async function redeem() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (!code) return;
  history.replaceState(null, "", location.pathname);
  const response = await fetch("/api/auth/redeem", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ code }) });
  if (response.ok) use((await response.json()).token); else session("code_gone");
}
const isSigned = (operation) => operation.security.some((scheme) => "signature" in scheme);
function sample(schema, all) {
  if (schema.$ref) return sample(all[schema.$ref.split("/").pop()], all);
  if (schema.default !== undefined) return schema.default;
  if (schema.anyOf) return null;
  if (schema.enum) return schema.enum[0];
  if (schema.type === "object") return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sample(inner, all)]));
  return { integer: 1, number: 1, boolean: true, array: [] }[schema.type] ?? "";
}
function operationCard(path, verb, operation, all) {
  const inside = make("div", { className: "inside" }, make("p", { className: "soft", textContent: operation.description }));
  const card = make("details", {}, make("summary", {}, make("span", { className: `verb ${verb}`, textContent: verb.toUpperCase() }), make("code", { textContent: path }), make("span", { className: "soft", textContent: operation.summary })), inside);
  if (isSigned(operation)) { const note = make("p", { className: "soft" }); note.dataset.word = "signed"; inside.append(note); return card; }
  const inputs = operation.parameters.filter((p) => p.in !== "header").map((p) => { const input = make("input", { spellcheck: false }); return { p, input, label: make("label", {}, p.name, input) }; });
  const content = operation.requestBody?.content["application/json"];
  const body = content ? make("textarea", { rows: 6, value: JSON.stringify(sample(content.schema, all), null, 2), dir: "ltr" }) : null;
  const button = make("button", { type: "button" }), output = make("pre", { hidden: true });
  button.dataset.word = "try";
  button.addEventListener("click", () => attempt(path, verb, inputs, body, output));
  inside.append(make("div", { className: "fields" }, ...inputs.map((i) => i.label)), ...(body ? [body] : []), make("div", {}, button), output);
  return card;
}
async function attempt(path, verb, inputs, body, output) {
  const query = new URLSearchParams();
  for (const { p, input } of inputs) {
    if (p.in === "path") path = path.replace(`{${p.name}}`, encodeURIComponent(input.value.trim()));
    else if (input.value !== "") query.set(p.name, input.value);
  }
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  if (body) headers["content-type"] = "application/json";
  output.hidden = false; output.textContent = "…";
  try {
    const response = await fetch(query.size ? `${path}?${query}` : path, { method: verb.toUpperCase(), headers, body: body?.value, cache: "no-store" });
    const text = await response.text();
    const pretty = response.headers.get("content-type")?.includes("json") ? JSON.stringify(JSON.parse(text), null, 2) : text;
    if (response.status === 401 && token) { token = null; session("expired"); }
    output.textContent = `${response.status}  ${response.headers.get("x-request-id") ?? ""}\n\n${pretty}`;
  } catch (error) { output.textContent = String(error); }
}
async function operations() {
  const api = await (await fetch("/api/openapi.json")).json(), place = document.getElementById("operations");
  for (const { name } of api.tags) {
    place.append(make("h3", { textContent: name }));
    for (const [path, verbs] of Object.entries(api.paths)) for (const [verb, operation] of Object.entries(verbs)) if (operation.tags[0] === name) place.append(operationCard(path, verb, operation, api.components.schemas));
  }
  show();
}
document.getElementById("language").addEventListener("click", switchLanguage);
document.getElementById("theme").addEventListener("click", () => { const root = document.documentElement, dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches; root.dataset.theme = dark ? "light" : "dark"; });
document.getElementById("token-form").addEventListener("submit", (event) => { event.preventDefault(); const field = document.getElementById("token"); if (field.value) use(field.value.trim()); field.value = ""; });
onLanguage(() => session(message));
show();
await Promise.all([redeem(), operations()]);
