"""Equity samples: the stored curve of an account."""

from datetime import datetime

from attrs import frozen


@frozen
class EquitySample:
    """One reading kept for the curve, in minor units.

    ``equity_min`` and ``equity_max`` bound what was seen since the sample before;
    ``source`` says how it is known (``observed`` from a poll, ``deal`` exact at a deal).
    """

    recorded_at: datetime
    balance: int
    equity: int
    credit: int
    margin: int
    free_margin: int
    equity_min: int
    equity_max: int
    source: str = "observed"
