"""What the real package was recorded to have: constants, and its structs as named tuples."""

import json
from collections import namedtuple
from pathlib import Path
from typing import Any

RECORDED: dict[str, Any] = json.loads((Path(__file__).parent / "recorded.json").read_text("utf-8"))
CONSTANTS: dict[str, int] = RECORDED["constants"]
STRUCTS: dict[str, Any] = {
    name: namedtuple(name, fields) for name, fields in RECORDED["structs"].items()
}
globals().update(STRUCTS)  # pickling looks them up by name


def struct(kind: str, **known: Any) -> Any:
    """Return a struct with what is known, 0 or an empty text elsewhere."""
    made = STRUCTS[kind]
    texts = {"symbol", "comment", "external_id", "name", "server", "currency", "company", "path"}
    texts |= {"currency_base", "currency_profit", "currency_margin", "description", "language"}
    texts |= {"mqid", "data_path", "commondata_path", "basis", "category", "bank", "exchange"}
    texts |= {"formula", "isin", "page"}
    unknown = set(known) - set(made._fields)
    if unknown:
        raise AttributeError(f"{kind} has no {', '.join(sorted(unknown))}")
    return made(*(known.get(name, "" if name in texts else 0) for name in made._fields))
