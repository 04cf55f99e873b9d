"""The client of a bridge behind a bad network: right faults in time, new streams, own answers."""

from contextlib import suppress

import pytest
import trio
from attrs import frozen
from trio.testing import MockClock, wait_all_tasks_blocked

from actors.errors import BrokerError, BrokerFault, ProtocolViolation
from actors.mt5 import client as bridge_client
from actors.mt5.client import BridgeClient
from actors.mt5.framed_stream import FramedStream
from actors.mt5.session import READ_SECONDS, BridgeSession
from actors.mt5.simulator.broker import AccountCard, SimulatedBroker, simulated_server_clock
from actors.mt5.simulator.faults import Fault, Trouble
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.simulator.server import SimulatorServer
from actors.mt5.simulator.service import SimulatedBridge
from actors.mt5.simulator.symbols import SYMBOLS
from actors.ports import Credentials
from tests.fakes.fault_proxy import FaultProxy, Harm, Lane
from tests.unit.actors.mt5.clocks import HandClock

SECRET, OTHER_SECRET = b"s" * 32, b"o" * 32
RECONNECT_SECONDS = 60.0
HARMS = [
    ("down", Harm.RESET, 30, {BrokerFault.TERMINAL_DEAD}),
    ("down", Harm.TRUNCATE, 30, {BrokerFault.TERMINAL_DEAD}),
    ("down", Harm.HALF_CLOSE, 0, {BrokerFault.TERMINAL_DEAD}),
    ("down", Harm.BLACKHOLE, 30, {BrokerFault.TERMINAL_DEAD}),
    ("down", Harm.GARBAGE, 0, {BrokerFault.TERMINAL_DEAD}),
    ("down", Harm.GARBAGE, 5, {BrokerFault.TERMINAL_DEAD}),
    ("up", Harm.RESET, 6, {BrokerFault.TERMINAL_DEAD}),
    ("up", Harm.TRUNCATE, 6, {BrokerFault.TERMINAL_DEAD}),
    ("up", Harm.HALF_CLOSE, 0, {BrokerFault.TERMINAL_DEAD}),
    ("up", Harm.BLACKHOLE, 6, {BrokerFault.TERMINAL_DEAD}),
    ("up", Harm.GARBAGE, 0, {BrokerFault.TERMINAL_DEAD}),
    ("up", Harm.GARBAGE, 5, {BrokerFault.TERMINAL_DEAD}),
]


@pytest.fixture
def jumping_clock() -> MockClock:
    """A virtual clock that jumps only when nothing has moved on loopback for a moment."""
    return MockClock(autojump_threshold=0.02)


@frozen
class Line:
    """A client, the proxy on its way, and the bridge at the end."""

    simulated: SimulatedBroker
    bridge: SimulatedBridge
    proxy: FaultProxy
    client: BridgeClient
    bridge_port: int

    def card(self, number: int = 0) -> AccountCard:
        """Return an account's card."""
        return self.simulated.accounts()[number]

    async def open(self, number: int = 0, seconds: float = 10.0) -> BridgeSession:
        """Open an account's session."""
        card = self.card(number)
        who = Credentials(card.login, card.server, card.investor_password)
        return await self.client.open(who, sticky=True, deadline_seconds=seconds)

    async def reopen(self, number: int = 0) -> BridgeSession:
        """Open a session, trying again until the stream is back."""
        with trio.fail_after(RECONNECT_SECONDS):
            while True:
                try:
                    return await self.open(number)
                except BrokerError:
                    await trio.sleep(1)


def client_of(port: int, secret: bytes = SECRET) -> BridgeClient:
    """A client of the bridge at a port."""
    return BridgeClient(
        host="127.0.0.1", port=port, secret=secret, clock=HandClock(),
        server_clock=simulated_server_clock, rng=lambda: 0.1,
    )  # fmt: skip


@pytest.fixture
async def line(jumping_clock: MockClock, nursery: trio.Nursery) -> Line:
    """Forty accounts behind a proxy."""
    simulated = SimulatedBroker(11, HandClock())
    for number in range(40):
        add_account(simulated, "calm" if number % 2 else "random")
    bridge = SimulatedBridge(simulated)
    bridge_port = await nursery.start(SimulatorServer(bridge, SECRET).serve)
    proxy = FaultProxy(bridge_port)
    client = client_of(await nursery.start(proxy.serve))
    nursery.start_soon(client.run)
    return Line(simulated, bridge, proxy, client, bridge_port)


async def outcome(session: BridgeSession) -> BrokerFault | None:
    """Read a snapshot; return the fault that it ends in. It must end within its deadline."""
    started = trio.current_time()
    try:
        await session.snapshot()
    except BrokerError as error:
        return error.fault
    finally:
        assert trio.current_time() - started <= READ_SECONDS + 0.1
    return None


