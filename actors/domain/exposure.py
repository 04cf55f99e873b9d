"""Exposure: how a deal moves the open volume of its position, and what that opens or closes."""

from decimal import Decimal

from actors.domain.deals import Deal, DealEntry
from actors.domain.ledger import signed_volume


def moved(volumes: dict[int, Decimal], deal: Deal) -> tuple[Decimal, Decimal]:
    """Take a trade deal into ``volumes``; return its position's net volume before and after."""
    was = volumes.get(deal.position_id, Decimal())
    if was == 0 and deal.entry in (DealEntry.OUT, DealEntry.OUT_BY):
        return was, was  # a close whose opening deal is unknown
    now = was + signed_volume(deal)
    if now:
        volumes[deal.position_id] = now
    else:
        volumes.pop(deal.position_id, None)
    return was, now


def opens(was: Decimal, now: Decimal) -> bool:
    """True when the move opens a position: from flat, or by a reversal."""
    return _reverses(was, now) or (was == 0 and now != 0)


def closes(was: Decimal, now: Decimal) -> bool:
    """True when the move closes a position, one with an unknown opening too."""
    return now == 0 or _reverses(was, now)


def _reverses(was: Decimal, now: Decimal) -> bool:
    return was != 0 and now != 0 and (was > 0) != (now > 0)
