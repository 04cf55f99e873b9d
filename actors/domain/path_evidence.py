"""What a violation on a rebuilt path rests on: the quotes in force, and where the path began."""

from typing import Any

from actors.domain.context import Point
from actors.domain.prices import instant_of, utc_msc


def path_document(point: Point) -> dict[str, Any] | None:
    """The path behind a point as JSON-ready text; None for a reading or a deal. Prices in points.

    ``quotes`` are each symbol's bid and ask at the point, the tick that gave the value among them.
    """
    path = point.path
    if path is None:
        return None
    quotes = path.quotes_at(utc_msc(point.at))
    return {
        "grade": path.grade.value,
        "quotes": [
            {"symbol": name, "at": instant_of(at).isoformat(), "bid": bid, "ask": ask}
            for name, (at, bid, ask) in sorted(quotes.items())
        ],
    }
