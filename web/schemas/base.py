"""The two kinds of models, their encoder, and how a request body or query becomes one."""

import json
import re
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta, Struct

from web.problems import Code, FieldCode, FieldError, Problem

SAFE_INTEGER = 2**53 - 1
MAX_PAGE_SIZE = 200

UserId = Annotated[
    int, Meta(ge=1, le=SAFE_INTEGER, description="WordPress user id; a JSON integer, no string.")
]
PageNumber = Annotated[int, Meta(ge=1, le=1_000_000)]
PageSize = Annotated[int, Meta(ge=1, le=MAX_PAGE_SIZE)]

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_UNKNOWN = re.compile(r"unknown field `(?P<name>.*?)`")
_MISSING = re.compile(r"missing required field `(?P<name>.*?)`")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PATH = re.compile(r" - at `(?P<path>[^`]*)`$")


class Reply(Struct, frozen=True, kw_only=True):
    """A response body. Money is an exact decimal number in whole units; unknown is null."""


class Form(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A request body or query. Unknown fields are refused by name."""


def encode(model: object) -> bytes:
    """JSON of a reply: decimals as exact number literals, times RFC 3339 with Z."""
    return _ENCODER.encode(model)


def read_body(raw: bytes, form: type[T]) -> T:
    """The JSON body as ``form``. Raises Problem: 400 no JSON, 422 with the fields' names."""
    try:
        read = msgspec.json.decode(raw, type=form)
        json.loads(raw, object_pairs_hook=_once, parse_int=str, parse_float=str)
    except msgspec.ValidationError as error:
        refused = error
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(Code.BAD_REQUEST, "The body is not valid JSON.") from error
    else:
        return read
    try:
        sent = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(Code.BAD_REQUEST, "The body is not valid JSON.") from error
    raise _invalid(refused, sent, form) from refused


def _once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises Problem 422 for names that stand twice: readers differ on which value counts."""
    read = dict(members)
    if len(read) < len(members):
        names = [name for name, _ in members]
        doubled = sorted(name for name in read if names.count(name) > 1)
        raise invalid(*(FieldError(name, FieldCode.DUPLICATE) for name in doubled))
    return read


def read_query(pairs: list[tuple[str, str]], form: type[T]) -> T:
    """The query as ``form``. Raises Problem 422: unknown, doubled or ill-formed parameters."""
    sent = dict(pairs)
    names = [name for name, _ in pairs]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise invalid(*(FieldError(name, FieldCode.DUPLICATE) for name in doubled))
    unprintable = sorted(name for name, value in pairs if _CONTROL.search(value))
    if unprintable:
        raise invalid(*(FieldError(name, FieldCode.FORM) for name in unprintable))
    try:
        return msgspec.convert(sent, type=form, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error, sent, form) from error


def invalid(*errors: FieldError) -> Problem:
    """422 that names the refused fields."""
    return Problem(Code.INVALID, errors=errors)


def _invalid(error: msgspec.ValidationError, sent: object, form: type[Any]) -> Problem:
    """What was refused: every unknown top-level field at once, else the one that failed."""
    known = {field.encode_name for field in msgspec.structs.fields(form)}
    if isinstance(sent, dict):
        unknown = sorted(str(name) for name in sent if name not in known)
        if unknown:
            return invalid(*(FieldError(name, FieldCode.UNKNOWN) for name in unknown))
    text = str(error)
    place = _PATH.search(text)
    path = place["path"].removeprefix("$.").removeprefix("$") if place else ""
    for pattern, code in ((_UNKNOWN, FieldCode.UNKNOWN), (_MISSING, FieldCode.MISSING)):
        found = pattern.search(text)
        if found:
            return invalid(FieldError(_join(path, found["name"]), code))
    code = FieldCode.TYPE if "got `" in text else FieldCode.RANGE
    return invalid(FieldError(path or "body", code, _wanted(text)))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _wanted(text: str) -> str:
    """The part that says what was expected: it names types and limits, never a sent value."""
    return _PATH.sub("", text)
