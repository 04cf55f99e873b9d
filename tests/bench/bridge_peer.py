"""A simulated bridge as a process of its own: prints its port and serves until it is killed."""

import sys

import trio

from actors.mt5.simulator.broker import AccountCard, SimulatedBroker
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.server import SimulatorServer
from actors.mt5.simulator.service import SimulatedBridge
from tests.unit.actors.mt5.clocks import HandClock

ACCOUNTS = 200
SECRET = b"bench-" * 6
_SEED = 7


def cards(broker: SimulatedBroker | None = None) -> list[AccountCard]:
    """The accounts: the same in every process, since all follows from the seed."""
    made = broker or SimulatedBroker(_SEED, HandClock())
    return [add_account(made, "active") for _ in range(ACCOUNTS)]


async def main() -> None:
    """Serve."""
    broker = SimulatedBroker(_SEED, HandClock())
    cards(broker)
    server = SimulatorServer(SimulatedBridge(broker), SECRET)
    async with trio.open_nursery() as nursery:
        port: int = await nursery.start(server.serve)
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    trio.run(main)
