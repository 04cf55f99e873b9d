import createClient from "openapi-fetch";

import type { Session } from "../session/session";
import { TokenUnavailable } from "../session/source";
import { NetworkFault, problemOf } from "./problem";
import type { paths } from "./schema";

const KEPT_TAGS = 64;

/** Bearer token on every request, one retry after a 401, and entity tags for what did not change. */
export function authorized(session: Session, fetcher: typeof fetch): (request: Request) => Promise<Response> {
  const kept = new Map<string, { tag: string; body: string }>();

  const send = async (request: Request, token: string): Promise<Response> => {
    const headers = new Headers(request.headers);
    headers.set("authorization", `Bearer ${token}`);
    const known = request.method === "GET" ? kept.get(request.url) : undefined;
    if (known !== undefined) headers.set("if-none-match", known.tag);
    const response = await fetcher(new Request(request.clone(), { headers, cache: "no-store", credentials: "omit" }));
    if (response.status === 304 && known !== undefined) {
      return new Response(known.body, { status: 200, headers: { "content-type": "application/json" } });
    }
    const tag = response.headers.get("etag");
    if (request.method === "GET" && response.status === 200 && tag !== null) {
      kept.delete(request.url);
      kept.set(request.url, { tag, body: await response.clone().text() });
      const oldest = kept.keys().next().value;
      if (kept.size > KEPT_TAGS && oldest !== undefined) kept.delete(oldest);
    }
    return response;
  };

  return async (request) => {
    try {
      const token = await session.token();
      const response = await send(request, token);
      return response.status === 401 ? await send(request, await session.tokenAfter(token)) : response;
    } catch (fault) {
      if (fault instanceof TypeError || fault instanceof TokenUnavailable) throw new NetworkFault(fault);
      throw fault;
    }
  };
}

export type Client = ReturnType<typeof createClient<paths>>;

/** The typed client. It knows no page: faults are thrown, never shown or navigated to. */
export function makeClient(apiUrl: string, session: Session, fetcher: typeof fetch): Client {
  return createClient<paths>({
    baseUrl: apiUrl === "" ? window.location.origin : apiUrl,
    fetch: authorized(session, fetcher),
  });
}

interface Result<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** The data of an answer. Throws ApiProblem when it was refused. */
export function unwrap<Data>(result: Result<Data>): Exclude<Data, undefined> {
  if (!result.response.ok || result.data === undefined) throw problemOf(result.response, result.error);
  return result.data as Exclude<Data, undefined>;
}
