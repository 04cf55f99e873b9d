"""The supervisor's status as a plain page without scripts, for an operator's browser."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from typing import Any


def render(status: Mapping[str, Any], now: datetime) -> str:
    """Every value of the status: tables for lists of records, definition lists for records."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>Supervisor status</title>"
        '<link rel="stylesheet" href="/api/docs/docs.css"></head>'
        '<body><main class="plain"><h1>Supervisor status</h1>'
        f"<p>{escape(now.isoformat(timespec='seconds'))}</p>{_shown(status)}"
        "</main></body></html>"
    )


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        items = "".join(f"<dt>{escape(str(k))}</dt><dd>{_shown(v)}</dd>" for k, v in value.items())
        return f"<dl>{items}</dl>"
    if isinstance(value, list | tuple):
        return _table(value)
    return "–" if value is None else escape(str(value))


def _table(rows: list[Any] | tuple[Any, ...]) -> str:
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        return escape(", ".join(map(str, rows))) or "–"
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f'<th scope="col">{escape(str(name))}</th>' for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{_shown(row.get(name))}</td>" for name in names) + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f'<div class="scroll">{table}</div>'
