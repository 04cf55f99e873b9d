"""The time between two readings of a flat account: exact from the deals, whatever quotes say."""

from tests.unit.actors.domain.histories import DAILY, at
from tests.unit.actors.domain.markets import OPENED_AT, every, look, prices
from tests.unit.actors.domain.test_between_readings import BALANCE, DEPOSIT, Watched, spans


def test_quotes_tell_nothing_of_a_flat_account() -> None:
    """Prices that came along make no path: every second is flat, and nothing is crossed."""
    account = Watched(DAILY, DEPOSIT)
    account.see(look(at("02 08:00:00"), BALANCE, OPENED_AT, {}))
    moves = every(10, at("02 08:00:00"), [OPENED_AT, 1, OPENED_AT])
    flat, *others = spans(account)
    effects = account.see(look(at("02 08:00:20"), BALANCE, OPENED_AT, {}), prices(moves))
    assert effects.violations == ()
    assert spans(account) == (flat + 20_000_000, *others)
