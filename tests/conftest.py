"""Fixtures that every suite shares; kept small on purpose."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.postgres_fixture"]

# A landing must not hang on luck: there the same examples are tried each time. Everywhere else
# each run tries new ones. How long one takes says more of the machine than of the code.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of this suite."""
    parser.addoption("--faults", action="store_true", help="run fault tests at full size")
    parser.addoption(
        "--postgres",
        type=Path,
        default=None,
        metavar="BIN",
        help="run the SQL suites on the server whose programs lie in this folder",
    )
    parser.addoption(
        "--reports",
        type=Path,
        default=None,
        metavar="DIR",
        help="also read every report in DIR and check it against itself",
    )


@pytest.fixture
def faults(request: pytest.FixtureRequest) -> bool:
    """True when fault tests run at full size (10,000 transactions, 100 kills)."""
    return bool(request.config.getoption("--faults"))
