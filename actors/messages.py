"""What an actor can be told: a closed union, so that every case is handled by name."""

from typing import TypeAlias

from attrs import frozen


@frozen
class SyncNow:
    """Read the account now (single-flight: those who ask together get one answer)."""


@frozen
class Reconnect:
    """Leave a rejected or waiting state and log in again."""


@frozen
class Pause:
    """Finish the write under way, give the terminal back and stop syncing until resumed."""


@frozen
class Resume:
    """Go on syncing after a pause."""


@frozen
class Drain:
    """Finish the write under way, give the terminal back and end."""


Message: TypeAlias = SyncNow | Reconnect | Pause | Resume | Drain
"""Every message; ``actors/behaviour.py`` answers each."""

INTERRUPTING = (Pause, Drain, Reconnect)
"""Messages that do not wait for a slow broker: a read under way is given up for them."""
