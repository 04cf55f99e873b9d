"""The difference of two plan versions, field by field, in the plan document's own words."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from actors.domain.plan import Plan

_NAMED_BY = {"phases": "name", "rules": "id"}


@frozen
class Change:
    """One field that differs; None where a plan does not have it."""

    path: str
    before: str | None
    after: str | None


def differences(before: Plan, after: Plan) -> tuple[Change, ...]:
    """Every field that differs, in the order of the first plan, then what only the second has.

    Phases are matched by name and rules by id, so that moving one is no difference.
    """
    old = dict(_fields(json.loads(before.document), ""))
    new = dict(_fields(json.loads(after.document), ""))
    return tuple(
        Change(path, old.get(path), new.get(path))
        for path in {**old, **new}
        if old.get(path) != new.get(path)
    )


def _fields(value: Any, path: str, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _fields(item, f"{path}.{name}" if path else name, name)
    elif isinstance(value, list):
        for item in value:
            yield from _fields(item, f"{path}[{item[_NAMED_BY[key]]}]")
    else:
        yield path, str(value)
