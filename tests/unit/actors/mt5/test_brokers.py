"""The broker table: a server's clock by name, pattern and date."""

from datetime import date
from pathlib import Path

import pytest

from actors.mt5.brokers import BrokerTableError, parse_brokers

SHIPPED = Path(__file__).parents[4] / "configs" / "brokers.toml"
ON = date(2026, 3, 2)


def test_the_shipped_table_knows_the_simulator_and_usual_brokers() -> None:
    """Names are compared without case, patterns cover numbered servers."""
    table = parse_brokers(SHIPPED.read_text(encoding="utf-8"), "brokers.toml")
    clocks = {name: table.clock(name, ON).name for name in ("Simulated-1", "Simulated-3")}
    assert clocks == {"Simulated-1": "UTC", "Simulated-3": "Europe/Athens"}
    for server in ("simulated-2", "FTMO-Server4", "ftmo-server", "HFMarketsKE-Demo2"):
        assert table.clock(server, ON).name == "America/New_York+7h"


def test_the_most_exact_name_and_the_date_decide() -> None:
    """An exact name beats a pattern; of one name the latest entry in force counts."""
    table = parse_brokers(
        """
        [[server]]
        name = "Broker-*"
        clock = "UTC"
        [[server]]
        name = "Broker-Live"
        clock = "Europe/Athens"
        [[server]]
        name = "Broker-Live"
        clock = "America/New_York+7h"
        from = 2025-01-01
        """,
        "t.toml",
    )
    assert table.clock("BROKER-demo", ON).name == "UTC"
    assert table.clock("Broker-Live", date(2024, 12, 31)).name == "Europe/Athens"
    assert table.clock("Broker-Live", date(2025, 1, 1)).name == "America/New_York+7h"


def test_an_unknown_server_names_the_option() -> None:
    """A missing server is an error that says where to add it and which option helps."""
    table = parse_brokers("server = []", "t.toml")
    with pytest.raises(BrokerTableError, match=r"'Nowhere' is not in t\.toml.*--server-zone"):
        table.clock("Nowhere", ON)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x", "no valid TOML"),
        ("[server]\n", "only [[server]] entries"),
        ('[[server]]\nname="A"\nclock="Mars/Base"', "server 1 (A): server zone 'Mars/Base'"),
        ('[[server]]\nname="A"', "clock must be text"),
        ('[[server]]\nname="A[1]"\nclock="UTC"', "name must be"),
        ('[[server]]\nname="A"\nclock="UTC"\nfrom=2024-01-01T00:00:00', "from must be a date"),
        ('[[server]]\nname="A"\nclock="UTC"\nzone="UTC"', "allowed are name, clock and from"),
    ],
)
def test_a_bad_table_says_where_and_what_is_allowed(text: str, told: str) -> None:
    """Faults name the file and the entry."""
    with pytest.raises(BrokerTableError) as caught:
        parse_brokers(text, "t.toml")
    assert str(caught.value).startswith("t.toml")
    assert told in str(caught.value)
