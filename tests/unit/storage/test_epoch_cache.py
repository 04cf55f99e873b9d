"""A revocation is effective within five seconds whatever the cache remembers."""

from actors.domain.account import Owner
from storage.epoch_cache import EpochCache

ALICE, BOB = Owner("shop", 1), Owner("shop", 2)


class Seconds:
    """A clock moved by hand."""

    value = 0.0

    def monotonic(self) -> float:
        """Seconds."""
        return self.value


def test_entry_is_believed_for_less_than_five_seconds() -> None:
    """An epoch is fresh from when it was asked for, not from when the answer came."""
    clock = Seconds()
    cache = EpochCache(clock)
    asked = cache.asked_at()
    clock.value = 3.0
    cache.keep(ALICE, asked, 7)
    assert cache.fresh(ALICE) == 7
    assert cache.fresh(BOB) is None
    clock.value = 4.0
    assert cache.fresh(ALICE) is None


def test_forgotten_entry_is_asked_again() -> None:
    """After a revocation on this node the store is asked at once."""
    cache = EpochCache(Seconds())
    cache.keep(ALICE, cache.asked_at(), 1)
    cache.forget(ALICE)
    assert cache.fresh(ALICE) is None


def test_an_epoch_is_remembered_for_ten_minutes() -> None:
    """What the store told is remembered for its outage, and no longer."""
    clock = Seconds()
    cache = EpochCache(clock)
    cache.keep(ALICE, cache.asked_at(), 7)
    clock.value = 599.0
    assert (cache.fresh(ALICE), cache.remembered(ALICE)) == (None, 7)
    assert cache.remembered(BOB) is None
    clock.value = 600.0
    assert cache.remembered(ALICE) is None


def test_an_answer_from_before_a_revocation_is_not_kept() -> None:
    """A question that was under way during a revocation may bring the old epoch back."""
    clock = Seconds()
    cache = EpochCache(clock)
    asked = cache.asked_at()
    clock.value = 1.0
    cache.forget(ALICE)
    cache.keep(ALICE, asked, 0)
    assert cache.remembered(ALICE) is None
    clock.value = 2.0
    cache.keep(ALICE, cache.asked_at(), 1)
    assert cache.fresh(ALICE) == 1


def test_cache_is_bounded() -> None:
    """Asking for ever more users does not fill the memory; the oldest go first."""
    cache = EpochCache(Seconds())
    for number in range(20_001):
        cache.keep(Owner("shop", number), 0.0, 1)
    assert cache.fresh(Owner("shop", 0)) is None
    assert cache.fresh(Owner("shop", 20_000)) == 1
