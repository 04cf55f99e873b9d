"""One configured bridge: what the settings say of it, and the client that speaks to it."""

from attrs import frozen

from actors.mt5.client import BridgeClient
from actors.ports import Broker
from supervisor.bridge_settings import BridgeSetting
from supervisor.bridging.berths import Station


@frozen
class BridgeDoor:
    """Implements ``supervisor.bridging.bridges.Door``."""

    setting: BridgeSetting
    client: BridgeClient

    @property
    def broker(self) -> Broker:
        """The client."""
        return self.client

    def station(self) -> Station:
        """How the bridge stands; never more slots than it says it has, or than are ours."""
        ours, theirs = self.setting.slots, self.client.slots
        return Station(
            name=self.setting.name,
            slots=theirs if ours is None else min(ours, theirs),
            servers=self.setting.servers,
            usable=self.client.is_connected,
            epoch=self.client.epoch,
        )
