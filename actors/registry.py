"""Which actors run on this node. Made once in the composition root and handed to who needs it."""

from collections.abc import Iterator
from uuid import UUID

from actors.ref import ActorRef


class Registry:
    """Refs by instance id and by account id (one instance of an account runs at a time)."""

    def __init__(self) -> None:
        self._by_instance: dict[UUID, ActorRef] = {}
        self._by_account: dict[UUID, ActorRef] = {}

    def __len__(self) -> int:
        return len(self._by_instance)

    def __iter__(self) -> Iterator[ActorRef]:
        return iter(tuple(self._by_instance.values()))

    def add(self, ref: ActorRef) -> None:
        """Register a ref; it replaces its instance's former one (the actor was restarted)."""
        self._by_instance[ref.instance_id] = ref
        self._by_account[ref.account_id] = ref

    def remove(self, ref: ActorRef) -> None:
        """Forget a ref, unless another one has replaced it since."""
        if self._by_instance.get(ref.instance_id) is ref:
            del self._by_instance[ref.instance_id]
        if self._by_account.get(ref.account_id) is ref:
            del self._by_account[ref.account_id]

    def instance(self, instance_id: UUID) -> ActorRef | None:
        """The ref of an instance, None when it does not run here."""
        return self._by_instance.get(instance_id)

    def account(self, account_id: UUID) -> ActorRef | None:
        """The ref of an account's running instance, None when none runs here."""
        return self._by_account.get(account_id)
