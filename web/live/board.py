"""Who is connected to live updates, and whom a change wakes.

Accounts whose actor runs on this node are told by it the moment after its commit. The others
(on another node, or without an actor) are looked up in storage twice a second, all in one query,
and only while somebody watches them: two nodes need nothing between them but the database.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from math import inf
from typing import Protocol
from uuid import UUID

import structlog
import trio
from attrs import define, field

from actors.domain.account import Owner
from web.live.source import LiveSource
from web.ports import Unavailable
from web.schemas.live import LiveCloseCode

log = structlog.get_logger("web.live")

MOST_PER_USER = 8
_ROUND_SECONDS = 0.5
_EPOCH_ROUNDS = 4
"""A revocation is known after 2 s, so that sockets are closed within 5 s."""
_BELIEVED_SECONDS = 600.0
"""While storage is away, as long as reads go by an epoch that it told before."""


class Listener(Protocol):
    """One socket, as the board knows it."""

    def changed(self, account_id: UUID) -> None:
        """Something about the account may have changed."""
        ...

    def end(self, code: LiveCloseCode) -> None:
        """Close the socket."""
        ...


@define
class Board:
    """All sockets of this node. ``closed``: how many were closed or left, by reason."""

    clients: int = field(default=0, init=False)
    resyncs: int = field(default=0, init=False)
    closed: Counter[str] = field(factory=Counter, init=False)
    _lines: dict[Listener, tuple[Owner, int]] = field(factory=dict, init=False)
    _watchers: dict[UUID, set[Listener]] = field(factory=lambda: defaultdict(set), init=False)
    _marks: dict[UUID, str] = field(factory=dict, init=False)
    _is_closing: bool = field(default=False, init=False)
    _sockets: set[Listener] = field(factory=set, init=False)

    def open(self, line: Listener) -> None:
        """A socket was accepted."""
        self._sockets.add(line)
        self.clients += 1
        if self._is_closing:
            line.end(LiveCloseCode.GOING_AWAY)

    def leave(self, line: Listener, reason: str) -> None:
        """A socket that watches nothing more is gone; ``reason`` is one of a few fixed words."""
        self._sockets.discard(line)
        self.clients -= 1
        self.closed[reason] += 1
        self._lines.pop(line, None)

    def admit(self, line: Listener, owner: Owner, epoch: int) -> bool:
        """Know whose socket it is, and by which epoch; False when the user has too many."""
        others = sum(one == owner for line_, (one, _) in self._lines.items() if line_ is not line)
        if others >= MOST_PER_USER:
            return False
        self._lines[line] = (owner, epoch)
        return True

    def watch(self, line: Listener, before: Collection[UUID], now: Collection[UUID]) -> None:
        """The socket watches other accounts than before."""
        for account_id in set(before) - set(now):
            self._forget(line, account_id)
        for account_id in set(now) - set(before):
            self._watchers[account_id].add(line)

    def changed(self, account_id: UUID) -> None:
        """An actor of this node published a state that is stored."""
        for line in tuple(self._watchers.get(account_id, ())):
            line.changed(account_id)

    def close(self) -> None:
        """The server stops: close every socket, and each that still comes."""
        self._is_closing = True
        self._end(self._sockets, LiveCloseCode.GOING_AWAY)

    async def run(self, source: LiveSource) -> None:
        """Look after accounts of other nodes and after revocations, until cancelled."""
        believed_until, rounds = inf, 0
        while True:
            await trio.sleep(_ROUND_SECONDS)
            rounds += 1
            try:
                await self._look_elsewhere(source)
                if rounds % _EPOCH_ROUNDS == 0:
                    await self._end_revoked(source)
                    believed_until = trio.current_time() + _BELIEVED_SECONDS
            except Unavailable:
                if trio.current_time() > believed_until:
                    self._end(tuple(self._lines), LiveCloseCode.UNAVAILABLE)

    async def _look_elsewhere(self, source: LiveSource) -> None:
        elsewhere = {one for one in self._watchers if not source.is_here(one)}
        self._marks = {one: mark for one, mark in self._marks.items() if one in elsewhere}
        if not elsewhere:
            return
        for account_id, mark in (await source.marks(elsewhere)).items():
            if self._marks.get(account_id) != mark:
                self._marks[account_id] = mark
                self.changed(account_id)

    async def _end_revoked(self, source: LiveSource) -> None:
        known = dict(self._lines)
        if not known:
            return
        epochs = await source.epochs({owner for owner, _ in known.values()})
        revoked = [line for line, (owner, epoch) in known.items() if epochs[owner] != epoch]
        # A fresh token may have come while storage was asked.
        same = [line for line in revoked if self._lines.get(line) == known[line]]
        if same:
            log.info("live_revoked", sockets=len(same))
        self._end(same, LiveCloseCode.UNAUTHORIZED)

    def _forget(self, line: Listener, account_id: UUID) -> None:
        lines = self._watchers[account_id]
        lines.discard(line)
        if not lines:
            del self._watchers[account_id]

    def _end(self, lines: Iterable[Listener], code: LiveCloseCode) -> None:
        for line in tuple(lines):
            line.end(code)
