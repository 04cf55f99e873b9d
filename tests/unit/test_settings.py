"""Settings: sources, precedence, and errors that name every fault."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from supervisor.commands.check_config import check_config
from supervisor.commands.keys import KEY_NAMES, make_keys
from supervisor.settings import SettingsError, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A complete settings file with freshly made keys."""
    keys = tmp_path / "keys"
    make_keys(keys)
    file = tmp_path / "settings.toml"
    file.write_text(
        f"""
[server]
port = 9000
origins = ["https://analyze.example"]
[auth]
token_key = "t1"
[auth.tokens.t1]
secret_file = "{keys}/token-1.key"
[auth.sites.primary]
site_id = "shop"
scopes = ["connect", "exchange", "admin"]
secret_file = "{keys}/s2s-primary.key"
[vault]
key = "v1"
[vault.keys.v1]
secret_file = "{keys}/vault-1.key"
[vault.pepper]
secret_file = "{keys}/pepper.key"
[evidence]
secret_file = "{keys}/evidence.key"
[[bridges]]
host = "127.0.0.1"
port = 7000
secret_file = "{keys}/bridge.key"
"""
    )
    return file


def test_the_environment_wins_over_the_file(file: Path) -> None:
    """A variable overrides the file, and the source says so."""
    settings = load_settings(file, {"ONEFUNDERS_PORT": "9100"})
    assert settings.port == 9100
    assert settings.sources["server.port"] == "environment ONEFUNDERS_PORT"
    assert load_settings(file, {}).port == 9000


def test_a_value_can_come_from_a_file_named_in_the_environment(file: Path, tmp_path: Path) -> None:
    """NAME_FILE reads the value from a mounted file."""
    mounted = tmp_path / "url"
    mounted.write_text("postgresql://db/one\n")
    settings = load_settings(file, {"DATABASE_URL_FILE": str(mounted)})
    assert settings.database_url == "postgresql://db/one"


def test_all_faults_are_named_at_once() -> None:
    """Missing secrets, unknown names and wrong numbers come in one error."""
    with pytest.raises(SettingsError) as caught:
        load_settings(None, {"ONEFUNDERS_PORT": "eighty"})
    text = str(caught.value)
    for part in ("server.port", "auth.sites", "auth.token_key", "vault.keys", "vault.pepper"):
        assert part in text


@pytest.mark.parametrize(
    ("text", "allowed"), [("1", True), ("15", True), ("0.9", False), ("15.1", False)]
)
def test_the_fastest_pace_has_bounds(file: Path, text: str, allowed: bool) -> None:
    """An account at breach risk is read every 1 to 15 s; anything else names the setting."""
    env = {"ONEFUNDERS_BREACH_INTERVAL_SECONDS": text}
    if allowed:
        assert load_settings(file, env).breach_interval_seconds == float(text)
        return
    with pytest.raises(SettingsError, match=r"sync\.breach_interval_seconds"):
        load_settings(file, env)


def with_bridge(file: Path, line: str) -> Path:
    """Add a line to the settings of the one bridge, and a second bridge after it."""
    text = file.read_text().replace("port = 7000", f"port = 7000\n{line}")
    key = text.rsplit("secret_file = ", 1)[1].strip()
    file.write_text(
        f'{text}[[bridges]]\nname = "b"\nhost = "10.0.0.6"\nport = 7000\nsecret_file = {key}\n'
    )
    return file


def test_bridges_have_names_room_and_servers(file: Path) -> None:
    """A bridge may name itself, its share of slots and its servers; an address names it else."""
    with_bridge(file, 'slots = 40\nservers = ["Demo-Live 1"]')
    first, second = load_settings(file, {}).bridges
    assert (first.name, first.slots) == ("127.0.0.1:7000", 40)
    assert first.servers == frozenset({"demo-live 1"})
    assert (second.name, second.slots, second.servers) == ("b", None, frozenset())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("slots = 0", r"bridges\.0\.slots: must be a number from 1"),
        ("slots = true", r"bridges\.0\.slots"),
        ('servers = "Demo"', r"bridges\.0\.servers: must be a list"),
        ('servers = [""]', r"bridges\.0\.servers"),
        ('name = ""', r"bridges\.0\.name"),
        ('name = "b"', "name of its own"),
        ("capacity = 4", r"bridges\.0: unknown setting capacity; known: name, host, port"),
    ],
)
def test_a_bridge_that_cannot_be_used_is_told(file: Path, line: str, said: str) -> None:
    """The error names the bridge, the setting and what is allowed."""
    with pytest.raises(SettingsError, match=said):
        load_settings(with_bridge(file, line), {})


@pytest.mark.parametrize("text", ["0", "-1", "10001", "nan", "x"])
def test_the_pace_of_logins_has_bounds(file: Path, text: str) -> None:
    """A rate that would stop all logins, or bound none, names its setting."""
    env = {"ONEFUNDERS_BRIDGE_LOGINS_PER_SECOND": text}
    with pytest.raises(SettingsError, match=r"sync\.bridge_logins_per_second"):
        load_settings(file, env)


def test_unknown_settings_are_refused(file: Path) -> None:
    """A misspelt setting is an error, not silence."""
    file.write_text(file.read_text().replace("port = 9000", "prot = 9000"))
    with pytest.raises(SettingsError, match=r"unknown setting server\.prot"):
        load_settings(file, {})


def test_unknown_scopes_are_refused(file: Path) -> None:
    """The error lists the scopes that exist."""
    file.write_text(file.read_text().replace('"exchange"', '"everything"'))
    with pytest.raises(SettingsError, match="admin, connect, exchange, ops"):
        load_settings(file, {})


def test_check_config_masks_every_secret(file: Path) -> None:
    """The printed settings hold no key, in text and in JSON."""
    secrets = [path.read_text() for path in (file.parent / "keys").iterdir()]
    assert len(secrets) == len(KEY_NAMES)
    for arguments in (["--config", str(file)], ["--config", str(file), "--json"]):
        result = CliRunner().invoke(check_config, arguments)
        assert result.exit_code == 0
        assert not any(secret in result.output for secret in secrets)
    assert json.loads(result.output)["settings"]["port"] == 9000


def test_keys_are_never_overwritten(tmp_path: Path) -> None:
    """A second run makes nothing and leaves the bytes alone; only the owner may read."""
    made = make_keys(tmp_path)
    before = [file.read_bytes() for file in made]
    assert make_keys(tmp_path) == []
    assert [file.read_bytes() for file in made] == before
    assert {file.stat().st_mode & 0o777 for file in made} == {0o400}
