"""Logs: one JSON line per event, scrubbed of secrets by key, by type and by value.

A secret can reach a log line under any key, inside any text, in an exception's message. So the
last processor works on the finished line: every value that is known to be secret is replaced.
Tracebacks carry no local variables.
"""

import logging
import sys
from collections import OrderedDict
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_DENIED = ("pass", "secret", "token", "signature", "authorization", "cookie", "pepper", "code_text")
_MASK = "[redacted]"
_SHORTEST = 6
_REMEMBERED = 512


class Scrubber:
    """Remembers secret values, newest first, and takes them out of finished lines.

    Values under six characters are not remembered: they would blank out ordinary words; the
    deny-list by key still covers them.
    """

    def __init__(self) -> None:
        self._values: OrderedDict[str, None] = OrderedDict()

    def remember(self, value: str | bytes) -> None:
        """Never let ``value`` pass in a line from now on."""
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        if len(text) < _SHORTEST:
            return
        self._values[text] = None
        self._values.move_to_end(text)
        while len(self._values) > _REMEMBERED:
            self._values.popitem(last=False)

    def scrub(self, line: str) -> str:
        """Return ``line`` with every remembered value masked, also in its JSON-escaped form."""
        for value in self._values:
            if value in line:
                line = line.replace(value, _MASK)
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            if escaped != value and escaped in line:
                line = line.replace(escaped, _MASK)
        return line


def deny_by_key(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Mask every value whose key sounds like a credential."""
    for key in event:
        lowered = key.lower()
        if any(word in lowered for word in _DENIED):
            event[key] = _MASK
    return event


def configure_logs(scrubber: Scrubber, level: str = "info", stream: TextIO | None = None) -> None:
    """Send structlog and the standard library's loggers through one scrubbed pipeline.

    JSON lines to ``stream`` (stderr unless given); words in colour when it is a terminal.
    """
    out = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        deny_by_key,
    ]
    if out.isatty():
        renderer: Any = structlog.dev.ConsoleRenderer(exception_formatter=_plain_traceback)
    else:
        renderer = structlog.processors.JSONRenderer(ensure_ascii=False)

    def render(logger: Any, method: str, event: MutableMapping[str, Any]) -> str:
        return scrubber.scrub(str(renderer(logger, method, event)))

    threshold = getattr(logging, level.upper())
    structlog.configure(
        processors=[*shared, render],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(threshold, logging.WARNING))


def _plain_traceback(sio: TextIO, exc_info: Any) -> None:
    structlog.dev.plain_traceback(sio, exc_info)
