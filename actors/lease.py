"""The actor's hold on its account: it ends by itself when the lease is not renewed in time."""

import trio

from actors.ports import Lease


class HeldLease:
    """A lease that placement renews while the actor runs.

    The actor works inside ``scope()``, whose deadline is the lease's end on the monotonic clock.
    So an actor that is frozen, or waits on a broker, stops before another node may claim.
    """

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._scope: trio.CancelScope | None = None

    @property
    def fence(self) -> int:
        """The number that every write carries."""
        return self._lease.fence

    @property
    def valid_until(self) -> float:
        """End of the hold in monotonic seconds."""
        return self._lease.valid_until

    def scope(self) -> trio.CancelScope:
        """Return the cancel scope to work in; it is cancelled when the lease ends."""
        self._scope = trio.CancelScope(deadline=self._lease.valid_until)
        return self._scope

    def renew(self, lease: Lease) -> None:
        """Move the end. A renewal with another fence is another ownership and is refused."""
        if lease.fence != self._lease.fence or lease.instance_id != self._lease.instance_id:
            raise ValueError("a renewal keeps instance and fence")
        if lease.valid_until <= self._lease.valid_until:
            return
        self._lease = lease
        if self._scope is not None:
            self._scope.deadline = lease.valid_until
