#!/usr/bin/env python3
"""Check a violation's evidence with nothing but this file and Python's standard library.

    python check_evidence.py bundle.json [--public-key HEX]

The bundle is what ``GET /api/account/{id}/violations/{id}/evidence`` answers. Two questions:
was it signed by the firm's key (Ed25519), and do the facts in it give the verdict it states?
This arithmetic shares no line with the rule engine. Money is in minor units, decimals are text.

Exit codes: 0 it agrees, 1 it does not, 2 the file is no evidence that this checker can read.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil
from typing import Any

FLOWS = ("balance", "correction", "bonus")
"""Deal types that move money in or out without being a result (RULES 1)."""


class NoEvidence(ValueError):
    """The file holds no evidence, or a kind that this checker does not know."""


UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What evidence of another shape raises: a part that is missing, of another type, or no number."""


def canonical(document: Mapping[str, Any]) -> bytes:
    """The one byte form that is signed: sorted keys, no spaces, UTF-8, no floating numbers."""

    def refuse(text: str) -> float:
        raise NoEvidence(f"the number {text} is not an integer: evidence holds integers and text")

    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    json.loads(text, parse_float=refuse, parse_constant=refuse)
    return text.encode()


# Ed25519 as RFC 8032, section 5.1.7, verification only.
_P = 2**255 - 19
_ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, _P - 2, _P) % _P
_ROOT = pow(2, (_P - 1) // 4, _P)
_Point = tuple[int, int, int, int]


def _add(a: _Point, b: _Point) -> _Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % _P, (a[1] + a[0]) * (b[1] + b[0]) % _P
    g, h = 2 * a[3] * b[3] * _D % _P, 2 * a[2] * b[2] % _P
    e, i, j, k = f - e, h - g, h + g, f + e
    return (e * i % _P, j * k % _P, i * j % _P, e * k % _P)


def _times(scalar: int, point: _Point) -> _Point:
    result: _Point = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point, scalar = _add(point, point), scalar >> 1
    return result


def _point(encoded: bytes) -> _Point | None:
    sign, y = encoded[31] >> 7, int.from_bytes(encoded, "little") & (2**255 - 1)
    if y >= _P:
        return None
    square = (y * y - 1) * pow(_D * y * y + 1, _P - 2, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * _ROOT % _P
    if (x * x - square) % _P or (x == 0 and sign):
        return None
    x = _P - x if x & 1 != sign else x
    return (x, y, 1, x * y % _P)


_BASE = _point(bytes.fromhex("58" + "66" * 31))


def signature_holds(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """True when ``signature`` (64 bytes) of ``message`` was made with the key (32 bytes)."""
    if len(public_key) != 32 or len(signature) != 64 or _BASE is None:
        return False
    key, r = _point(public_key), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= _ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    left = _times(s, _BASE)
    right = _add(r, _times(int.from_bytes(digest, "little") % _ORDER, key))
    return not (
        (left[0] * right[2] - right[0] * left[2]) % _P
        or (left[1] * right[2] - right[1] * left[2]) % _P
    )


def recompute(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """What the facts give, under the names that the evidence states its own results by."""
    kind = evidence["rule"]["kind"]
    if kind in LIMITS:
        return _conduct(evidence)
    if kind not in ("daily_loss", "overall_loss"):
        raise NoEvidence(f"this checker does not know the rule kind {kind!r}; get a newer one")
    balance = _balance(evidence)
    equity = _equity(evidence)
    anchor = _anchor(evidence)
    shift = _shift(evidence)
    allowance = _allowance(evidence, anchor)
    floor = _under_lock(evidence, anchor - allowance) + shift
    checked = _checked(evidence["rule"], balance, equity, evidence["credit"])
    used = max(0, allowance - (checked - floor))
    crossed = _crosses(evidence["rule"], checked, floor)
    return {
        "balance": balance,
        "equity_without_credit": equity,
        "anchor": anchor,
        "shift": shift,
        "allowance": allowance,
        "floor": floor,
        "checked": checked,
        "headroom": checked - floor,
        "used": used,
        "severity": _severity(evidence["rule"], used, allowance, crossed),
        "verdict": _verdict(evidence, checked) if crossed else "level",
    }


def differences(evidence: Mapping[str, Any]) -> list[str]:
    """Each stated result that the facts do not give, in words; empty when all agree."""
    stated = dict(evidence)
    if "anchor" in evidence:
        stated["anchor"] = evidence["anchor"]["value"]
    return [
        f"{name}: stated {stated[name]}, the facts give {value}"
        for name, value in recompute(evidence).items()
        if stated[name] != value
    ]


def _whole_story(evidence: Mapping[str, Any]) -> bool:
    """True when the evidence holds every deal since the reset."""
    return evidence["deals_left_out"] == 0 and evidence["anchor"]["boundary"] is not None


def _amounts(evidence: Mapping[str, Any], types: tuple[str, ...] | None = None) -> int:
    return sum(
        deal["amount"]
        for deal in evidence["deals_since_reset"]
        if (deal["type"] != "credit" if types is None else deal["type"] in types)
    )


def _balance(evidence: Mapping[str, Any]) -> int:
    """Balance at the reset and the deals since; the stated one where deals were left out."""
    if not _whole_story(evidence):
        return int(evidence["balance"])
    return int(evidence["anchor"]["boundary"]["balance"]) + _amounts(evidence)


def _equity(evidence: Mapping[str, Any]) -> int | None:
    """The terminal's equity less credit; balance and floating must give the same."""
    seen = evidence["observation"]
    if seen is None:
        stated = evidence["equity_without_credit"]
        return None if stated is None else int(stated)
    return int(seen["equity"]) - int(seen["credit"])


def _anchor(evidence: Mapping[str, Any]) -> int:
    """The anchor from the boundary's facts; a high-water mark is taken as stated."""
    rule, stated = evidence["rule"], evidence["anchor"]
    initial, boundary = int(evidence["initial"]["value"]), stated["boundary"]
    if rule["anchor"] == "initial" or stated["grade"] == "first_day":
        return initial
    if rule["trailing"] or boundary is None:
        return int(stated["value"])
    balance = int(boundary["balance"])
    if rule["anchor"] == "balance":
        return balance
    floating = 0 if boundary["flat"] else int(boundary["floating"] or 0)
    credit = int(boundary["credit"]) if rule["credit"] == "included" else 0
    equity = balance + floating + credit
    return max(balance, equity) if rule["anchor"] == "max_balance_equity" else equity


def _shift(evidence: Mapping[str, Any]) -> int:
    """Flows since the anchor was taken; those since the start of the life are as stated."""
    rule = evidence["rule"]
    if rule["cash_flow"] == "keep":
        return 0
    since_reset = rule["kind"] == "daily_loss" and rule["anchor"] not in ("initial", "eod_high")
    if not (since_reset and _whole_story(evidence)):
        return int(evidence["shift"])
    types = (*FLOWS, "credit") if rule["credit"] == "included" else FLOWS
    return _amounts(evidence, types)


def _allowance(evidence: Mapping[str, Any], anchor: int) -> int:
    allowance = evidence["rule"]["allowance"]
    if allowance["of"] == "fixed":
        return ceil(_minor(allowance["money"], evidence["currency_digits"]))
    base = anchor if allowance["of"] == "anchor" else int(evidence["initial"]["value"])
    return ceil(Fraction(allowance["percent"]) * base / 100)


def _under_lock(evidence: Mapping[str, Any], floor: int) -> int:
    plus = evidence["rule"]["lock_plus"]
    if plus is None:
        return floor
    lock = int(evidence["initial"]["value"]) + _minor(plus, evidence["currency_digits"]) // 1
    return min(lock, floor)


def _minor(money: str, digits: int) -> Fraction:
    return Fraction(money) * int(10**digits)


def _checked(rule: Mapping[str, Any], balance: int, equity: int | None, credit: int) -> int:
    if rule["checked"] == "balance" or equity is None:
        return balance
    equity += credit if rule["credit"] == "included" else 0
    return min(balance, equity) if rule["checked"] == "worst" else equity


def _crosses(rule: Mapping[str, Any], value: int, floor: int) -> bool:
    return value < floor if rule["operator"] == "<" else value <= floor


def _severity(rule: Mapping[str, Any], used: int, allowance: int, crossed: bool) -> str:
    if crossed:
        return "breach"
    if used >= Fraction(rule["critical"]) * allowance:
        return "critical"
    return "warning" if used >= Fraction(rule["warning"]) * allowance else "ok"


def _verdict(evidence: Mapping[str, Any], checked: int) -> str:
    sure = evidence["sure_floor"]
    surely = sure is not None and _crosses(evidence["rule"], checked, sure)
    if not (surely and evidence["proven_point"]):
        return "possible"
    return _firm(evidence)


def _firm(evidence: Mapping[str, Any]) -> str:
    """Soft by the plan, and once the phase is over: breached or passed."""
    over = evidence["breached_before"] or evidence["passed_before"]
    return "soft" if over or evidence["rule"]["severity"] == "soft" else "hard"


_DAY = 86_400_000
LIMITS: Mapping[str, tuple[str, int | None]] = {
    "max_lots": ("lots", 10**8),
    "max_positions": ("positions", 1),
    "weekend_flat": ("", None),
    "stop_loss_within": ("seconds", 1000),
    "minimum_holding_time": ("seconds", 1000),
    "inactivity": ("days", _DAY),
    "lifetime": ("days", _DAY),
}
"""Rules on conduct: the field that limits them, and its smallest parts."""


def _conduct(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Measure what a rule on conduct limits, from the facts, and hold it against the limit."""
    rule, kind = evidence["rule"], evidence["rule"]["kind"]
    field, parts = LIMITS[kind]
    limit = 0 if parts is None else int(Fraction(rule[field]) * parts)
    value = _measured(rule, evidence["facts"])
    if kind in ("inactivity", "lifetime"):
        crossed = value >= limit
    else:
        crossed = value < limit if kind == "minimum_holding_time" else value > limit
    warned = "warning_days" in rule and value >= rule["warning_days"] * _DAY
    firm = _firm(evidence) if evidence["proven_point"] else "possible"
    return {
        "limit": limit,
        "value": value,
        "severity": "breach" if crossed else ("warning" if warned else "ok"),
        "verdict": firm if crossed else "level",
    }


def _measured(rule: Mapping[str, Any], facts: Mapping[str, Any]) -> int:
    kind = rule["kind"]
    if kind == "max_lots":
        sizes = [abs(int(Fraction(lots) * 10**8)) for lots in facts["open_volumes"].values()]
        return sum(sizes) if rule["of"] == "total" else max(sizes, default=0)
    if kind in ("max_positions", "weekend_flat"):
        return len(facts["open_volumes"])
    if kind == "stop_loss_within":
        bare = facts["without_stop_loss"].values()
        return max((_milliseconds(opened, facts["at"]) for opened in bare), default=0)
    if kind == "minimum_holding_time":
        return _milliseconds(facts["opened_at"], facts["closed_at"])
    return _milliseconds(facts["since"], facts["at"])


def _milliseconds(start: str, end: str) -> int:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)) // timedelta(
        milliseconds=1
    )


def check(bundle: Mapping[str, Any], public_key: bytes | None) -> list[str]:
    """Every reason not to believe the bundle; empty when it is signed and agrees."""
    evidence, signature = bundle.get("evidence"), bundle.get("signature")
    if not isinstance(evidence, dict) or "rule" not in evidence:
        raise NoEvidence("the file has no evidence (erased, or not an evidence bundle)")
    found = []
    if not isinstance(signature, dict):
        found.append("signature: the bundle has none")
    else:
        key = bytes.fromhex(signature["public_key"])
        if public_key is not None and key != public_key:
            found.append("signature: made with another key than the given one")
        if not signature_holds(key, canonical(evidence), bytes.fromhex(signature["value"])):
            found.append("signature: it does not fit the evidence")
    return [*found, *differences(evidence)]


def main() -> int:
    """Read the arguments, check, and say what was found."""
    parser = argparse.ArgumentParser(description="Check a violation's evidence offline.")
    parser.add_argument("file", help="the bundle (JSON), - for standard input")
    parser.add_argument("--public-key", help="the firm's key, 64 hexadecimal digits")
    given = parser.parse_args()
    try:
        key = None if given.public_key is None else bytes.fromhex(given.public_key)
        with sys.stdin if given.file == "-" else open(given.file, encoding="utf-8") as handle:
            found = check(json.load(handle), key)
    except (OSError, *UNREADABLE) as error:
        print(f"cannot be checked: {error!r}", file=sys.stderr)
        return 2
    for reason in found:
        print(f"DISAGREES  {reason}")
    if not found:
        print("agrees: signed, and the facts give the stated verdict")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
