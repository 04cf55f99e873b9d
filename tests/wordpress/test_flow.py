"""The whole way on a real WordPress against the real server, on each order store."""

from collections.abc import Iterator

import pytest

from tests.stage import SharedStage
from tests.wordpress.conftest import OpenShop
from tests.wordpress.site import Site
from tests.wordpress.way import walk


@pytest.fixture(params=["hpos", "hpos and posts", "posts"], scope="module")
def site(open_shop: OpenShop, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A shop on each order store of WooCommerce in turn."""
    with open_shop("flow", request.param) as made:
        made.run("update_option('double_fire_twice', 1); return null;")
        yield made


def test_the_whole_way(site: Site, stage: SharedStage) -> None:
    """Paid, typed, connected, listed, reconnected, shown, refunded; the password is nowhere."""
    walk(site, stage, "buyer")
