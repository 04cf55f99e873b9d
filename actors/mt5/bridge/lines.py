"""How a worker and its bridge talk: one JSON document a line. Standard library only."""

import json
from typing import Any

MAX_LINE_BYTES = 64 << 20


def encode(message: dict[str, Any]) -> bytes:
    """One line."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def decode(line: bytes) -> dict[str, Any]:
    """The message of a line. Raises ValueError, never with the line's text."""
    try:
        message = json.loads(line)
    except ValueError:
        raise ValueError("not a line of JSON") from None
    if not isinstance(message, dict):
        raise ValueError("a message is a JSON object")
    return message
