"""Settings: one TOML file, environment variables over it, secrets from files.

The only reader of the environment. Every value knows where it came from, so that
``onefunders check-config`` can show it; a missing setting without a default stops the start.
"""

import os
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import frozen

from supervisor.bridge_settings import BridgeSetting, read_bridges
from supervisor.secret import Secret, WeakSecret, strong_secret


class SettingsError(ValueError):
    """Settings that cannot be used; ``problems`` lists every fault at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@frozen
class KeyFile:
    """A secret by its id and the file that holds it."""

    key_id: str
    secret: Secret


@frozen
class SiteKeySetting:
    """One server-to-server key: its site, its scopes and its secret."""

    key_id: str
    site_id: str
    scopes: frozenset[str]
    secret: Secret


@frozen
class Settings:
    """Everything that the process needs to know. ``sources`` says where each value came from."""

    host: str
    port: int
    admin_port: int
    origins: tuple[str, ...]
    cors_origins: tuple[str, ...]
    frame_ancestors: tuple[str, ...]
    trusted_proxies: int
    database_url: str | None
    database_workers: int
    redis_url: str | None
    data_folder: Path
    plans_folder: Path
    brokers_file: Path
    dashboard_folder: Path
    node_id: str
    lease_seconds: float
    breach_interval_seconds: float
    bridge_logins_per_second: float
    server_logins_per_second: float
    log_level: str
    site_keys: tuple[SiteKeySetting, ...]
    token_keys: tuple[KeyFile, ...]
    token_key_id: str
    vault_keys: tuple[KeyFile, ...]
    vault_key_id: str
    pepper: Secret
    evidence_key: Secret
    bridges: tuple[BridgeSetting, ...]
    failpoint: str | None
    sources: Mapping[str, str]


SCOPES = frozenset({"connect", "exchange", "admin", "ops"})


def _number_from_1_to_15(text: str) -> float:
    """Seconds between two reads of an account at breach risk, at least (RULES 6)."""
    seconds = float(text)
    if not 1 <= seconds <= 15:
        raise ValueError(text)
    return seconds


def _number_above_0_up_to_10000(text: str) -> float:
    """Logins per second in the long run."""
    rate = float(text)
    if not 0 < rate <= 10_000:
        raise ValueError(text)
    return rate


# path in the TOML file, environment variable, default (None = required), parser of the text form
_PLAIN: tuple[tuple[str, str, str, str | None, Callable[[str], Any]], ...] = (
    ("host", "server.host", "ONEFUNDERS_HOST", "127.0.0.1", str),
    ("port", "server.port", "ONEFUNDERS_PORT", "8000", int),
    ("admin_port", "server.admin_port", "ONEFUNDERS_ADMIN_PORT", "8001", int),
    ("trusted_proxies", "server.trusted_proxies", "ONEFUNDERS_TRUSTED_PROXIES", "0", int),
    ("database_workers", "database.workers", "ONEFUNDERS_DATABASE_WORKERS", "4", int),
    ("data_folder", "node.data_folder", "ONEFUNDERS_DATA", "var", Path),
    ("plans_folder", "node.plans_folder", "ONEFUNDERS_PLANS", "configs/plans", Path),
    (
        "dashboard_folder",
        "node.dashboard_folder",
        "ONEFUNDERS_DASHBOARD",
        "frontend/dist",
        Path,
    ),
    ("brokers_file", "node.brokers_file", "ONEFUNDERS_BROKERS", "configs/brokers.toml", Path),
    ("node_id", "node.id", "ONEFUNDERS_NODE", "node-1", str),
    ("lease_seconds", "node.lease_seconds", "ONEFUNDERS_LEASE_SECONDS", "30", float),
    (
        "breach_interval_seconds",
        "sync.breach_interval_seconds",
        "ONEFUNDERS_BREACH_INTERVAL_SECONDS",
        "5",
        _number_from_1_to_15,
    ),
    (
        "bridge_logins_per_second",
        "sync.bridge_logins_per_second",
        "ONEFUNDERS_BRIDGE_LOGINS_PER_SECOND",
        "10",
        _number_above_0_up_to_10000,
    ),
    (
        "server_logins_per_second",
        "sync.server_logins_per_second",
        "ONEFUNDERS_SERVER_LOGINS_PER_SECOND",
        "20",
        _number_above_0_up_to_10000,
    ),
    ("log_level", "log.level", "ONEFUNDERS_LOG_LEVEL", "info", str),
)
_OPTIONAL = (
    ("database_url", "database.url", "DATABASE_URL"),
    ("redis_url", "redis.url", "REDIS_URL"),
    ("failpoint", "node.failpoint", "ONEFUNDERS_FAILPOINT"),
)
_LISTS = (
    ("origins", "server.origins", "ONEFUNDERS_ORIGINS"),
    ("cors_origins", "server.cors_origins", "ONEFUNDERS_CORS_ORIGINS"),
    ("frame_ancestors", "server.frame_ancestors", "ONEFUNDERS_FRAME_ANCESTORS"),
)
_TABLES = (
    "server",
    "database",
    "redis",
    "node",
    "sync",
    "log",
    "auth",
    "vault",
    "evidence",
    "bridges",
)


def load_settings(file: Path | None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read ``file`` (TOML) and the environment; raise SettingsError naming every fault.

    Relative paths in the file are relative to the working folder.
    """
    env = os.environ if environment is None else environment
    return _Reader(_read_toml(file), str(file) if file else "no file", env).settings()


