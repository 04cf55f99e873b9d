"""A database server, our zip and the real server for the session; a shop for each module.

The shop has the double of WooCommerce, or the real one whose folder WOOCOMMERCE names
(``make test-woocommerce WOOCOMMERCE=folder``).
"""

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from supervisor.embedded import EmbeddedPostgres
from tests.postgres_fixture import fresh_database
from tests.stage import SharedStage, free_port, shared_stage
from tests.wordpress.mariadb import MariaDB
from tests.wordpress.site import DOUBLE, ROOT, Site

OpenShop = Callable[[str, str], AbstractContextManager[Site]]
WOOCOMMERCE = Path(os.environ.get("WOOCOMMERCE") or DOUBLE)


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


@pytest.fixture(scope="session")
def open_shop(
    mariadb: MariaDB,
    archive: Path,
    stage: SharedStage,
    site_port: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> OpenShop:
    """Opens a shop by name on an order store, connected to the real server; ends it after use."""

    @contextmanager
    def opened(name: str, store: str) -> Iterator[Site]:
        folder = tmp_path_factory.mktemp("site") / f"{name}_{store.replace(' ', '_')}"
        with Site(folder, mariadb, archive, site_port, woocommerce=WOOCOMMERCE) as made:
            made.keep_orders_in(store)
            point_at(made, stage.stage.url, stage.stage.key("s2s-primary").decode())
            yield made
            assert made.notices() == ""

    return opened


@pytest.fixture(scope="module")
def site(open_shop: OpenShop, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A shop that is connected to the real server. PHP notices fail its module."""
    with open_shop(request.module.__name__.rsplit(".", 1)[-1], "hpos") as made:
        yield made


def point_at(site: Site, url: str, secret: str) -> None:
    """Let the shop call this server, as its settings page would."""
    settings: dict[str, Any] = {"api_url": url, "hmac_secret": secret}
    site.run(
        "".join(f"update_option('onefunders_{k}', '{v}', false);" for k, v in settings.items())
        + "delete_option('onefunders_link'); update_option('show_avatars', 0); return null;"
    )
