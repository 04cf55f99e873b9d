"""A session that gives its seat back when it ends; all else is the bridge's session."""

from collections.abc import Callable
from datetime import datetime

from attrs import frozen

from actors.domain.prices import Bars, SymbolSpec, Ticks
from actors.domain.snapshot import Observation
from actors.ports import BrokerAccount, DealsPage, Session


@frozen
class SeatedSession:
    """Implements ``actors.ports.Session``; ``leave`` may be called more than once."""

    session: Session
    leave: Callable[[], None]

    @property
    def account(self) -> BrokerAccount:
        """The account that the terminal is logged in to, verified against the lease."""
        return self.session.account

    async def snapshot(self) -> Observation:
        """Read account and positions coherently."""
        return await self.session.snapshot()

    async def deals(self, since_msc: int, after_ticket: int, limit: int) -> DealsPage:
        """Read deals stamped at or after ``since_msc`` (broker wall milliseconds)."""
        return await self.session.deals(since_msc, after_ticket, limit)

    async def symbol(self, name: str) -> SymbolSpec:
        """Read a symbol's specification."""
        return await self.session.symbol(name)

    async def ticks(self, spec: SymbolSpec, since: datetime, until: datetime) -> Ticks:
        """Read a symbol's quotes."""
        return await self.session.ticks(spec, since, until)

    async def bars(self, spec: SymbolSpec, since: datetime, until: datetime) -> Bars:
        """Read the M1 bars that touch a range."""
        return await self.session.bars(spec, since, until)

    async def refresh(self) -> None:
        """Ask the terminal to fetch now."""
        await self.session.refresh()

    async def close(self) -> None:
        """Give the slot back, and the seat."""
        try:
            await self.session.close()
        finally:
            self.leave()
