"""``onefunders migrate``: bring the database to the newest schema."""

import click
import psycopg

from storage.migrations.migrate import head
from storage.migrations.migrate import migrate as bring_up
from supervisor.commands.check_config import read_or_fail
from supervisor.commands.exits import UNAVAILABLE, as_json, config_option, fail, json_option
from supervisor.embedded import EmbeddedPostgres


@click.command()
@config_option
@json_option
def migrate(config: str | None, as_json_flag: bool) -> None:
    """Apply every schema revision that is missing; running it again changes nothing."""
    settings = read_or_fail(config)
    try:
        if settings.database_url is not None:
            bring_up(settings.database_url)
        else:
            with EmbeddedPostgres(settings.data_folder / "postgres") as server:
                bring_up(server.dsn)
    except psycopg.OperationalError as error:
        fail(f"the database does not answer ({type(error).__name__})", UNAVAILABLE)
    if as_json_flag:
        as_json({"schema": head()})
    else:
        click.echo(f"the database has schema {head()}")