@pytest.mark.parametrize(("where", "harm", "after", "faults"), HARMS)
async def test_a_harmed_stream_is_told_and_replaced(
    jumping_clock: MockClock,
    line: Line,
    where: str,
    harm: Harm,
    after: int,
    faults: set[BrokerFault],
) -> None:
    """The asker gets the fault's class in time; a new stream answers; no task, no slot stays."""
    session = await line.reopen()
    await wait_all_tasks_blocked(0.05)
    tasks = trio.lowlevel.current_statistics().tasks_living
    for _ in range(3):
        lane: Lane = getattr(line.proxy, where)
        lane.strike(harm, after)
        assert await outcome(session) in faults
        with trio.move_on_after(30):  # no byte passes until the heartbeat has given up
            while line.client.epoch == session._epoch and line.client.is_connected:
                await trio.sleep(1)
        line.proxy.heal()
        session = await line.reopen()
        assert await outcome(session) is None
    await wait_all_tasks_blocked(0.05)
    assert trio.lowlevel.current_statistics().tasks_living == tasks
    assert line.bridge.slots_busy == 1
    assert not line.client._waiters
    assert not line.client._outgoing


@pytest.mark.parametrize(
    "weather",
    [
        {"latency": 2.0},
        {"latency": 0.5, "jitter": 3.0},
        {"slice_bytes": 1},
        {"slice_bytes": 7},
        {"slice_bytes": 90, "jitter": 1.0},
        {"bytes_per_second": 1_000.0},
    ],
    ids=str,
)
async def test_a_slow_or_sliced_stream_gives_the_same(
    jumping_clock: MockClock, line: Line, weather: dict[str, float]
) -> None:
    """Latency, jitter, one byte at a time and 1 KB/s change nothing but the time it takes."""
    plain = await line.reopen()
    expected = (await plain.snapshot(), await plain.deals(0, 0, 20))
    for lane in (line.proxy.up, line.proxy.down):
        for name, value in weather.items():
            setattr(lane, name, value)
    slow = await line.open(seconds=30)
    assert (await slow.snapshot(), await slow.deals(0, 0, 20)) == expected


async def test_a_repeated_answer_drops_the_stream(jumping_clock: MockClock, line: Line) -> None:
    """An answer that comes twice is a violation: the stream goes, no session is closed for it."""
    session = await line.reopen()
    line.proxy.down.strike(Harm.DUPLICATE)
    assert await outcome(session) in (None, BrokerFault.TERMINAL_DEAD)
    await wait_all_tasks_blocked(0.05)
    assert line.client.last_violation == "an answer to no open question"
    assert await outcome(session) is BrokerFault.TERMINAL_DEAD
    line.proxy.heal()
    assert await outcome(await line.reopen()) is None


async def read_own(line: Line, number: int, session: BridgeSession, turn: int) -> None:
    """Ask one of three things whose answers tell which account and question they belong to."""
    card = line.card(number)
    if turn % 3 == 0:
        seen = await session.snapshot()  # refuses another login itself
        assert seen.balance == line.simulated.account(card.login).book.balance
    elif turn % 3 == 1:
        page = await session.deals(0, 0, number + 1)
        shown, _ = line.simulated.account(card.login).shown()
        assert [deal.ticket for deal in page.deals] == [row.ticket for row in shown[: number + 1]]
    else:
        name = sorted(SYMBOLS)[(number + turn) % len(SYMBOLS)]
        assert (await session.symbol(name)).name == name


async def ask_much(line: Line, sessions: list[BridgeSession]) -> int:
    """Ask everything at once; return how many answers came. Faults are allowed, crossing not."""
    outcomes: list[BrokerFault | None] = []

    async def one(number: int, turn: int) -> None:
        try:
            await read_own(line, number, sessions[number], turn)
        except BrokerError as error:
            outcomes.append(error.fault)
        else:
            outcomes.append(None)

    async with trio.open_nursery() as nursery:
        for turn in range(9):
            for number in range(len(sessions)):
                nursery.start_soon(one, number, turn)
    assert BrokerFault.WRONG_ACCOUNT not in outcomes
    return outcomes.count(None)


async def test_no_answer_crosses_to_another_question(jumping_clock: MockClock, line: Line) -> None:
    """360 questions in flight, answered out of order over a slicing wire: each its own answer."""
    await line.reopen()
    sessions = [await line.open(number) for number in range(40)]
    for number in range(40):
        late = Fault(Trouble.LATENCY, seconds=number * 7 % 5, count=4)
        line.simulated.inject(line.card(number).login, late)
    line.proxy.down.slice_bytes, line.proxy.up.latency = 13, 0.1
    assert await ask_much(line, sessions) == 360


async def test_no_answer_crosses_when_streams_break(jumping_clock: MockClock, line: Line) -> None:
    """The same with the stream cut again and again: answers are right or faults, never another's.

    Afterwards nothing of the lost questions is kept.
    """
    for turn in range(8):
        line.proxy.heal()
        await line.reopen()
        sessions = [await line.open(number) for number in range(40)]
        harm = (Harm.RESET, Harm.TRUNCATE, Harm.GARBAGE, Harm.DUPLICATE)[turn % 4]
        line.proxy.down.strike(harm, 3_000 + 1_777 * turn)
        assert await ask_much(line, sessions) < 360
    assert not line.client._waiters
    assert not line.client._late


