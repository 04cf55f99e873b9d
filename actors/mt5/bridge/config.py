"""A bridge host's settings: one TOML file (docs/bridge.md), read without I/O."""

import ipaddress
import tomllib
from typing import Annotated

import msgspec
from msgspec import Meta

Port = Annotated[int, Meta(ge=0, le=65535)]


class ConfigError(ValueError):
    """A setting that cannot be used; says which, and what is allowed."""


class BridgeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``host``: the one address to listen on, never all of them. Seconds are the watchdog's.

    ``worker_python``: how to start the Windows Python of the workers under Wine, such as
    ``["wine", "/opt/python/python.exe"]``; empty for the bridge's own Python, on Windows.
    """

    host: str
    port: Port
    secret_file: str
    slots_folder: str
    brokers_file: str
    data_folder: str
    slots: Annotated[int, Meta(ge=1, le=500)]
    health_port: Port = 8702
    terminal: str = "terminal64.exe"
    start_seconds: Annotated[float, Meta(ge=5, le=600)] = 90.0
    login_seconds: Annotated[float, Meta(ge=15, le=300)] = 60.0
    read_seconds: Annotated[float, Meta(ge=1, le=120)] = 20.0
    worker_python: tuple[str, ...] = ()
    package: str = "MetaTrader5"


def parse_config(text: str, source: str) -> BridgeConfig:
    """Read a host's settings. Raises ConfigError."""
    try:
        document = tomllib.loads(text)
        config = msgspec.convert(document, BridgeConfig)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: not valid TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{source}: {error}") from None
    try:
        address = ipaddress.ip_address(config.host)
    except ValueError:
        raise ConfigError(f"{source}: host must be an IP address of this machine") from None
    if address.is_unspecified:
        raise ConfigError(f"{source}: host {config.host} is every address: name the one to use")
    return config
