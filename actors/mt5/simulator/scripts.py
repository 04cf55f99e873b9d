"""Stories that accounts live through, as generators: yield the next instant, then act at it."""

from collections.abc import Iterator

from actors.domain.deals import DealType
from actors.mt5.simulator.account import SimulatedAccount
from actors.mt5.simulator.dice import Dice, seed_of
from actors.mt5.simulator.prices import Knot, LinePath, is_open, spread_at
from actors.mt5.simulator.symbols import SYMBOLS, points_for
from actors.mt5.simulator.trading import cash, close_position, open_position

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
SCRIPTED_SYMBOL = "BTCUSD"
_FOREX = ("EURUSD", "GBPUSD.a", "USDJPY", "XAUUSD")


def dice_of(account: SimulatedAccount, name: str) -> Dice:
    """Return the account's own dice for one purpose."""
    return Dice(seed_of(account.recipe.seed, account.recipe.login, name))


def lots(account: SimulatedAccount, per_hundred_thousand: int) -> int:
    """Return a volume in thousandth lots, in proportion to the initial balance."""
    whole: int = account.recipe.initial_balance // 10**account.currency_digits
    if account.recipe.currency == "JPY":
        whole //= 150
    return max(10, whole * per_hundred_thousand // 100_000 // 10 * 10)


def tradable(account: SimulatedAccount, dice: Dice) -> str:
    """Return a symbol whose market is open now."""
    wanted = dice.pick(_FOREX)
    return wanted if is_open(SYMBOLS[wanted], account.now) else SCRIPTED_SYMBOL


def past(account: SimulatedAccount, *, days: int, quiet_ms: int, trades: int) -> Iterator[int]:
    """Deposit ``days`` before the start, then trade until ``quiet_ms`` before it."""
    dice = dice_of(account, "past")
    opened = account.recipe.start - days * DAY_MS
    yield opened
    cash(account, DealType.BALANCE, account.recipe.initial_balance, "deposit")
    step = (days * DAY_MS - quiet_ms) // (trades + 1)
    for number in range(trades):
        yield opened + step * number + dice.between(step // 4, step // 2)
        size = lots(account, 100 * dice.between(1, 3))
        sign = dice.pick((1, -1))
        cost = max(1, size * 3 // 10)
        held = open_position(account, tradable(account, dice), sign, size, commission=cost)
        yield account.now + dice.between(HOUR_MS // 6, step // 4)
        close_position(account, account.book.positions[held])


def even_past(account: SimulatedAccount, *, days: int, pairs: int) -> Iterator[int]:
    """Deposit and trade hedged pairs whose results cancel: the balance stays the initial one."""
    opened = account.recipe.start - days * DAY_MS
    yield opened
    cash(account, DealType.BALANCE, account.recipe.initial_balance, "deposit")
    step = (days - 1) * DAY_MS // (pairs + 1)
    for number in range(1, pairs + 1):
        yield opened + step * number
        bid = account.paths["EURUSD"].points(account.now)
        size = lots(account, 200)
        held = [open_position(account, "EURUSD", sign, size, points=bid) for sign in (1, -1)]
        yield account.now + HOUR_MS // 2
        bid = account.paths["EURUSD"].points(account.now)
        for each in held:
            position = account.book.positions[each]
            close_position(account, position, points=bid)


def calm(account: SimulatedAccount) -> Iterator[int]:
    """An account nobody trades on: the last trade lies days back."""
    trades = 6 + account.recipe.seed % 5
    yield from past(account, days=30, quiet_ms=4 * DAY_MS, trades=trades)


def active(account: SimulatedAccount) -> Iterator[int]:
    """Trades now and then, one to three small positions open."""
    yield from past(account, days=20, quiet_ms=2 * HOUR_MS, trades=10)
    dice = dice_of(account, "live")
    yield account.recipe.start - 600_000
    while True:
        held = list(account.book.positions.values())
        if len(held) < 2 or (len(held) < 3 and dice.between(0, 1)):
            size = lots(account, 100 * dice.between(1, 3))
            sign = dice.pick((1, -1))
            open_position(account, tradable(account, dice), sign, size, commission=size * 3 // 10)
        else:
            closable = [each for each in held if is_open(each.spec, account.now)]
            if closable:
                close_position(account, dice.pick(closable))
        yield account.now + dice.between(25_000, 110_000)


def losing(account: SimulatedAccount, knots: tuple[tuple[int, int], ...], wobble: int) -> None:
    """Open a long whose loss follows ``knots``: (milliseconds from now, loss in 1/10,000).

    ``wobble`` is in the same unit; the initial balance is the base of both.
    """
    spec = SYMBOLS[SCRIPTED_SYMBOL]
    base, size = account.recipe.initial_balance, lots(account, 4_000)
    bid = account.paths[SCRIPTED_SYMBOL].points(account.now)
    entry = bid + spread_at(spec, account.now)

    def points(loss: int) -> int:
        return points_for(spec, base * loss // 10_000, size, account.recipe.currency)

    path = [Knot(account.now, bid)]
    path += [Knot(account.now + after, entry - points(loss)) for after, loss in knots]
    account.paths = account.paths | {
        SCRIPTED_SYMBOL: LinePath(tuple(path), points(wobble), account.recipe.seed)
    }
    open_position(account, SCRIPTED_SYMBOL, 1, size, points=entry)


def near_floor(account: SimulatedAccount) -> Iterator[int]:
    """Loses four fifths of a 5 % daily allowance in half a minute, then hovers around there."""
    yield from even_past(account, days=12, pairs=5)
    yield account.recipe.start
    losing(account, ((30_000, 400),), wobble=40)


def breach_soon(account: SimulatedAccount) -> Iterator[int]:
    """Loses steadily; equity falls through initial - 5 % between 76 and 88 s after the start."""
    yield from even_past(account, days=12, pairs=5)
    yield account.recipe.start
    crossing = 76_000 + account.recipe.seed % 12_000
    losing(account, ((crossing, 500), (crossing + 20_000, 630)), wobble=10)


def payout(account: SimulatedAccount) -> Iterator[int]:
    """Withdraws 6 % after 40 s; the balance moves at once, the deal shows 25 s later."""
    yield from past(account, days=25, quiet_ms=6 * HOUR_MS, trades=8)
    yield account.recipe.start + 40_000
    amount = account.recipe.initial_balance * 6 // 100
    cash(account, DealType.BALANCE, -amount, "payout", delay_ms=25_000)
