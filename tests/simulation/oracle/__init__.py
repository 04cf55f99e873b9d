"""An oracle that imports nothing from the product: it sees every tick and does its own sums.

Amounts are integers of minor units, instants are integers of UTC milliseconds, rule days are
day numbers of its own table of resets. numpy's int64 carries the ticks; no float takes part.
"""
