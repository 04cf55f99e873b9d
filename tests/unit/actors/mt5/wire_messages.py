"""Hypothesis strategies for every message of the bridge protocol, read off the message types.

A message is made as the plain value that msgpack carries (lists, strings, numbers), so that a test
can spoil any part of it and encode it as a peer without our types would.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from actors.mt5.wire_answers import Response
from actors.mt5.wire_fields import Message
from actors.mt5.wire_requests import (
    BridgeHello,
    Request,
    SupervisorHello,
    SupervisorProof,
    Welcome,
)

FRAMES: tuple[type[Message], ...] = (
    Request,
    Response,
    SupervisorHello,
    BridgeHello,
    SupervisorProof,
    Welcome,
)
Path = tuple[int, ...]


def _struct(kind: type[Message]) -> inspect.StructType:
    found = inspect.type_info(kind)
    assert isinstance(found, inspect.StructType)
    return found


def kinds_of(frame: type[Message]) -> list[inspect.StructType]:
    """Return the record types that a frame's body may be; the frame's own when it has no body."""
    whole = _struct(frame)
    body = whole.fields[-1].type
    if isinstance(body, inspect.UnionType):
        return [each for each in body.types if isinstance(each, inspect.StructType)]
    return [whole]


EVERY_KIND = [(frame, kind.cls) for frame in FRAMES for kind in kinds_of(frame)]
EVERY_NAME = [f"{frame.__name__}-{kind.__name__}" for frame, kind in EVERY_KIND]


@cache
def plain_message(frame: type[Message], kind: type) -> st.SearchStrategy[list[Any]]:
    """Give valid frames of one body kind as plain values."""
    whole = _struct(frame)
    if whole.cls is kind:
        return _plain(whole)
    body = next(each for each in kinds_of(frame) if each.cls is kind)
    fields = [_plain(field.type) for field in whole.fields[:-1]]
    return st.tuples(*fields, _plain(body)).map(list)


@cache
def any_message() -> st.SearchStrategy[tuple[type[Message], list[Any]]]:
    """Give a frame type and a valid plain value of it."""
    return st.sampled_from(EVERY_KIND).flatmap(
        lambda pair: st.tuples(st.just(pair[0]), plain_message(*pair))
    )


def leaves(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Give every part of a plain value that is no list, with its place."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, (*at, number))
    else:
        yield at, value


def lists(value: Any, at: Path = ()) -> Iterator[Path]:
    """Give the place of every list in a plain value, the value's own first."""
    if isinstance(value, list):
        yield at
        for number, each in enumerate(value):
            yield from lists(each, (*at, number))


def replaced(value: Any, at: Path, other: Any) -> Any:
    """Return a plain value with one place put to ``other``."""
    if not at:
        return other
    first, *rest = at
    changed = list(value)
    changed[first] = replaced(value[first], tuple(rest), other)
    return changed


def part(value: Any, at: Path) -> Any:
    """Return what stands at a place of a plain value."""
    for number in at:
        value = value[number]
    return value


def packed(value: Any) -> bytes:
    """Return a plain value as a payload."""
    return msgspec.msgpack.encode(value)


def _plain(kind: inspect.Type) -> st.SearchStrategy[Any]:
    match kind:
        case inspect.StructType(tag=tag, fields=fields):
            head = [] if tag is None else [st.just(tag)]
            return st.tuples(*head, *(_plain(field.type) for field in fields)).map(list)
        case inspect.UnionType(types=types):
            return st.one_of([_plain(each) for each in types])
        case inspect.VarTupleType(item_type=item):
            return st.lists(_plain(item), max_size=3)
        case inspect.LiteralType(values=values):
            return st.sampled_from(values)
        case inspect.EnumType(cls=cls):
            return st.sampled_from([each.value for each in cls])
        case inspect.IntType(ge=low, le=high):
            return st.integers(low, high)
        case inspect.StrType():
            return _text(kind)
        case inspect.BytesType(min_length=low, max_length=high):
            return st.binary(min_size=low or 0, max_size=high)
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
    raise AssertionError(f"the protocol has a kind of field that no test makes: {kind}")


def _text(kind: inspect.StrType) -> st.SearchStrategy[str]:
    if kind.pattern is not None:
        return st.from_regex(kind.pattern)
    return st.text(min_size=kind.min_length or 0, max_size=kind.max_length)
