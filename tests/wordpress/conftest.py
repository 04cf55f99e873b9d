"""A database server and our zip for the session; for a module the real server and a site on it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from supervisor.embedded import EmbeddedPostgres
from tests.postgres_fixture import fresh_database
from tests.stage import SharedStage, free_port, shared_stage
from tests.wordpress.mariadb import MariaDB
from tests.wordpress.site import ROOT, Site


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installable zip, freshly built."""
    target = tmp_path_factory.mktemp("zip") / "onefunders-analyze.zip"
    subprocess.run([ROOT / "bin/build", target], check=True, capture_output=True)
    return target


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDB]:
    """One database server for all sites."""
    with MariaDB(tmp_path_factory.mktemp("mariadb")) as server:
        yield server


@pytest.fixture(scope="session")
def site_port() -> int:
    """The port of every site, one after another: the server allows its pages to read."""
    return free_port()


@pytest.fixture(scope="session")
def stage(
    postgres_server: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory, site_port: int
) -> Iterator[SharedStage]:
    """The real analysis server with a simulated broker."""
    with (
        fresh_database(postgres_server) as dsn,
        shared_stage(
            tmp_path_factory.mktemp("server"), dsn, (f"http://127.0.0.1:{site_port}",)
        ) as shared,
    ):
        yield shared


@pytest.fixture(scope="module")
def site(
    mariadb: MariaDB,
    archive: Path,
    stage: SharedStage,
    site_port: int,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Site]:
    """A shop that is connected to the real server. PHP notices fail its module."""
    folder = tmp_path_factory.mktemp("site") / request.module.__name__.rsplit(".", 1)[-1]
    with Site(folder, mariadb, archive, site_port) as made:
        point_at(made, stage.stage.url, stage.stage.key("s2s-primary").decode())
        yield made
        assert made.notices() == ""


def point_at(site: Site, url: str, secret: str) -> None:
    """Let the shop call this server, as its settings page would."""
    settings: dict[str, Any] = {"api_url": url, "hmac_secret": secret}
    site.run(
        "".join(f"update_option('onefunders_{k}', '{v}', false);" for k, v in settings.items())
        + "delete_option('onefunders_link'); update_option('show_avatars', 0); return null;"
    )
