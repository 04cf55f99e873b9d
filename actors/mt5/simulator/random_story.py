"""A seeded story in which everything happens that a broker can do to an account."""

from collections.abc import Callable, Iterator

from msgspec import structs

from actors.domain.deals import DealReason, DealType
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.book import Position
from actors.mt5.simulator.dice import Dice
from actors.mt5.simulator.prices import is_open
from actors.mt5.simulator.scripts import DAY_MS, HOUR_MS, dice_of, lots, tradable
from actors.mt5.simulator.trading import (
    cash,
    close_by,
    close_position,
    fee,
    open_position,
    reverse,
    stop_out,
)

Act = Callable[[SimulatedAccount, Dice], None]
_PAST_DAYS = 40
_PAST_ACTS = 45


def random_story(account: SimulatedAccount) -> Iterator[int]:
    """Forty days of everything, then an act every half minute to five minutes."""
    dice = dice_of(account, "story")
    yield account.recipe.start - _PAST_DAYS * DAY_MS
    cash(account, DealType.BALANCE, account.recipe.initial_balance, "deposit")
    step = _PAST_DAYS * DAY_MS // (_PAST_ACTS + 1)
    for _ in range(_PAST_ACTS):
        yield account.now + dice.between(step // 2, step)
        dice.pick(_ACTS)(account, dice)
    yield max(account.now, account.recipe.start)
    while True:
        dice.pick(_ACTS)(account, dice)
        yield account.now + dice.between(30_000, 300_000)


def _open(account: SimulatedAccount, dice: Dice) -> None:
    if len(account.book.positions) >= 4:
        return _close(account, dice)
    size = lots(account, 50 * dice.between(1, 8))
    symbol, sign = tradable(account, dice), dice.pick((1, -1))
    opposite = _opposite(account, symbol, sign)
    if opposite is not None:  # netting: the other side would reduce the position, not open one
        return reverse(account, opposite, size)
    open_position(account, symbol, sign, size, commission=size * 3 // 10)
    return None


def _close(account: SimulatedAccount, dice: Dice) -> None:
    held = _closable(account)
    if held:
        reason = dice.pick((DealReason.CLIENT, DealReason.STOP_LOSS, DealReason.TAKE_PROFIT))
        close_position(account, dice.pick(held), reason=reason)


def _close_part(account: SimulatedAccount, dice: Dice) -> None:
    held = [each for each in _closable(account) if each.milli >= 20]
    if held:
        position = dice.pick(held)
        close_position(account, position, position.milli // 20 * 10)


def _close_by(account: SimulatedAccount, dice: Dice) -> None:
    """Hedge a position and close both against each other; netting accounts reverse instead."""
    held = _closable(account)
    if not held:
        return
    first = dice.pick(held)
    if account.recipe.margin_mode == "netting":
        reverse(account, first, first.milli)
        return
    second = open_position(account, first.spec.name, -first.sign, first.milli)
    close_by(account, first, account.book.positions[second])


def _stop_out(account: SimulatedAccount, dice: Dice) -> None:
    if dice.between(0, 3) == 0 and len(_closable(account)) == len(account.book.positions):
        stop_out(account)


def _flow(kind: DealType, per_mille: int, comment: str, *, late: bool = False) -> Act:
    def act(account: SimulatedAccount, dice: Dice) -> None:
        amount = account.recipe.initial_balance * per_mille // 1000 * dice.between(1, 3) // 2
        delay, earlier = (20_000, 2 * HOUR_MS) if late else (0, 0)
        cash(account, kind, amount, comment, delay_ms=delay, stamped_ms_ago=earlier)

    return act


def _fee(account: SimulatedAccount, dice: Dice) -> None:
    fee(account, -max(1, account.recipe.initial_balance // 100_000 * dice.between(1, 9)))


def _closable(account: SimulatedAccount) -> list[Position]:
    return [each for each in account.book.positions.values() if is_open(each.spec, account.now)]


def _opposite(account: SimulatedAccount, symbol: str, sign: int) -> Position | None:
    if account.recipe.margin_mode != "netting":
        return None
    held = account.book.positions.values()
    found = (each for each in held if each.spec.name == symbol and each.sign != sign)
    return next(found, None)


def revised_story(account: SimulatedAccount) -> Iterator[int]:
    """The random story of a broker that goes back on its deals: changes some, deletes others."""
    dice = dice_of(account, "revisions")
    for at in random_story(account):
        yield at
        if account.book.balance and dice.between(0, 5) == 0:
            dice.pick((_revise, _revise, _delete))(account, dice)


def _revise(account: SimulatedAccount, dice: Dice) -> None:
    row = dice.pick(account.journal.in_force())
    swap, profit = row.swap - dice.between(1, 500), row.profit + dice.between(-900, 900)
    account.amend(row.ticket, structs.replace(row, swap=swap, profit=profit, comment="revised"))


def _delete(account: SimulatedAccount, dice: Dice) -> None:
    """Take back an account operation, but for the first deposit; a trade stays."""
    operations = [row for row in account.journal.in_force() if not row.position_id]
    if len(operations) > 1:
        account.amend(dice.pick(operations[1:]).ticket, None)


_ACTS: tuple[Act, ...] = (
    *(_open,) * 10,
    *(_close,) * 6,
    *(_close_part,) * 3,
    *(_close_by,) * 2,
    _stop_out,
    _fee,
    _flow(DealType.BALANCE, 20, "deposit"),
    _flow(DealType.BALANCE, -15, "withdrawal"),
    _flow(DealType.BALANCE, -10, "withdrawal", late=True),
    _flow(DealType.CREDIT, 10, "credit"),
    _flow(DealType.CREDIT, -5, "credit out"),
    _flow(DealType.BONUS, 5, "bonus"),
    _flow(DealType.DIVIDEND, 1, "dividend"),
    _flow(DealType.CORRECTION, -1, "correction", late=True),
    _flow(DealType.INTEREST, 1, "interest"),
    _flow(DealType.COMMISSION_DAILY, -1, "daily commission"),
)
