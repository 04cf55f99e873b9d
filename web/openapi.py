"""The OpenAPI 3.1 document, made from the route table and the models.

``python -m web.openapi`` writes ``web/openapi.json``, which is committed and served.
"""

import inspect
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from web.problems import PROBLEM_TYPE, PROBLEMS, Code
from web.route import Raw, Route, Who
from web.route_table import GROUPS, ROUTES
from web.schemas.live import LiveCloseCode, LiveMessage, LiveRequest
from web.schemas.messages import MessageCode
from web.schemas.problem import ConnectProblem, ProblemDocument

TARGET = Path(__file__).with_name("openapi.json")
_REF = "#/components/schemas/{name}"

_SIGNED: list[dict[str, list[str]]] = [{"signature": [], "timestamp": [], "nonce": [], "keyId": []}]
_SECURITY: Mapping[Who, list[dict[str, list[str]]]] = {
    Who.PUBLIC: [],
    Who.PUBLIC_OR_OPS: [{}, *_SIGNED],
    Who.LOOPBACK: [],
    Who.FIRST_MESSAGE: [],
    Who.USER: [{"bearer": []}],
    Who.USER_CHANGE: [{"bearer": []}],
    Who.S2S: _SIGNED,
    Who.OPS: _SIGNED,
}
_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of /api/auth/exchange or /api/auth/redeem, 15 minutes.",
    },
    **{
        name: {"type": "apiKey", "in": "header", "name": header, "description": text}
        for name, header, text in (
            ("signature", "X-OneFunders-Signature", "v1=<64 hex>, HMAC-SHA256."),
            ("timestamp", "X-OneFunders-Timestamp", "Unix seconds, within 300 s."),
            ("nonce", "X-OneFunders-Nonce", "16 to 64 of A-Z a-z 0-9 _ -, used once."),
            ("keyId", "X-OneFunders-Key", "Key id; absent means primary."),
        )
    },
}

_SUCCESS = {101: "Switching protocols", 202: "Under way", 302: "Found"}
_UNIONS = {"LiveMessage": LiveMessage, "LiveRequest": LiveRequest}
"""Models without a name of their own: what a socket may say, and what it is told."""


