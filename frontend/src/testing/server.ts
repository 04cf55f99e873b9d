import { http, HttpResponse } from "msw";
import { setupServer } from "msw/node";

import type { ProblemCode, Schemas } from "@/shared/api";

import { NOW } from "./builders";

const settings: Schemas["Settings"] = {
  language: "en",
  time_zone: "Asia/Tehran",
  alerts: { warning: true, critical: true, breach: true, connection: true },
  display: { theme: "system", calendar: "gregorian", digits: "latin" },
};

/** What every page may ask. A test adds its own with `server.use(…)`; anything else fails the test. */
export const server = setupServer(
  http.get("*/api/accounts", () => HttpResponse.json({ accounts: [], server_now: NOW } satisfies Schemas["AccountList"])),
  http.get("*/api/accounts/sparklines", () => HttpResponse.json({ sparklines: [] } satisfies Schemas["SparklinesReply"])),
  http.get("*/api/account/:id/settings", () => HttpResponse.json(settings)),
);

/** A refusal as the server tells it. */
export function problem(status: number, code: ProblemCode, requestId = "req"): HttpResponse<Schemas["ProblemDocument"]> {
  const body = { type: "about:blank", title: code, status, detail: code, code, request_id: requestId, errors: [] };
  return HttpResponse.json(body, { status, headers: { "content-type": "application/problem+json" } });
}
