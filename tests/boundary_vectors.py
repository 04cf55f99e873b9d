"""Make tests/vectors/boundaries.json: every choice of a loss rule at its edges (RULES 2).

    python -m tests.boundary_vectors

One story of an account, told under each combination of anchor, checked value, operator, cash flow,
credit and lock. Expected floors, used amounts and levels are computed here from the definitions,
by fractions; nothing of the product is imported. Money is in minor units until it is written.
"""

import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import ceil, floor
from pathlib import Path
from typing import Any, NamedTuple

FILE = Path(__file__).parent / "vectors" / "boundaries.json"

INITIAL = 100_000
RESET = 6
"""Index in ``STORY`` of the first point after the reset of 22:00 UTC."""


class Moment(NamedTuple):
    """A point of the story in whole units. ``do``: a deal of ``amount``, or ``see``."""

    at: str
    do: str
    amount: int
    balance: int
    floating: int
    credit: int


STORY = (
    Moment("02 07:00:00", "see", 0, 100_000, 0, 0),
    Moment("02 08:00:00", "credit", 2_000, 100_000, 0, 2_000),
    Moment("02 09:00:00", "balance", 3_000, 103_000, 0, 2_000),
    Moment("02 10:00:00", "pnl", 6_000, 109_000, 0, 2_000),
    Moment("02 12:00:00", "see", 0, 109_000, 4_000, 2_000),
    Moment("02 21:59:30", "see", 0, 109_000, 1_000, 2_000),
    Moment("03 07:00:00", "see", 0, 109_000, 3_000, 2_000),
    Moment("03 08:00:00", "balance", -5_000, 104_000, 0, 2_000),
    Moment("03 08:30:00", "credit", 500, 104_000, 0, 2_500),
)
"""A deposit of 100,000 and position 1, opened before the first reading, come before it."""

ALLOWANCES = (
    {"percent": "12"},
    {"percent": "11.37", "of": "anchor"},
    {"money": "12345.67"},
)
LEVELS = (("0.70", "0.90"), ("0.333", "0.777"), ("0.5", "1"))
DAILY = ("equity", "balance", "max_balance_equity", "initial", "high", "eod_high")
OVERALL = ("initial", "equity_high", "balance_high", "eod_high")
TRAILING = ("high", "eod_high", "equity_high", "balance_high")
ASIDE = 300
"""How far, in whole units, the value that is not checked stands from the one that is."""


class Choice(NamedTuple):
    """A loss rule by its choices; ``lock`` is None or what is added to the initial balance."""

    kind: str
    anchor: str
    eod_of: str | None
    lock: str | None
    checked: str
    operator: str
    cash_flow: str
    credit: str


def choices() -> Iterator[Choice]:
    """Every combination that a plan may state."""
    for kind, anchors in (("daily_loss", DAILY), ("overall_loss", OVERALL)):
        for anchor in anchors:
            locks = (None, "0", "500.5") if anchor in TRAILING else (None,)
            ends = ("balance", "equity", "worst") if anchor == "eod_high" else (None,)
            for each in product(
                ends,
                locks,
                ("equity", "balance", "worst"),
                ("<=", "<"),
                ("shift", "keep"),
                ("excluded", "included"),
            ):
                yield Choice(kind, anchor, *each)


def flows(choice: Choice, since: int, until: int) -> int:
    """C over the story's points from ``since`` to before ``until``; credit only if included."""
    if choice.cash_flow == "keep":
        return 0
    kinds = ("balance", "credit") if choice.credit == "included" else ("balance",)
    return sum(moment.amount for moment in STORY[since:until] if moment.do in kinds)


def equity(choice: Choice, moment: Moment) -> int:
    """What the rule counts as equity."""
    return moment.balance + moment.floating + (moment.credit if choice.credit == "included" else 0)


def day_end(choice: Choice) -> int:
    """What an end-of-day high is raised by at the reset."""
    last = STORY[RESET - 1]
    known = {"balance": last.balance, "equity": equity(choice, last)}
    return min(known.values()) if choice.eod_of == "worst" else known[choice.eod_of or "balance"]