_MACHINE = {
    *("PATH", "PATHEXT", "PYTHONPATH", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC"),
    *("TEMP", "TMP", "HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA"),
    *("WINEPREFIX", "WINEDEBUG", "WINEDLLOVERRIDES", "LANG", "LC_ALL"),
}


def machine_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a worker process needs of the environment: folders and paths, no setting of ours."""
    env = os.environ if environment is None else environment
    return {name: value for name, value in env.items() if name.upper() in _MACHINE}


def demo_port(environment: Mapping[str, str] | None = None) -> int:
    """The demo's port: ONEFUNDERS_PORT, else 8000. Raises SettingsError when it is no port."""
    env = os.environ if environment is None else environment
    text = env.get("ONEFUNDERS_PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise SettingsError([f"ONEFUNDERS_PORT={text!r} is no port (1 to 65535)"])
    return int(text)


def database_environment(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a child process needs to connect to the database as we do: libpq's own variables and
    its home. None of ours, which may hold secrets."""
    env = os.environ if environment is None else environment
    wanted = {"HOME", "LD_LIBRARY_PATH"}
    return {name: text for name, text in env.items() if name in wanted or name.startswith("PG")}


def _read_toml(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"), parse_float=Decimal)
    except FileNotFoundError as error:
        raise SettingsError([f"{file}: no such settings file"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError([f"{file}: not valid TOML: {error}"]) from error


class _Reader:
    """Walks the declared settings once, collecting values, sources and problems."""

    def __init__(self, document: dict[str, Any], name: str, env: Mapping[str, str]) -> None:
        self.document = document
        self.name = name
        self.env = env
        self.sources: dict[str, str] = {}
        self.problems: list[str] = []

    def settings(self) -> Settings:
        self._refuse_unknown()
        values: dict[str, Any] = {}
        for field, path, variable, default, parse in _PLAIN:
            values[field] = self._plain(path, variable, default, parse)
        for field, path, variable in _OPTIONAL:
            text = self._text(path, variable)
            values[field] = text or None
        for field, path, variable in _LISTS:
            values[field] = self._list(path, variable)
        if not values["origins"]:
            self.problems.append("server.origins: name at least one, scheme://host[:port]")
        values |= self._auth() | self._vault()
        values["evidence_key"] = self._secret("evidence", self.document.get("evidence"))
        values["bridges"] = self._bridges()
        if self.problems:
            raise SettingsError(self.problems)
        return Settings(**values, sources=self.sources)

    def _refuse_unknown(self) -> None:
        known = {str(entry[1]) for entry in (*_PLAIN, *_OPTIONAL, *_LISTS)}
        for table, content in self.document.items():
            if table not in _TABLES:
                allowed = ", ".join(_TABLES)
                self.problems.append(f"{self.name}: unknown table [{table}]; known: {allowed}")
            elif table not in {"auth", "vault", "evidence", "bridges"}:
                self._refuse_unknown_keys(table, content, known)

    def _refuse_unknown_keys(self, table: str, content: Any, known: set[str]) -> None:
        if not isinstance(content, dict):
            self.problems.append(f"{self.name}: [{table}] must be a table")
            return
        for key in content:
            if f"{table}.{key}" not in known:
                self.problems.append(f"{self.name}: unknown setting {table}.{key}")

    def _text(self, path: str, variable: str) -> str | None:
        if variable in self.env:
            self.sources[path] = f"environment {variable}"
            return self.env[variable]
        if f"{variable}_FILE" in self.env:
            self.sources[path] = f"file of {variable}_FILE"
            return self._file_text(self.env[f"{variable}_FILE"], path)
        table, key = path.split(".")
        content = self.document.get(table, {})
        if isinstance(content, dict) and key in content:
            self.sources[path] = self.name
            return str(content[key])
        return None

    def _file_text(self, name: str, path: str) -> str:
        try:
            return Path(name).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{path}: cannot read {name}: {type(error).__name__}")
            return ""

    def _plain(
        self, path: str, variable: str, default: str | None, parse: Callable[[str], Any]
    ) -> Any:
        text = self._text(path, variable)
        if text is None:
            if default is None:
                self.problems.append(f"{path} is missing: set it in the file or {variable}")
                return None
            self.sources[path] = "default"
            text = default
        try:
            return parse(text)
        except ValueError:
            self.problems.append(
                f"{path}: {text!r} is not a {parse.__name__.strip('_').replace('_', ' ')}"
            )
            return None

    def _list(self, path: str, variable: str) -> tuple[str, ...]:
        if variable in self.env:
            self.sources[path] = f"environment {variable}"
            return tuple(part.strip() for part in self.env[variable].split(",") if part.strip())
        table, key = path.split(".")
        value = self.document.get(table, {}).get(key)
        self.sources[path] = "default" if value is None else self.name
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problems.append(f"{path}: must be a list of texts")
            return ()
        return tuple(value)

    def _secret(self, where: str, table: Any) -> Secret:
        file = table.get("secret_file") if isinstance(table, dict) else None
        if not isinstance(file, str):
            self.problems.append(f"{where}: secret_file is missing")
            return Secret(b"")
        self.sources[where] = f"file {file}"
        try:
            return strong_secret(Path(file).read_bytes(), where)
        except OSError as error:
            self.problems.append(f"{where}: cannot read {file}: {type(error).__name__}")
        except WeakSecret as error:
            self.problems.append(str(error))
        return Secret(b"")

    def _keys(self, where: str, tables: Any) -> tuple[KeyFile, ...]:
        if not isinstance(tables, dict) or not tables:
            self.problems.append(f"{where}: at least one key is needed")
            return ()
        return tuple(
            KeyFile(key_id, self._secret(f"{where}.{key_id}", table))
            for key_id, table in tables.items()
        )

    def _auth(self) -> dict[str, Any]:
        auth = self.document.get("auth", {})
        tokens = self._keys("auth.tokens", auth.get("tokens"))
        sites = auth.get("sites")
        if not isinstance(sites, dict) or not sites:
            self.problems.append("auth.sites: at least one server-to-server key is needed")
            sites = {}
        return {
            "site_keys": tuple(self._site_key(key_id, table) for key_id, table in sites.items()),
            "token_keys": tokens,
            "token_key_id": self._current("auth.token_key", auth.get("token_key"), tokens),
        }

    def _site_key(self, key_id: str, table: Any) -> SiteKeySetting:
        where = f"auth.sites.{key_id}"
        secret = self._secret(where, table)
        table = table if isinstance(table, dict) else {}
        scopes = frozenset(table.get("scopes", ()))
        if not scopes or not scopes <= SCOPES:
            self.problems.append(f"{where}.scopes: allowed are {', '.join(sorted(SCOPES))}")
        site_id = table.get("site_id")
        if not isinstance(site_id, str) or not site_id:
            self.problems.append(f"{where}.site_id is missing")
            site_id = ""
        return SiteKeySetting(key_id, site_id, scopes, secret)

    def _vault(self) -> dict[str, Any]:
        vault = self.document.get("vault", {})
        keys = self._keys("vault.keys", vault.get("keys"))
        return {
            "vault_keys": keys,
            "vault_key_id": self._current("vault.key", vault.get("key"), keys),
            "pepper": self._secret("vault.pepper", vault.get("pepper")),
        }

    def _current(self, where: str, wanted: Any, keys: tuple[KeyFile, ...]) -> str:
        known = [key.key_id for key in keys]
        if wanted not in known:
            self.problems.append(f"{where}: must name one of {', '.join(known) or 'the keys'}")
            return ""
        self.sources[where] = self.name
        return str(wanted)

    def _bridges(self) -> tuple[BridgeSetting, ...]:
        bridges, faults = read_bridges(self.document.get("bridges", []), self._secret)
        self.problems += faults
        return bridges
