"""The bridge's stream: sessions belong to it, and too many questions are told to come back."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio

from actors.errors import BrokerFault, ProtocolViolation
from actors.mt5.bridge.config import ConfigError, parse_config
from actors.mt5.bridge.health_door import serve_health
from actors.mt5.bridge.host import backend_of
from actors.mt5.bridge.server import MOST_IN_FLIGHT, BridgeServer
from actors.mt5.framed_stream import FramedStream
from actors.mt5.simulator.scenarios import add_account
from actors.mt5.wire import decode_body, decode_head, encode_request
from actors.mt5.wire_answers import Failed, Opened, ResponseBody, SnapshotResult
from actors.mt5.wire_handshake import SupervisorHandshake
from actors.mt5.wire_requests import Open, RequestBody, Snapshot
from tests.fakes.metatrader5.package import InlineWorker
from tests.fakes.metatrader5.trouble import Act, RawFault
from tests.unit.actors.mt5.bridge.desk import BROKERS, desk
from tests.unit.actors.mt5.clocks import HandClock

SECRET = b"s" * 32
CONFIG = """
host = "10.0.0.5"
port = 8701
secret_file = "bridge.secret"
slots_folder = "slots"
brokers_file = "brokers.toml"
data_folder = "data"
slots = 20
"""


class Line:
    """A supervisor's stream by hand."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.frames = FramedStream(stream)
        self.waiting: dict[int, ResponseBody] = {}

    @classmethod
    @asynccontextmanager
    async def to(cls, port: int, secret: bytes = SECRET) -> AsyncIterator["Line"]:
        """Connect and prove the secret; closed at the end."""
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            line = cls(stream)
            hello = SupervisorHandshake(secret, b"n" * 32)
            await line.frames.send(hello.hello())
            await line.frames.send(hello.answer(await line.frames.receive_one()))
            hello.finish(await line.frames.receive_one())
            yield line

    async def send(self, number: int, body: RequestBody) -> None:
        """Ask without waiting."""
        await self.frames.send(encode_request(number, 20_000, body))

    async def answer(self, number: int) -> ResponseBody:
        """The answer to a question."""
        while number not in self.waiting:
            for payload in await self.frames.receive():
                head = decode_head(payload)
                self.waiting[head.request_id] = decode_body(head.body)
        return self.waiting[number]


async def started(nursery: trio.Nursery, backend: object) -> int:
    """A server on loopback; its port."""
    server = BridgeServer(backend, SECRET)  # type: ignore[arg-type]

    async def serve(*, task_status: trio.TaskStatus[int]) -> None:
        await server.serve(host="127.0.0.1", port=0, task_status=task_status)

    port: int = await nursery.start(serve)
    return port


async def test_a_session_belongs_to_its_stream(nursery: trio.Nursery) -> None:
    """Another supervisor cannot read by guessing its number; a lost stream gives it back."""
    async with desk(slots=1) as here:
        port = await started(nursery, here.backend)
        card = add_account(here.broker, "calm")
        async with Line.to(port) as theirs:
            async with Line.to(port) as mine:
                await mine.send(1, Open(card.login, card.server, card.investor_password, "sticky"))
                opened = await mine.answer(1)
                assert isinstance(opened, Opened)
                await theirs.send(1, Snapshot(opened.session_id))
                guessed = await theirs.answer(1)
                assert isinstance(guessed, Failed)
                assert guessed.fault is BrokerFault.TERMINAL_DEAD
                await mine.send(2, Snapshot(opened.session_id))
                assert isinstance(await mine.answer(2), SnapshotResult)
            with trio.fail_after(20):
                while here.backend.sessions.busy:
                    await trio.sleep(0.01)


async def test_a_supervisor_without_the_secret_is_dropped(nursery: trio.Nursery) -> None:
    """It learns nothing, not even how many slots there are."""
    async with desk(slots=1) as here:
        port = await started(nursery, here.backend)
        with pytest.raises(ProtocolViolation, match="secret"):
            async with Line.to(port, b"x" * 32):
                pass


async def test_too_many_questions_at_once_are_told_to_come_back(nursery: trio.Nursery) -> None:
    """The stream goes on; what is in flight is bounded."""
    async with desk(slots=1) as here:
        port = await started(nursery, here.backend)
        card = add_account(here.broker, "calm")
        async with Line.to(port) as line:
            await line.send(1, Open(card.login, card.server, card.investor_password, "sticky"))
            opened = await line.answer(1)
            assert isinstance(opened, Opened)
            here.terminals[0].raw.append(RawFault("positions_get", Act.HANG))
            for number in range(2, MOST_IN_FLIGHT + 3):
                await line.send(number, Snapshot(opened.session_id))
            (payload,) = await line.frames.receive()  # which of them it is chance decides
            answer = decode_body(decode_head(payload).body)
            assert isinstance(answer, Failed)
            assert (answer.fault, answer.retry_after_ms) == (BrokerFault.BUSY, 1000)


async def test_health_is_told_on_loopback_without_a_login(nursery: trio.Nursery) -> None:
    """Slots by state; any other path is not there."""
    async with desk(slots=2) as here:
        card = add_account(here.broker, "calm")
        await here.session(card)
        port = await nursery.start(serve_health, here.backend, 0)
        told = []
        for path in (b"/health", b"/secrets"):
            async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
                await stream.send_all(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
                received = b""
                async for chunk in stream:
                    received += chunk
            told.append(received)
        assert told[1].startswith(b"HTTP/1.1 404 ")
        document = json.loads(told[0].partition(b"\r\n\r\n")[2])
        assert document["slots"] == {"idle": 1, "ready": 1}
        assert card.login.encode() not in told[0]


def test_the_hosts_settings_are_strict() -> None:
    """Unknown keys, missing ones and an address that means all of them are refused by name."""
    assert parse_config(CONFIG, "bridge.toml").slots == 20
    for bad, word in (
        (CONFIG + "nonsense = 1", "nonsense"),
        (CONFIG.replace("slots = 20", "slots = 0"), "slots"),
        (CONFIG.replace("port = 8701", ""), "port"),
        (CONFIG.replace("10.0.0.5", "0.0.0.0"), "every address"),
        (CONFIG.replace("10.0.0.5", "bridge.example"), "IP address"),
        ("host = ", "TOML"),
    ):
        with pytest.raises(ConfigError, match=word):
            parse_config(bad, "bridge.toml")


@pytest.mark.parametrize(
    ("python", "told"),
    [("", "/srv/slots/02/terminal64.exe"), ("wine", "Z:\\srv\\slots\\02\\terminal64.exe")],
)
async def test_terminals_are_named_as_their_workers_see_them(python: str, told: str) -> None:
    """Under Wine the machine's folders are on drive Z."""
    text = CONFIG.replace('"slots"', '"/srv/slots"')
    if python:
        text += f'worker_python = ["{python}", "/opt/python/python.exe"]\n'

    async def launch() -> InlineWorker:
        raise AssertionError("nothing runs here")

    made = backend_of(parse_config(text, "bridge.toml"), BROKERS, HandClock(), launch)
    assert made.sessions.keepers[1].terminal == told