async def test_a_late_answer_is_dropped(jumping_clock: MockClock, line: Line) -> None:
    """After a time-out the old answer comes in the midst of the next question and is no harm."""
    await line.reopen()
    first, second = await line.open(0), await line.open(1)
    for number in (0, 1):
        late = Fault(Trouble.LATENCY, seconds=READ_SECONDS + 2 - number * 5, count=1)
        line.simulated.inject(line.card(number).login, late)
    assert await outcome(first) is BrokerFault.TIMEOUT
    await read_own(line, 1, second, 0)
    await read_own(line, 0, first, 0)
    assert line.client.last_violation is None


async def test_unanswered_questions_are_not_kept_without_end(
    jumping_clock: MockClock, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bridge that answers its heartbeat only loses the stream, and what was kept with it."""
    monkeypatch.setattr(bridge_client, "MAX_LATE_ANSWERS", 20)
    await line.reopen()
    sessions = [await line.open(number) for number in range(30)]
    for number in range(30):
        line.simulated.inject(line.card(number).login, Fault(Trouble.SILENT))
    assert await ask_much(line, sessions) == 0
    await trio.sleep(2 * bridge_client.HEARTBEAT_SECONDS)
    assert line.client.last_violation == "the bridge leaves too many questions unanswered"
    assert not line.client._late


async def test_a_login_that_answers_too_late_is_given_back(
    jumping_clock: MockClock, line: Line
) -> None:
    """A login nobody waits for any more does not keep its slot."""
    await line.reopen(1)
    line.simulated.inject(line.card().login, Fault(Trouble.LATENCY, seconds=8, count=1))
    with pytest.raises(BrokerError) as caught:
        await line.open(seconds=5)
    assert caught.value.fault is BrokerFault.TIMEOUT
    await trio.sleep(5)
    await wait_all_tasks_blocked(0.05)
    assert line.bridge.slots_busy == 1


@pytest.mark.parametrize("knows", ["neither", "client", "bridge"])
async def test_a_wrong_secret_is_refused(
    jumping_clock: MockClock, nursery: trio.Nursery, knows: str
) -> None:
    """With different secrets no request is ever carried, whoever has the true one."""
    bridge = SimulatedBridge(SimulatedBroker(11, HandClock()))
    theirs = SECRET if knows == "bridge" else OTHER_SECRET
    port = await nursery.start(SimulatorServer(bridge, theirs).serve)
    client = client_of(port, SECRET if knows == "client" else b"x" * 32)
    nursery.start_soon(client.run)
    with pytest.raises(BrokerError) as caught:
        await client.verify(Credentials("1", "Simulated-1", "p"), deadline_seconds=5)
    assert caught.value.fault is BrokerFault.TERMINAL_DEAD
    assert client.last_violation == "the bridge did not prove the shared secret"
    assert client.epoch == 0


@pytest.mark.parametrize("said", [b"", b"\x00\x00\x00\x20\x93"])
async def test_a_peer_without_a_whole_hello_is_dropped(said: bytes, nursery: trio.Nursery) -> None:
    """One that says nothing, or stops inside its hello, loses its stream at the deadline."""
    bridge = SimulatedBridge(SimulatedBroker(11, HandClock()))
    server = SimulatorServer(bridge, SECRET, hello_seconds=0.05)
    port = await nursery.start(server.serve)
    with trio.fail_after(RECONNECT_SECONDS):
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            if said:
                await stream.send_all(said)
            with suppress(trio.BrokenResourceError):
                assert await stream.receive_some() == b""


async def test_a_replayed_supervisor_gets_no_welcome(jumping_clock: MockClock, line: Line) -> None:
    """The bytes that a true supervisor sent open nothing on a new stream."""
    await line.reopen()
    recorded = bytes(line.proxy.up.record)
    received: list[bytes] = []
    async with await trio.open_tcp_stream("127.0.0.1", line.bridge_port) as stream:
        frames = FramedStream(stream)
        await frames.send(recorded)
        with suppress(trio.BrokenResourceError, ProtocolViolation):
            while payloads := await frames.receive():
                received += payloads
    assert len(received) <= 1  # at most the bridge's hello
    assert line.bridge.slots_busy == 1


async def test_a_replayed_bridge_is_refused(
    jumping_clock: MockClock, line: Line, nursery: trio.Nursery
) -> None:
    """The bytes that a true bridge sent do not make a client send its passwords."""
    await line.reopen()
    recorded, heard = bytes(line.proxy.down.record), bytearray()

    async def parrot(stream: trio.SocketStream) -> None:
        await stream.send_all(recorded)
        async for chunk in stream:
            heard.extend(chunk)

    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listeners[0].socket.getsockname()[1]
    nursery.start_soon(trio.serve_listeners, parrot, listeners)
    client = client_of(port)
    nursery.start_soon(client.run)
    card = line.card()
    who = Credentials(card.login, card.server, card.investor_password)
    with pytest.raises(BrokerError):
        await client.open(who, sticky=True, deadline_seconds=5)
    assert client.epoch == 0
    assert client.last_violation is not None
    assert card.investor_password.encode() not in heard
