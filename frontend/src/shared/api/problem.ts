import type { Schemas } from "./types";

export type ProblemCode = Schemas["Code"];

/** The server refused: RFC 9457, with a code that the page translates and the id for support. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: ProblemCode,
    readonly requestId: string | null,
    readonly fields: readonly Schemas["ProblemField"][],
    /** Seconds to wait, where the server said so. */
    readonly retryAfter: number | null,
  ) {
    super(`${status} ${code}`);
    this.name = "ApiProblem";
  }
}

/** No answer at all: the network, or a server that is down. */
export class NetworkFault extends Error {
  constructor(cause: unknown) {
    super("no answer", { cause });
    this.name = "NetworkFault";
  }
}

const isDocument = (body: unknown): body is Schemas["ProblemDocument"] =>
  typeof body === "object" && body !== null && "code" in body && typeof body.code === "string";

/** The problem that a refused response tells; a proxy's own error page becomes a plain code. */
export function problemOf(response: Response, body: unknown): ApiProblem {
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const known = isDocument(body) ? body : null;
  return new ApiProblem(
    response.status,
    known?.code ?? (response.status >= 500 ? "unavailable" : "bad_request"),
    known?.request_id ?? response.headers.get("x-request-id"),
    known?.errors ?? [],
    Number.isFinite(wait) ? wait : null,
  );
}
