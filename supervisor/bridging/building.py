"""The bridges of the settings, built: a client for each, and the one door before them."""

from collections.abc import Callable, Sequence

from attrs import frozen

from actors.mt5.client import BridgeClient
from actors.mt5.session import ServerClocks
from actors.ports import Clock
from storage.vault import Vault
from supervisor.bridging.bridges import Bridges, Rates
from supervisor.bridging.door import BridgeDoor
from supervisor.bridging.pace import Pace
from supervisor.bridging.refusals import Refusals
from supervisor.settings import Settings

_BURST_SECONDS = 2.0
"""So many seconds' worth of logins may come at once."""


@frozen
class BridgeRoom:
    """The bridges, whose clients somebody must run, and the way to all of them."""

    doors: Sequence[BridgeDoor]
    broker: Bridges


def build_bridges(
    settings: Settings,
    clock: Clock,
    server_clocks: ServerClocks,
    vault: Vault,
    random: Callable[[], float],
) -> BridgeRoom:
    """Build what the settings name. ``random`` in [0, 1) is the jitter of new connections."""
    doors = [
        BridgeDoor(
            bridge,
            BridgeClient(
                host=bridge.host,
                port=bridge.port,
                secret=bridge.secret.reveal(),
                clock=clock,
                server_clock=server_clocks,
                rng=random,
            ),
        )
        for bridge in settings.bridges
    ]
    rates = Rates(
        bridge=_pace(settings.bridge_logins_per_second),
        server=_pace(settings.server_logins_per_second),
    )
    refusals = Refusals(
        lambda who: vault.fingerprint(who.login, who.server.casefold(), who.password)
    )
    broker = Bridges({door.setting.name: door for door in doors}, clock, rates, refusals)
    return BridgeRoom(doors, broker)


def _pace(per_second: float) -> Pace:
    return Pace(per_second, max(1, round(_BURST_SECONDS * per_second)))
