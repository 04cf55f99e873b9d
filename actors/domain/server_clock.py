"""The broker's clock: its wall time, written as if it were UTC, turned into instants (MT5 4)."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from attrs import frozen

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHIFTED = re.compile(r"^(?P<zone>[A-Za-z_/+\-0-9]+?)(?P<shift>[+-]\d{1,2})h$")


class ServerClockError(ValueError):
    """A server zone that names no known clock."""


@frozen
class ServerClock:
    """A server's clock: an IANA zone, shifted by whole hours (``America/New_York+7h``).

    The usual European brokers' clock is New York + 7 h: it keeps midnight on the New York
    rollover and follows the American daylight-saving dates.
    """

    name: str
    zone: ZoneInfo
    shift: timedelta

    @classmethod
    def parse(cls, name: str) -> "ServerClock":
        """Read ``Europe/Athens``, ``UTC`` or ``America/New_York+7h``, else ServerClockError."""
        match = _SHIFTED.match(name)
        zone_name = match["zone"] if match else name
        shift = timedelta(hours=int(match["shift"])) if match else timedelta()
        try:
            return cls(name, ZoneInfo(zone_name), shift)
        except (ZoneInfoNotFoundError, ValueError, IsADirectoryError) as error:
            raise ServerClockError(
                f"server zone {name!r} is unknown: give an IANA name such as Europe/Athens, "
                "or one with a shift such as America/New_York+7h"
            ) from error

    def to_utc(self, broker_msc: int, fold: int = 0) -> datetime:
        """Return the instant of broker wall time ``broker_msc`` (milliseconds as if UTC).

        A wall time that occurs twice is its first occurrence (PEP 495), with ``fold`` 1 its second.
        """
        return self._local(broker_msc, fold).astimezone(UTC)

    def is_twice(self, broker_msc: int) -> bool:
        """True for a wall time that occurs twice, where the clock is turned back."""
        first, second = (
            self._local(broker_msc, 0).utcoffset(),
            self._local(broker_msc, 1).utcoffset(),
        )
        return first is not None and second is not None and second < first

    def _local(self, broker_msc: int, fold: int) -> datetime:
        wall = (_EPOCH + timedelta(milliseconds=broker_msc)).replace(tzinfo=None)
        return (wall - self.shift).replace(tzinfo=self.zone, fold=fold)

    def offset(self, instant: datetime) -> timedelta:
        """How far the broker's wall clock is ahead of UTC at ``instant``."""
        ahead = instant.astimezone(self.zone).utcoffset()
        assert ahead is not None  # noqa: S101  (an instant in a zone always has an offset)
        return ahead + self.shift

    def to_broker_msc(self, instant: datetime) -> int:
        """Return the broker's wall time at ``instant`` as milliseconds as if UTC."""
        wall = instant.astimezone(self.zone).replace(tzinfo=UTC) + self.shift
        return (wall - _EPOCH) // timedelta(milliseconds=1)
