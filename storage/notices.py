"""What PostgreSQL notifies on a channel, heard through a connection of its own.

A notice only saves waiting: it may be lost, so whoever hears it also looks by itself.
"""

from collections.abc import Callable

import psycopg
import structlog
import trio
from attrs import field, frozen
from psycopg import sql

_log = structlog.get_logger("storage.notices")
_CONNECT_SECONDS = 5
_AGAIN_SECONDS = 5.0

Line = psycopg.Connection[tuple[object, ...]]


@frozen
class Notices:
    """Calls ``heard`` after each notice, and after each new connection."""

    dsn: str = field(repr=False)
    channel: str
    heard: Callable[[], None]

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made anew."""
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                _log.info("notices_unheard", channel=self.channel, kind=type(error).__name__)
            await trio.sleep(_AGAIN_SECONDS)

    async def _listen(self) -> None:
        line = await trio.to_thread.run_sync(self._open, abandon_on_cancel=True)
        try:
            self.heard()
            while True:
                await trio.lowlevel.wait_readable(line.fileno())
                if _has_notice(line):
                    self.heard()
        finally:
            line.close()

    def _open(self) -> Line:
        line = psycopg.connect(
            self.dsn,
            autocommit=True,
            connect_timeout=_CONNECT_SECONDS,
            application_name="onefunders-notices",
        )
        line.execute(sql.SQL("LISTEN {}").format(sql.Identifier(self.channel)))
        return line


def _has_notice(line: Line) -> bool:
    """Read what has come, without waiting. Raises psycopg.Error when the connection is lost."""
    line.pgconn.consume_input()
    found = False
    while line.pgconn.notifies() is not None:
        found = True
    return found
