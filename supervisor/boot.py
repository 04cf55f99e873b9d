"""The composition root: the one place where the objects meet, and the order of start and stop.

Start: storage → registry and tree → bridges → accounts → web. Stop in reverse: stop accepting,
let requests and commands end, actors finish their write, flush the batcher, give leases back,
close the database.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from importlib.metadata import version
from random import Random
from uuid import UUID

import trio
from attrs import define, frozen

from actors.clock import SystemClock
from actors.domain.plan import Plan
from actors.domain.plan_file import plan_from_document
from actors.domain.risk_tier import TierLimits
from actors.domain.server_clock import ServerClock
from actors.mt5.brokers import BrokerTableError
from actors.registry import Registry
from actors.timers import Timers
from storage.account_rows import AccountRows
from storage.account_store import PostgresAccountStore
from storage.accounts import PostgresAccounts
from storage.audit_log import PostgresAuditLog
from storage.batcher import Batcher
from storage.codes import PostgresCodes
from storage.command_rows import CHANNEL, CommandRows
from storage.curve import Curves
from storage.day_rows import DayRows
from storage.deal_rows import DealRows
from storage.discrepancies import Discrepancies
from storage.export_tickets import ExportTickets
from storage.exports import Exports
from storage.idempotency import PostgresIdempotency
from storage.leases import PostgresLeases
from storage.live_marks import LiveMarks
from storage.log_rows import LogRows
from storage.nonces import PostgresNonces
from storage.notices import Notices
from storage.plans import PostgresPlans
from storage.postgres import Database
from storage.privacy import Privacy
from storage.redis_limiter import RedisLimiter
from storage.redis_store import Lane, NullLane, open_redis
from storage.seals import Sealer
from storage.server_clocks import ServerClocks
from storage.settings import PostgresSettings
from storage.sparklines import Sparklines
from storage.summary_cache import SummaryCache
from storage.trade_rows import TradeRows
from storage.users import PostgresUsers
from storage.violations import Violations
from supervisor.attempts import Attempts
from supervisor.bridging.building import build_bridges
from supervisor.bridging.clock_history import keep_clocks
from supervisor.bridging.status import BridgeBoard
from supervisor.catalogue import Catalogue
from supervisor.changes import Changes
from supervisor.commanding import CommandRoom
from supervisor.connecting import Connecting
from supervisor.desk import Desk
from supervisor.exporting.errands import Errands
from supervisor.exporting.folder import ExportFolder
from supervisor.exporting.room import ExportRoom
from supervisor.exporting.streams import Streams
from supervisor.exporting.workshop import Workshop
from supervisor.failpoints import failpoint
from supervisor.first_login import FirstLogin, stored_first_login
from supervisor.fleet import Fleet, Surroundings
from supervisor.levers import Levers
from supervisor.life_room import LifeRoom
from supervisor.live_watch import LiveWatch
from supervisor.logs import Scrubber
from supervisor.metrics import Metrics
from supervisor.operating import OpsRoom
from supervisor.placement import PlacementLoop, PlacementPolicy
from supervisor.reading import ReadingRoom, StaffRoom
from supervisor.relay import Relay
from supervisor.services import Services, running
from supervisor.settings import Settings
from supervisor.statistics_room import StatisticsRoom
from supervisor.status import StatusBoard
from supervisor.stored_lives import StoredLives
from supervisor.telling import Telling
from supervisor.tree import Tree
from supervisor.upkeep import keep_up
from supervisor.vault_keys import open_vault
from supervisor.webdoor import Audit, Codes, Nonces, Rooms, Users, principal_of, web_deps
from web.app import create_app
from web.limits import InProcessLimiter
from web.live.board import Board
from web.server import Listening, ServerConfig, serve

DemoCode = Callable[[Codes], Callable[[], Awaitable[str]]]


@frozen
class Wish:
    """What a caller of ``run`` may add: the demo's link, and who is told of events."""

    telling: Telling
    demo: DemoCode | None = None


@define
class _Storage:
    """Database workers: many for reading and commands, one that only commits batches."""

    dsn: str
    database: Database
    writer: Database
    batcher: Batcher


