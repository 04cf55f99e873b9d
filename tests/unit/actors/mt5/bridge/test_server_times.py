"""The file that keeps what was learned of servers' clocks."""

from pathlib import Path

from actors.mt5.bridge.server_times import ServerTimes
from tests.unit.actors.mt5.bridge.desk import BROKERS
from tests.unit.actors.mt5.clocks import HandClock

HOUR_MS = 3_600_000


def learn(times: ServerTimes, clock: HandClock, server: str, hours: int) -> None:
    """Two fresh ticks of a server that is so many hours ahead."""
    for _ in range(2):
        clock.pass_seconds(60)
        times.read(server, int(clock.now().timestamp() * 1000) + hours * HOUR_MS - 500)


def test_a_line_cut_by_a_crash_spoils_no_later_one(tmp_path: Path) -> None:
    """What a start writes after a cut line is read by the start after it."""
    file, clock = tmp_path / "clocks.jsonl", HandClock()
    learn(ServerTimes(BROKERS, clock, file), clock, "Simulated-3", 2)
    whole = file.read_bytes()
    file.write_bytes(whole + '{"server": "é'.encode()[:-1])
    learn(ServerTimes(BROKERS, clock, file), clock, "Simulated-1", 0)
    assert file.read_bytes().startswith(whole)
    assert file.read_text("utf-8").count("\n") == 2
    again = ServerTimes(BROKERS, clock, file)
    learn(again, clock, "Simulated-3", 2)
    assert file.read_text("utf-8").count("\n") == 2
    assert again.offset("Simulated-3") == (7200, "detected")
