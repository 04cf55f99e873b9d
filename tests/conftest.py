"""Fixtures that every suite shares; kept small on purpose."""

import pytest

pytest_plugins = ["tests.postgres_fixture"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--faults`` makes fault runs big: 10,000 transactions, 100 kills."""
    parser.addoption("--faults", action="store_true", help="run fault tests at full size")


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> bool:
    """True when fault tests run at full size."""
    return bool(request.config.getoption("--faults"))