def marks(choice: Choice) -> list[int]:
    """The values that a high-water mark is the highest of, each less the flows before it."""
    if choice.anchor == "eod_high":
        return [INITIAL, day_end(choice) - flows(choice, 0, RESET)]
    first = RESET if choice.kind == "daily_loss" else 0
    found = [equity(choice, STORY[RESET - 1])] if first else [INITIAL]
    for index in range(first, len(STORY)):
        moment, shift = STORY[index], flows(choice, first, index + 1)
        if choice.anchor == "balance_high":
            found.append(moment.balance - shift)
        elif moment.do == "see":
            found.append(equity(choice, moment) - shift)
    return found


def anchor(choice: Choice) -> int:
    """The anchor on the shifted scale."""
    last = STORY[RESET - 1]
    if choice.anchor in TRAILING:
        return max(marks(choice))
    return {
        "initial": INITIAL,
        "balance": last.balance,
        "equity": equity(choice, last),
        "max_balance_equity": max(last.balance, equity(choice, last)),
    }[choice.anchor]


def shift(choice: Choice) -> int:
    """C at the end of the story: since the reset for anchors taken at or since it."""
    since_reset = choice.kind == "daily_loss" and choice.anchor not in ("initial", "eod_high")
    return flows(choice, RESET if since_reset else 0, len(STORY))


def level(choice: Choice, value: int, under: int, used: int, shares: list[Fraction]) -> str:
    """The level of a checked value (minor units): breach by the operator only."""
    if value < under or (value == under and choice.operator == "<="):
        return "breach"
    warning, critical = shares
    return "critical" if used >= critical else "warning" if used >= warning else "ok"


def case(number: int, choice: Choice) -> dict[str, Any]:
    """One rule with its floor, and readings at and one unit beside each of its edges."""
    digits = 0 if number % 5 == 0 else 2
    unit = 10**digits
    allowed, levels = ALLOWANCES[number % 3], LEVELS[number // 3 % 3]
    base = anchor(choice) if allowed.get("of") == "anchor" else INITIAL
    if "money" in allowed:
        allowance = ceil(Fraction(allowed["money"]) * unit)
    else:
        allowance = ceil(Fraction(allowed["percent"]) / 100 * base * unit)
    under = anchor(choice) * unit - allowance
    if choice.lock is not None:
        under = min(under, floor((INITIAL + Fraction(choice.lock)) * unit))
    under += shift(choice) * unit
    shares = [Fraction(share) * allowance for share in levels]
    edges = [under, *(under + allowance - ceil(share) for share in reversed(shares))]
    readings = []
    for rank, value in enumerate(edge + one for edge in edges for one in (1, 0, -1)):
        used = max(0, under + allowance - value)
        told = level(choice, value, under, used, shares)
        balance, floating = beside(choice, value, unit, low_balance=rank % 2 == 0)
        readings.append([*(text(x, digits) for x in (balance, floating, used)), told])
    fields = {key: told for key, told in choice._asdict().items() if told is not None}
    return {
        "rule": {**fields, "allowance": allowed, "levels": levels},
        "digits": digits,
        "floor": text(under, digits),
        "allowance": text(allowance, digits),
        "readings": readings,
    }


def beside(choice: Choice, value: int, unit: int, *, low_balance: bool) -> tuple[int, int]:
    """Balance and floating that make ``value`` the checked one and the other one misleading."""
    credit = STORY[-1].credit * unit if choice.credit == "included" else 0
    aside = ASIDE * unit
    if choice.checked == "balance":
        return value, -aside - credit
    if choice.checked == "worst" and low_balance:
        return value, aside - credit
    balance = value + aside if choice.checked == "worst" else value - aside
    return balance, value - balance - credit


def text(minor: int, digits: int) -> str:
    """Minor units as a decimal of whole units."""
    sign, number = "-" if minor < 0 else "", str(abs(minor)).rjust(digits + 1, "0")
    return sign + (f"{number[:-digits]}.{number[-digits:]}" if digits else number)


def document() -> str:
    """The whole file, one case a line."""
    story = [{"at": m.at, "do": m.do, **_told(m)} for m in STORY]
    lines = ",\n".join(
        json.dumps(case(n, choice), separators=(",", ":")) for n, choice in enumerate(choices())
    )
    return f'{{"story": {json.dumps(story)},\n"cases": [\n{lines}\n]}}\n'


def _told(moment: Moment) -> dict[str, str]:
    if moment.do != "see":
        return {"amount": str(moment.amount)}
    names = ("balance", "floating", "credit")
    return {name: str(getattr(moment, name)) for name in names}


if __name__ == "__main__":
    FILE.write_text(document())
