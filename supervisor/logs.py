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

from supervisor.spellings import spellings

_DENIED = ("pass", "secret", "token", "signature", "authorization", "cookie", "pepper", "code_text")
_MASK = "[redacted]"
_SHORTEST = 6
_REMEMBERED = 512


class Scrubber:
    """Remembers secret values and takes every spelling of them out of finished lines.

    Those of the process itself are kept for good, others (passwords that pass through) until 512
    newer ones have come. Values under six bytes are not remembered: they would blank out ordinary
    words; the deny-list by key still covers them.
    """

    def __init__(self) -> None:
        self._kept: dict[bytes, tuple[str, ...]] = {}
        self._passing: OrderedDict[bytes, tuple[str, ...]] = OrderedDict()

    def keep(self, value: str | bytes) -> None:
        """Never let ``value``, a secret of the process, pass in a line."""
        raw = _raw(value)
        if len(raw) >= _SHORTEST:
            self._kept[raw] = spellings(raw)

    def remember(self, value: str | bytes) -> None:
        """Do not let ``value`` pass in a line from now on."""
        raw = _raw(value)
        if len(raw) < _SHORTEST:
            return
        self._passing[raw] = self._passing.get(raw) or spellings(raw)
        self._passing.move_to_end(raw)
        while len(self._passing) > _REMEMBERED:
            self._passing.popitem(last=False)

    def scrub(self, line: str) -> str:
        """Return ``line`` with every remembered value masked, however it is spelt."""
        for known in (self._kept, self._passing):
            for forms in known.values():
                for form in forms:
                    if form in line:
                        line = line.replace(form, _MASK)
        return line


def _raw(value: str | bytes) -> bytes:
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value


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
