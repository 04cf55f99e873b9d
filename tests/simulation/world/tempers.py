"""How the simulated traders trade, by what a world is for."""

from tests.simulation.world.story import Temper

USUAL = Temper(netting=0.25, closing_by=0.15, reckless=0.03)
"""Every way to trade: netting accounts, reversals, close-by, stop-outs."""

AMENDED = Temper(sessions=6, risk=0.05, amendments=2)
"""Brokers that change their books afterwards."""

TRADING = Temper(
    sessions=6, risk=0.02, hours=(0.5, 2.0), flows=1, netting=0.3, closing_by=0.2, reckless=0.05,
    stops=0.6,
)  # fmt: skip
"""What rules on conduct are about: sizes, times, weekends, stop-losses."""

GAINING = Temper(sessions=12, risk=0.03, netting=0.25, closing_by=0.15)
"""Much trading, so that objectives are reached."""