async def run(
    settings: Settings,
    dsn: str,
    catalogue: Catalogue,
    scrubber: Scrubber,
    stop: trio.Event,
    wish: Wish,
    *,
    task_status: trio.TaskStatus[Listening] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Run one node until ``stop`` is set; reports where it listens once it answers."""
    async with AsyncExitStack() as stack:
        lane: Lane = NullLane()
        clock = SystemClock()
        if settings.redis_url is not None:
            lane = await stack.enter_async_context(open_redis(settings.redis_url, clock))
        async with trio.open_nursery() as nursery:
            services = Services(nursery)
            storage = await _start_storage(settings, dsn, services)
            for plan in catalogue.plans.values():
                await PostgresPlans(storage.database).save(plan)
            node = _Node(settings, catalogue, scrubber, clock, storage, wish, lane)
            listening = await node.start(services)
            task_status.started(listening)
            await stop.wait()
            await services.stop()
            nursery.cancel_scope.cancel()


async def _start_storage(settings: Settings, dsn: str, services: Services) -> _Storage:
    database = Database(dsn, workers=settings.database_workers)
    writer = Database(dsn, workers=1)
    batcher = Batcher(writer)
    await services.start("database", database.run)
    await services.start("writer", writer.run)
    await services.start("batcher", batcher.run, drain=batcher.drain)
    return _Storage(dsn, database, writer, batcher)


class _Node:
    """Builds this node's parts over its storage, and starts them in order."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        scrubber: Scrubber,
        clock: SystemClock,
        storage: _Storage,
        wish: Wish,
        lane: Lane,
    ) -> None:
        database = storage.database
        self.settings, self.clock, self.storage, self.wish = settings, clock, storage, wish
        self.lane = lane
        self.vault = open_vault(settings)
        self.accounts = PostgresAccounts(database)
        self.rows = AccountRows(database)
        self.users = PostgresUsers(database, clock)
        self.registry, self.timers = Registry(), Timers(clock)
        self.metrics = Metrics()
        self.board = Board()
        self.metrics.watch(self.registry, storage.batcher, clock, self.board)
        self.telling = wish.telling.counted(self.metrics, SummaryCache(lane), self.board)
        self.tree = Tree(clock, on_event=self.telling.tree)
        self.random = Random()  # noqa: S311  (jitter, not secrets)
        self.catalogue = catalogue
        self.bridges = build_bridges(
            settings, clock, self._server_clock, self.vault, self.random.random
        )
        self.fleet = self._fleet()
        self.bridge_board = BridgeBoard(
            self.bridges, clock, self._server_clock, lambda: self.fleet.breakers
        )
        self.metrics.gauge(self.bridge_board.gauges)
        self.leases = PostgresLeases(
            database,
            clock,
            settings.node_id,
            lease_seconds=settings.lease_seconds,
            margin_seconds=settings.lease_seconds / 3,
        )
        policy = PlacementPolicy(tick_seconds=min(1.0, settings.lease_seconds / 6))
        self.placement = PlacementLoop(self.leases, self.fleet, clock, self.random.random, policy)
        self.relay = self._relay()
        self.desk = Desk(PostgresIdempotency(database), clock)
        self.exports = self._exports()
        self.rooms = self._rooms(scrubber)

    async def start(self, services: Services) -> Listening:
        """Start everything above storage; returns where the web listens."""
        await services.start("timers", self.timers.run)
        await services.start("lag", self.metrics.sample_lag)
        for door in self.bridges.doors:
            await services.start(f"bridge {door.setting.name}", running(door.client.run))
        history = ServerClocks(self.storage.database)
        keep = keep_clocks(history, self.bridge_board.seen_clocks, self.clock)
        await services.start("server-clocks", running(keep))
        await services.start("tree", self.tree.run)
        await self.leases.register()
        await services.start(
            "placement", self.placement.run, drain=self.placement.drain, deadline_seconds=6.0
        )
        await services.start("relay", self.relay.run)
        notices = Notices(self.storage.dsn, CHANNEL, self.relay.ring)
        await services.start("notices", running(notices.run))
        await services.start("upkeep", keep_up(self.storage.database, self.clock))
        await services.start("desk", self.desk.run, drain=self.desk.drain)
        workshop = self.exports.workshop
        await services.start("exports", workshop.run, drain=workshop.drain)
        return await self._start_web(services)

    async def _start_web(self, services: Services) -> Listening:
        watch = LiveWatch(self.registry, LiveMarks(self.storage.database), self.users)
        await services.start("live", running(lambda: self.board.run(watch)))
        demo = self.wish.demo(self.rooms.codes) if self.wish.demo else None
        release = version("onefunders-analyze")
        deps = web_deps(self.settings, self.rooms, self.board, self.clock, release, demo)
        app = self.metrics.counting(create_app(deps))
        config = ServerConfig(
            self.settings.host,
            self.settings.port,
            admin_port=self.settings.admin_port,
            max_connections_per_address=None if self.settings.trusted_proxies else 1000,
        )
        closing, closed = trio.Event(), trio.Event()

        async def answer(*, task_status: trio.TaskStatus[Listening]) -> None:
            try:
                await serve(app, config, shutdown_trigger=closing.wait, task_status=task_status)
            finally:
                closed.set()

        async def close() -> None:
            closing.set()
            self.board.close()
            await closed.wait()

        listening: Listening = await services.start(
            "web", answer, drain=close, deadline_seconds=8.0
        )
        return listening

    def _server_clock(self, server: str) -> ServerClock:
        """The clock of a server as of today. Raises KeyError when the table does not name it."""
        try:
            return self.catalogue.clock(server, self.clock.now().date())
        except BrokerTableError as error:
            raise KeyError(server) from error

    def _fleet(self) -> Fleet:
        store = PostgresAccountStore(
            self.storage.database,
            self.storage.batcher,
            self.vault,
            Sealer(self.settings.evidence_key.reveal()),
        )
        shared = Surroundings(
            store=store,
            broker=self.bridges.broker,
            clock=self.clock,
            timers=self.timers,
            random=self.random,
            failpoint=failpoint(self.settings.failpoint),
            on_publish=self.telling.published,
            on_event=self.telling.event,
            limits=TierLimits(breach_least=self.settings.breach_interval_seconds),
        )
        return Fleet(self.accounts, self.catalogue, self.tree, self.registry, shared)

    def _relay(self) -> Relay:
        rows = CommandRows(self.storage.database, self.settings.node_id)
        levers = Levers(self.registry, self.fleet, self.bridges.broker.refusals.forgive)
        crash = self.fleet.shared.failpoint
        return Relay(rows, self.accounts, self.registry, levers, lambda: self.placement.held, crash)

    def _exports(self) -> ExportRoom:
        database, clock = self.storage.database, self.clock
        errands = Errands(self.storage.dsn, clock)
        rows = Exports(database, self.settings.node_id)
        folder = ExportFolder(self.settings.data_folder.resolve() / "exports")
        workshop = Workshop(rows, folder, errands, clock)
        tickets, streams = ExportTickets(database), Streams(errands)
        carry_out = self.desk.carry_out
        return ExportRoom(rows, tickets, workshop, streams, self.users, carry_out, clock)

    def _rooms(self, scrubber: Scrubber) -> Rooms:
        database, clock = self.storage.database, self.clock
        users, audit = self.users, Audit(PostgresAuditLog(database, clock))
        days = DayRows(database)
        stored = StoredLives(self.accounts, self.fleet.shared.store, self.fleet.life, clock)
        reading = ReadingRoom(
            self.registry,
            self.rows,
            TradeRows(database),
            DealRows(database),
            Curves(database),
            Sparklines(database),
            days,
            Violations(database),
            Discrepancies(database),
            PostgresSettings(database),
            clock,
            LifeRoom(self.registry, self.rows, stored, clock),
            StatisticsRoom(stored, days),
            self.fleet.watched,
            lambda: database.health.healthy,
        )
        connecting = Connecting(
            accounts=self.accounts,
            vault=self.vault,
            broker=self.fleet.shared.broker,
            catalogue=self.catalogue,
            attempts=Attempts(clock),
            scrubber=scrubber,
            clock=clock,
            newest_plan=self._newest_plan,
            adopt=self._adopt,
            dismiss=self._dismiss,
            audit=audit,
        )
        changes = Changes(connecting, self.rows, self.relay)
        commands = CommandRoom(
            self.desk,
            connecting,
            changes,
            Violations(database),
            users,
            Privacy(database),
            audit,
            clock,
        )
        return Rooms(
            reading=reading,
            exports=self.exports,
            staff=StaffRoom(reading, LogRows(database)),
            commands=commands,
            ops=self._ops(),
            nonces=Nonces(PostgresNonces(database)),
            codes=Codes(PostgresCodes(database, principal_of)),
            users=Users(users),
            audit=audit,
            limiter=RedisLimiter(self.lane, InProcessLimiter(clock)),
        )

    async def _newest_plan(self, name: str) -> Plan | None:
        document = await PostgresPlans(self.storage.database).newest(name)
        return None if document is None else plan_from_document(document)

    def _ops(self) -> OpsRoom:
        board = StatusBoard(self.registry, self.clock, self.settings.node_id, self.fleet.facts)
        return OpsRoom(
            board,
            self.bridge_board,
            self.fleet,
            self.relay,
            self.placement,
            self.storage.database,
            self.storage.batcher,
            self.metrics,
            self.desk.carry_out,
        )

    async def _adopt(self, instance_id: UUID, seconds: float) -> FirstLogin:
        """Claim now instead of at the next tick, then wait for the first login's outcome.

        Where another node has its fair share to fill, that one claims it.
        """
        began = self.clock.monotonic()
        if instance_id not in self.placement.held:
            await self.placement.round(spread=False)
        left = max(0.0, seconds - (self.clock.monotonic() - began))
        if instance_id in self.placement.held:
            return await self.fleet.settled(instance_id, left)
        return await stored_first_login(lambda: self.accounts.condition(instance_id), left)

    async def _dismiss(self, instance_id: UUID) -> None:
        await self.fleet.stop(instance_id)
        await self.placement.forget(instance_id)
