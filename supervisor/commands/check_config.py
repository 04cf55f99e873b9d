"""``onefunders check-config``: every setting, its value and where it came from."""

from pathlib import Path
from typing import Any

import attrs
import click

from supervisor.commands.exits import as_json, config_option, fail, json_option
from supervisor.secret import Secret
from supervisor.settings import Settings, SettingsError, load_settings


def read_or_fail(config: str | None) -> Settings:
    """The settings, or leave with exit code 2 and every fault on its own line."""
    try:
        return load_settings(Path(config) if config else None)
    except SettingsError as error:
        fail("settings cannot be used:\n  " + "\n  ".join(error.problems))


def shown(value: Any) -> Any:
    """A setting's value for a reader: secrets masked, also inside lists."""
    if isinstance(value, Secret):
        return "***"
    if isinstance(value, tuple):
        return [shown(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if attrs.has(type(value)):
        return {
            field.name: shown(getattr(value, field.name)) for field in attrs.fields(type(value))
        }
    if isinstance(value, Path):
        return str(value)
    return value


@click.command("check-config")
@config_option
@json_option
def check_config(config: str | None, as_json_flag: bool) -> None:
    """Read all settings, say where each came from, and refuse what cannot work."""
    settings = read_or_fail(config)
    values = {
        field.name: shown(getattr(settings, field.name))
        for field in attrs.fields(Settings)
        if field.name != "sources"
    }
    if as_json_flag:
        as_json({"settings": values, "sources": dict(settings.sources)})
        return
    for name, value in values.items():
        click.echo(f"{name:18} {value if value not in (None, [], '') else '-'}")
    click.echo("\nsources:")
    for path, source in sorted(settings.sources.items()):
        click.echo(f"  {path:28} {source}")
