"""Conditions that hold while no actor works: stored first, then shown, like any other.

An actor in quarantine cannot say so itself, and one whose server has no clock cannot even be
built. Lists, other nodes and a later start must know it all the same.
"""

from collections.abc import Callable

import trio
from attrs import evolve, frozen

from actors.domain.account import AccountInstance, ConnectionState, Status
from actors.faults import backoff_seconds
from actors.ports import AccountStore, Clock, Fenced, LogEntry, Standing, StoreUnavailable
from actors.ref import ActorRef

_PROMISE_SECONDS = 60.0


@frozen
class Parking:
    """Records conditions on an actor's behalf. ``random`` gives jitter in [0, 1)."""

    store: AccountStore
    clock: Clock
    random: Callable[[], float]

    async def settle(
        self,
        instance: AccountInstance,
        fence: int,
        ref: ActorRef,
        condition: ConnectionState,
        code: str,
    ) -> None:
        """Store the condition, waiting for storage if need be, then show it on ``ref``.

        Nothing is shown when another node owns the account by now.
        """
        standing = self._standing(instance, fence, condition, code)
        failures = 0
        while True:
            try:
                await self.store.record(standing)
                break
            except Fenced:
                return
            except StoreUnavailable:
                failures += 1
                await trio.sleep(backoff_seconds(failures, _PROMISE_SECONDS, self.random()))
        if ref.published is not None:
            published = ref.published
            ref.publish(
                evolve(
                    published,
                    condition=published.condition + 1,
                    status=standing.status,
                    connection_state=condition,
                    summary=evolve(published.summary, connection_state=condition),
                    next_sync_at=None,
                    last_error_code=code,
                )
            )

    def _standing(
        self, instance: AccountInstance, fence: int, condition: ConnectionState, code: str
    ) -> Standing:
        now = self.clock.now()
        entry = LogEntry(
            request_id=f"condition-{instance.instance_key}-{int(now.timestamp() * 1000)}",
            action="condition",
            status=condition.value,
            error_code=code,
            context={},
            created_at=now,
        )
        return Standing(
            instance=instance,
            fence=fence,
            status=Status.ERROR,
            connection_state=condition,
            tier=None,
            last_error_code=code,
            next_sync_at=None,
            log=(entry,),
        )