def document() -> dict[str, Any]:
    """The whole document as JSON-ready values."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for tag, routes in GROUPS:
        for route in routes:
            operation = _operation(route, tag, schemas)
            paths.setdefault(route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OneFunders Analyze",
            "version": "1",
            "description": "Watches MetaTrader 5 accounts and proves every verdict. Money is an "
            "exact decimal number in whole units of the account's currency; unknown is null; "
            "times are RFC 3339 UTC.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag, _ in GROUPS],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.items())), "securitySchemes": _SCHEMES},
    }


def _models() -> list[Any]:
    """Every model that a route takes or gives, in a stable order, and the message codes."""
    models: dict[Any, None] = dict.fromkeys(
        (ProblemDocument, ConnectProblem, MessageCode, LiveCloseCode)
    )
    for route in ROUTES:
        models[route.query] = None
        if route.body is not None:
            models[route.body] = None
        for reply in route.replies.values():
            if isinstance(reply, type):
                models[reply] = None
    return list(models)


def _schemas() -> dict[str, Any]:
    """The models' schemas, and those of the live messages' unions under names of their own."""
    unions, schemas = msgspec.json.schema_components(
        [*_UNIONS.values(), *_models()], ref_template=_REF
    )
    named = dict(zip(_UNIONS, unions, strict=False))
    patched: dict[str, Any] = _numbers(schemas | named)
    return patched


def _numbers(node: Any) -> Any:
    """Decimals are written as JSON numbers, which the schema generator cannot know."""
    if isinstance(node, dict):
        if node.get("type") == "string" and node.get("format") == "decimal":
            return {**{k: v for k, v in node.items() if k != "format"}, "type": "number"}
        return {key: _numbers(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_numbers(value) for value in node]
    return node


def _operation(route: Route, tag: str, schemas: Mapping[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [tag],
        "summary": route.title,
        "description": _description(route),
        "security": _SECURITY[route.policy.who],
        "parameters": [*_parameters(route, schemas)],
        "responses": _responses(route),
    }
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(route.body)}},
        }
    return operation


def _description(route: Route) -> str:
    scope = f", scope {route.policy.scope}" if route.policy.scope else ""
    said = inspect.cleandoc(route.handler.__doc__ or "")
    return f"{said} Access: {route.policy.who}{scope}. Limit: {route.limit}."


def _parameters(route: Route, schemas: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for name in route.parameters:
        yield {"name": name, "in": "path", "required": True, "schema": _path_schema(name)}
    query = schemas[route.query.__name__]
    for name, schema in query.get("properties", {}).items():
        yield {"name": name, "in": "query", "required": False, "schema": schema}
    if route.needs_key:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{8,128}$"},
        }
    if route.policy.who is Who.USER:
        yield {
            "name": "If-None-Match",
            "in": "header",
            "required": False,
            "schema": {"type": "string"},
        }


def _path_schema(name: str) -> dict[str, Any]:
    if name == "wp_user_id":
        return {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
    return {"type": "string", "format": "uuid"} if name.endswith("_id") else {"type": "string"}


def _responses(route: Route) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for status, reply in route.replies.items():
        answers[str(status)] = _success(status, reply, tagged=route.policy.who is Who.USER)
    if route.policy.who is Who.USER:
        answers["304"] = {"description": "Not modified: the sent entity tag still holds."}
    model = ConnectProblem if route.tells_success else ProblemDocument
    for status, codes in sorted(_refusals(route).items()):
        content = {PROBLEM_TYPE: {"schema": _ref(model)}}
        kept = answers.get(str(status))
        if kept is not None:
            kept["content"].update(content)
        else:
            answers[str(status)] = {"description": ", ".join(codes), "content": content}
    return answers


def _success(status: int, reply: type | Raw | None, *, tagged: bool) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": _SUCCESS.get(status, "Done")}
    if isinstance(reply, Raw):
        answer["content"] = {reply.content_type: {"schema": {"type": "string"}}}
    elif reply is not None:
        answer["content"] = {"application/json": {"schema": _ref(reply)}}
    if tagged:
        answer["headers"] = {"ETag": {"schema": {"type": "string"}}}
    return answer


def _refusals(route: Route) -> dict[int, list[str]]:
    """Problem codes by status: what policy, body, query and path imply, and the handler's own."""
    who = route.policy.who
    codes = {Code.RATE_LIMITED, Code.INTERNAL, Code.INVALID, Code.BAD_REQUEST, *route.refusals}
    codes |= {Code.TOO_LARGE, Code.REQUEST_TIMEOUT, Code.UNSUPPORTED_MEDIA}
    if who not in (Who.PUBLIC, Who.LOOPBACK, Who.FIRST_MESSAGE):
        codes |= {Code.UNAUTHORIZED, Code.UNAVAILABLE}
    if who in (Who.S2S, Who.OPS, Who.PUBLIC_OR_OPS):
        codes.add(Code.FORBIDDEN)
    if who is Who.OPS:
        codes |= {Code.MISDIRECTED, Code.ORIGIN_REFUSED}
    if who is Who.USER_CHANGE:
        codes.add(Code.READ_ONLY)
    if route.parameters or who is Who.LOOPBACK:
        codes.add(Code.NOT_FOUND)
    if route.needs_key:
        codes.add(Code.IDEMPOTENCY_KEY_REQUIRED)
    found: dict[int, list[str]] = {}
    for code in sorted(codes):
        found.setdefault(PROBLEMS[code].status, []).append(code.value)
    return found


def _ref(model: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=model.__name__)}


def rendered() -> str:
    """The document as the committed text."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(rendered(), encoding="utf-8")
    sys.stdout.write(f"wrote {TARGET.name}\n")
