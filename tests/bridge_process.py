"""A simulated bridge in a process of its own: ``python -m tests.bridge_process …``.

Several of them given the same seed, start and accounts stand before the same broker: what its
accounts live through follows from these alone.
"""

import argparse
from pathlib import Path

import trio

from actors.clock import SystemClock
from actors.mt5.simulator.broker import SimulatedBroker
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.server import SimulatorServer
from actors.mt5.simulator.service import SimulatedBridge

SCENARIO, SERVER, FIRST_LOGIN = "active", "Simulated-1", 9500


def populate(broker: SimulatedBroker, accounts: int) -> None:
    """Add the accounts that every one of these bridges knows."""
    for number in range(accounts):
        add_account(broker, SCENARIO, login=str(FIRST_LOGIN + number), server=SERVER)


async def _serve(asked: argparse.Namespace) -> None:
    broker = SimulatedBroker(asked.seed, SystemClock())
    broker.start = asked.start
    populate(broker, asked.accounts)
    bridge = SimulatedBridge(broker, slots=asked.slots)
    server = SimulatorServer(bridge, asked.key.read_bytes())
    async with trio.open_nursery() as nursery:
        port = await nursery.start(server.serve)
        print(port, flush=True)


def main() -> None:
    """Serve until killed; the first line of output is the port."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--start", type=int, required=True, help="UTC milliseconds")
    parser.add_argument("--accounts", type=int, required=True)
    parser.add_argument("--slots", type=int, required=True)
    parser.add_argument("--key", type=Path, required=True)
    trio.run(_serve, parser.parse_args())


if __name__ == "__main__":
    main()
