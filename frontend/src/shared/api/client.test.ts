import { describe, expect, it } from "vitest";

import { Session } from "../session/session";
import { SessionEnded, TokenUnavailable } from "../session/source";
import { authorized } from "./client";
import { NetworkFault, problemOf } from "./problem";
import { mayRetry, retryDelay } from "./queryClient";

const URL = "https://api.example/api/accounts";

/** A session that gives t1, then t2 …, and a server that answers as told. */
function stage(answer: (token: string, request: Request) => Response) {
  let given = 0;
  const ask = () => Promise.resolve({ token: `t${(given += 1)}`, expiresAt: 1_000 });
  const session = new Session({ renewable: true, ask }, { now: () => 0, random: () => 0.5, after: () => () => undefined });
  const seen: Request[] = [];
  const send = authorized(session, (input) => {
    const request = input as Request;
    seen.push(request);
    return Promise.resolve(answer((request.headers.get("authorization") ?? "").replace("Bearer ", ""), request));
  });
  return { send, seen };
}

describe("authorized requests", () => {
  it("are tried once more with a fresh token after a 401, body included", async () => {
    const { send, seen } = stage((token) => new Response(null, { status: token === "t1" ? 401 : 200 }));
    const response = await send(new Request(URL, { method: "PUT", body: "{}" }));
    expect(response.status).toBe(200);
    expect(seen).toHaveLength(2);
    expect(await seen[1]!.text()).toBe("{}");
  });

  it("give up after the second 401", async () => {
    const { send, seen } = stage(() => new Response(null, { status: 401 }));
    expect((await send(new Request(URL))).status).toBe(401);
    expect(seen).toHaveLength(2);
  });

  it("never carry the token in the address, nor go with a cookie", async () => {
    const { send, seen } = stage(() => new Response("{}"));
    await send(new Request(URL));
    expect(seen[0]!.url).toBe(URL);
    expect(seen[0]!.credentials).toBe("omit");
  });

  it("turn a 304 into what was known", async () => {
    const { send } = stage((_, request) =>
      request.headers.get("if-none-match") === "W/1"
        ? new Response(null, { status: 304 })
        : new Response('{"rev":1}', { headers: { etag: "W/1" } }),
    );
    await send(new Request(URL));
    const again = await send(new Request(URL));
    expect([again.status, await again.json()]).toEqual([200, { rev: 1 }]);
  });

  it("tell a dead network as such", async () => {
    const { send } = stage(() => {
      throw new TypeError("Failed to fetch");
    });
    await expect(send(new Request(URL))).rejects.toBeInstanceOf(NetworkFault);
  });

  it("tell an ended session as such, and a source that is away as the network", async () => {
    const world = { now: () => 0, random: () => 0, after: () => () => undefined };
    const none: typeof fetch = () => Promise.reject(new Error("must not be asked"));
    const ended = new Session({ renewable: true, ask: () => Promise.reject(new SessionEnded("refused")) }, world);
    await expect(authorized(ended, none)(new Request(URL))).rejects.toBeInstanceOf(SessionEnded);
    const away = new Session({ renewable: true, ask: () => Promise.reject(new TokenUnavailable(503)) }, world);
    await expect(authorized(away, none)(new Request(URL))).rejects.toBeInstanceOf(NetworkFault);
  });
});

describe("faults", () => {
  const refused = (status: number, headers: Record<string, string> = {}) =>
    problemOf(new Response(null, { status, headers }), { code: status === 429 ? "rate_limited" : "forbidden", request_id: "r", errors: [] });

  it("are asked again only where that may help", () => {
    expect(mayRetry(0, refused(403))).toBe(false);
    expect(mayRetry(0, new SessionEnded("refused"))).toBe(false);
    expect(mayRetry(0, refused(429))).toBe(true);
    expect(mayRetry(0, new NetworkFault(null))).toBe(true);
    expect(mayRetry(2, new NetworkFault(null))).toBe(false);
  });

  it("wait as long as the server says", () => {
    expect(retryDelay(0, refused(429, { "retry-after": "7" }))).toBe(7_000);
    expect(retryDelay(2, new NetworkFault(null), () => 1)).toBe(4_000);
  });

  it("of a proxy without a problem document still have a code and an id", () => {
    const fault = problemOf(new Response("<html>", { status: 502, headers: { "x-request-id": "r9" } }), "<html>");
    expect([fault.status, fault.code, fault.requestId]).toEqual([502, "unavailable", "r9"]);
  });
});
