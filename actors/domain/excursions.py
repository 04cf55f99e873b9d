"""Which values of a stretch can change a verdict: not every quote becomes a point (RULES 4).

While balance and flows stay the same a rule sees two things of a run of equities: new highs, which
raise a trailing floor, and how low equity fell after each. An *excursion* runs from one new high to
the next. Within it every floor is fixed, so only the first value at or under a threshold can give
a row, and that is always a new low of its excursion.
"""

from collections.abc import Sequence


def records(values: Sequence[int]) -> list[int]:
    """Indexes of each new high and, after it, of each new low of its excursion.

    The first value is always among them. Judging these in order gives the rows, marks, worst and
    used values that judging every value gives.
    """
    chosen, peak, low = [0], values[0], values[0]
    for index, value in enumerate(values):
        if value > peak:
            peak = low = value
            chosen.append(index)
        elif value < low:
            low = value
            chosen.append(index)
    return chosen


def extremes(values: Sequence[int]) -> list[int]:
    """Indexes of high and low of the excursions that no later one falls below, and the last one.

    Enough where no row can come: a later excursion hangs from a higher peak, so one that falls
    lower has the greater used too.
    """
    peaks, lows = [0], [0]
    for index, value in enumerate(values):
        if value > values[peaks[-1]]:
            peaks.append(index)
            lows.append(index)
        elif value < values[lows[-1]]:
            lows[-1] = index
    chosen, lowest = {len(values) - 1}, max(values)
    for peak, low in zip(reversed(peaks), reversed(lows), strict=True):
        if values[low] <= lowest:
            lowest = values[low]
            chosen |= {peak, low}
    return sorted(chosen)
