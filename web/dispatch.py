"""One way through every route: identify, read, handle, answer."""

import hashlib
import re
from typing import cast

from attrs import frozen
from quart import Request, Response, request
from quart_trio import QuartTrio

from web.asgi import header_values, request_id
from web.auth.idempotency import body_digest, idempotency_key
from web.auth.signature import TIMESTAMP_HEADER
from web.deps import Deps
from web.identity import Guards
from web.problems import Code, Problem
from web.route import Answered, Call, Route, Who
from web.schemas.base import encode, read_body, read_query
from web.streamed import streamed

_JSON = re.compile(r'application/json *(; *charset="?utf-8"?)?', re.IGNORECASE)


@frozen
class Dispatch:
    """The view function of one route."""

    app: QuartTrio
    deps: Deps
    guards: Guards
    route: Route

    async def __call__(self, **path: str) -> Response:
        """Answer the current request. Raises Problem."""
        call = await self._call(request._get_current_object(), path)  # type: ignore[attr-defined]  # noqa: SLF001 - werkzeug's documented way to unwrap the proxy
        return self._response(await self.route.handler(call))

    async def _call(self, asked: Request, path: dict[str, str]) -> Call:
        route = self.route
        principal, caller = await self.guards.identify(route, asked, path)
        if route.spends and asked.method != route.method:
            raise Problem(Code.METHOD_NOT_ALLOWED, headers={"allow": route.method})
        key = idempotency_key(asked) if route.needs_key else ""
        digest = await body_digest(asked, self.deps.pepper) if route.needs_key else b""
        query = read_query(list(asked.args.items(multi=True)), route.query)
        body = None
        if route.body is not None:
            _demand_json(asked)
            raw = await asked.get_data(cache=True, as_text=False, parse_form_data=False)
            body = read_body(raw, route.body)
        now = self.deps.clock.now()
        return Call(
            deps=self.deps,
            request_id=request_id(asked.scope),
            now=now,
            path=path,
            query=query,
            body=body,
            principal=principal,
            caller=caller,
            skew_seconds=_stamp(asked) - int(now.timestamp()) if route.policy.who is Who.S2S else 0,
            idempotency_key=key,
            body_digest=digest,
            accept_encoding=", ".join(header_values(asked.scope, b"accept-encoding")),
            wants_html=any("text/html" in v for v in header_values(asked.scope, b"accept")),
        )

    def _response(self, answered: Answered) -> Response:
        headers = {"content-type": answered.content_type, **answered.headers}
        if answered.stream is not None:
            return streamed(self.app, answered.stream, answered.status, headers)
        body = encode(answered.model) if answered.raw is None else answered.raw
        etag = answered.etag
        if etag is None and self.route.policy.who is Who.USER:
            etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if etag is not None:
            headers["etag"] = etag
            if _matches(request.headers.getlist("if-none-match"), etag):
                headers.pop("content-type")
                headers.pop("content-encoding", None)
                return cast(Response, self.app.response_class(b"", 304, headers))
        return cast(Response, self.app.response_class(body, answered.status, headers))


def _stamp(asked: Request) -> int:
    """The signed timestamp; the guard has checked its form."""
    return int(header_values(asked.scope, TIMESTAMP_HEADER.encode())[0])


def _matches(sent: list[str], etag: str) -> bool:
    """Weak comparison (RFC 9110 13.1.2)."""
    tags = [tag.strip() for line in sent for tag in line.split(",")]
    return "*" in tags or etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in tags]


def _demand_json(asked: Request) -> None:
    """Raises Problem 415 unless the body says once that it is JSON (in UTF-8)."""
    kinds = header_values(asked.scope, b"content-type")
    if len(kinds) != 1 or _JSON.fullmatch(kinds[0]) is None:
        raise Problem(Code.UNSUPPORTED_MEDIA)
