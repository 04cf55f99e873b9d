"""Stored amounts as exact decimals that show the digits of their currency."""

from decimal import Context, Decimal, Inexact
from typing import Any

import msgspec

_JSON: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
_EXACT = Context(prec=60, traps=[Inexact])


def shown(amount: Decimal | None, digits: int | None) -> Decimal | None:
    """Return ``amount`` (whole units) with exactly ``digits`` decimals; None stays None.

    Without a known currency the amount is returned as stored. Raises decimal.Inexact when the
    stored amount is finer than the currency, which no writer may ever have done.
    """
    return None if amount is None else shown_always(amount, digits)


def shown_always(amount: Decimal, digits: int | None) -> Decimal:
    """Like ``shown`` for a column that is never null."""
    if digits is None:
        return amount
    return amount.quantize(Decimal(1).scaleb(-digits), context=_EXACT)


def plain(amount: Decimal) -> Decimal:
    """Return a price or volume without the padding zeros that arithmetic may have left."""
    trimmed = amount.normalize(_EXACT)
    return trimmed if trimmed.as_tuple().exponent <= 0 else trimmed.quantize(Decimal(1))  # type: ignore[operator]


def read_json(text: str) -> Any:
    """Return stored JSON with its fractions as exact decimals, never as floats."""
    return _JSON.decode(text)
