"""A life as readers see it, and the engine's state behind it: as published, or as it was stored."""

from datetime import datetime

import msgspec
from attrs import field, frozen

from actors.domain.account import ConnectionState
from actors.domain.account_state import AccountState
from actors.domain.loss_stands import Stands, loss_stands
from actors.domain.published import Published
from actors.domain.risk_tier import schedule
from actors.domain.snapshot import Observation
from actors.domain.stops import Specs
from actors.domain.summary import RuleStanding, Summary
from actors.domain.summary_view import standings, summarise

_SUMMARY = msgspec.json.Decoder(Summary)


@frozen
class Shown:
    """What explanation, preview and positions are told from.

    ``stands`` are the loss rules as looked at for ``summary`` and ``standings``; ``specs`` are the
    symbols' specifications, none where no session is open.
    """

    core: AccountState = field(repr=False)
    stands: Stands = field(repr=False)
    summary: Summary
    standings: tuple[RuleStanding, ...]
    specs: Specs = field(factory=dict, repr=False)

    @property
    def observation(self) -> Observation | None:
        """The last reading, None before the first."""
        return self.core.progress.newest


def as_published(published: Published) -> Shown:
    """What an actor published last."""
    return Shown(
        published.core,
        published.stands,
        published.summary,
        published.standings,
        published.specs,
    )


def as_stored(
    core: AccountState, summary: bytes | None, condition: ConnectionState, now: datetime
) -> Shown:
    """A stored life as its last commit showed it; one that was never read as it looks ``now``.

    ``summary`` is the JSON of the last commit, None before the first.
    """
    told = None if summary is None else _SUMMARY.decode(summary)
    at = _looked_at(core, told) or now
    stands = loss_stands(core, at)
    if told is None:
        told = summarise(core, stands, condition, schedule(core, at, 0.0), at)
    return Shown(core, stands, told, standings(core, stands))


def _looked_at(core: AccountState, told: Summary | None) -> datetime | None:
    """When the figures were made: at the reading, or past the reset that came before the commit."""
    newest, day = core.progress.newest, core.progress.day
    if newest is None or day is None or told is None:
        return None if newest is None else newest.observed_at
    reset = told.dd_daily_reset_at
    over = reset is not None and reset > day.end
    return max(newest.observed_at, day.end) if over else newest.observed_at
