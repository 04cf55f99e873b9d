"""A WordPress site with the WooCommerce double and our plugin, on PHP's own server."""

import json
import os
import shutil
import socket
import subprocess
import time
import zipfile
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.wordpress.mariadb import MariaDB, end_group

ROOT = Path(__file__).resolve().parents[2] / "wp-plugin"
PLUGIN = "onefunders-analyze/onefunders-analyze.php"
DOUBLE = ROOT / "double/woocommerce"
_STORE = "woocommerce_custom_orders_table"
_WORKERS = "4"
# Sites of one session share the analysis server: each has users of its own there.
_FIRST_USERS = count(1001, 1000)


class Site:
    """Use as ``with Site(folder, database_server, archive, port) as site``; ``archive`` is our zip.

    ``constants`` are defined in the site's configuration; ``woocommerce`` is the folder of a real
    one instead of the double.
    """

    def __init__(
        self,
        folder: Path,
        server: MariaDB,
        archive: Path,
        port: int,
        constants: dict[str, Any] | None = None,
        woocommerce: Path = DOUBLE,
    ) -> None:
        self.folder = folder
        self.server = server
        self.archive = archive
        self.port = port
        self.url = f"http://127.0.0.1:{self.port}"
        self.database = f"wp_{folder.name.replace('-', '_')}"
        self.constants = constants or {}
        self.woocommerce = woocommerce
        self.first_user = next(_FIRST_USERS)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        shutil.copytree(ROOT / ".wordpress", self.folder, copy_function=os.link)
        shutil.copytree(self.woocommerce, self.content / "plugins/woocommerce")
        (self.content / "mu-plugins").mkdir()
        for name in ("watch.php", *(() if self.woocommerce == DOUBLE else ("real.php",))):
            shutil.copy(ROOT / "site" / name, self.content / "mu-plugins" / name)
        shutil.copy(ROOT / "site/wp-config.php", self.folder / "wp-config.php")
        with zipfile.ZipFile(self.archive) as packed:
            packed.extractall(self.content / "plugins")
        self.configure()
        self.server.execute(f"CREATE DATABASE {self.database} CHARACTER SET utf8mb4")
        self._php("", "install")
        self.run(
            f"return [activate_plugin('woocommerce/woocommerce.php'), activate_plugin('{PLUGIN}')];"
        )
        self._serve()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process is not None:
            end_group(self._process)
        self.server.execute(f"DROP DATABASE IF EXISTS {self.database}")

    @property
    def content(self) -> Path:
        """The folder wp-content."""
        return self.folder / "wp-content"

    def configure(self, **constants: Any) -> None:
        """Write the configuration with these constants besides the first ones."""
        (self.folder / "site.json").write_text(
            json.dumps(
                {
                    "url": self.url,
                    "database": self.database,
                    "socket": str(self.server.socket),
                    "first_user": self.first_user,
                    "constants": self.constants | constants,
                }
            )
        )

    def become_network(self, second: str) -> None:
        """Make a network of this site and another one below it, with both plugins on all of it."""
        self.configure(WP_ALLOW_MULTISITE=True)
        self._php("", "network")
        self.constants |= {
            "MULTISITE": True,
            "SUBDOMAIN_INSTALL": False,
            "DOMAIN_CURRENT_SITE": f"127.0.0.1:{self.port}",
            "PATH_CURRENT_SITE": "/",
            "SITE_ID_CURRENT_SITE": 1,
            "BLOG_ID_CURRENT_SITE": 1,
        }
        self.configure()
        self.run(
            f"wp_insert_site(['domain' => '127.0.0.1:{self.port}', 'path' => '/{second}/',"
            " 'network_id' => 1, 'title' => 'Second', 'user_id' => 1]);"
            # WordPress drops the colon of a port.
            f"$GLOBALS['wpdb']->query(\"UPDATE wp_blogs SET domain = '127.0.0.1:{self.port}'\");"
            "deactivate_plugins(get_option('active_plugins'));"
            "foreach (['woocommerce/woocommerce.php', '" + PLUGIN + "'] as $plugin)"
            " { activate_plugin($plugin, '', true); } return null;"
        )
        for path in ("/", f"/{second}/"):
            self.run("double_order_tables(); return null;", path=path)

    def run(self, code: str, *, admin: bool = False, path: str = "/") -> Any:
        """Run PHP after WordPress has loaded, on the site at this path of a network.

        What it returns; RuntimeError when PHP fails.
        """
        return json.loads(self._php(code, "admin" if admin else "", path).splitlines()[-1])

    def _php(self, code: str, mode: str, path: str = "/") -> str:
        ran = subprocess.run(
            [
                "php",
                "-d",
                "display_errors=stderr",
                str(ROOT / "site/run.php"),
                str(self.folder),
                mode,
                path,
            ],
            input=code.encode(),
            capture_output=True,
            check=False,
            timeout=60,
        )
        if ran.returncode:
            said = (ran.stdout.decode(), ran.stderr.decode(), self.written("debug.log")[-3000:])
            raise RuntimeError("\n".join(said))
        return ran.stdout.decode()

    def _serve(self) -> None:
        with (self.folder / "php.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "php",
                    "-d",
                    "display_errors=0",
                    "-S",
                    f"127.0.0.1:{self.port}",
                    "-t",
                    str(self.folder),
                    str(ROOT / "site/router.php"),
                ],
                env={"PATH": os.environ["PATH"], "PHP_CLI_SERVER_WORKERS": _WORKERS},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("PHP's server did not start")

    def keep_orders_in(self, store: str) -> None:
        """Before the first order: "hpos", "hpos and posts" or "posts"."""
        tables, both = (("no", "yes")[is_so] for is_so in (store != "posts", "and" in store))
        self.run(
            f"double_order_tables(); update_option('{_STORE}_enabled', '{tables}');"
            f"update_option('{_STORE}_data_sync_enabled', '{both}'); return null;"
        )
        orders = r"\Automattic\WooCommerce\Utilities\OrderUtil"
        used = self.run(f"return {orders}::custom_orders_table_usage_is_enabled();")
        assert used is (tables == "yes")

    def notices(self) -> str:
        """What PHP complained of so far; of a real WooCommerce's house only our part of it."""
        lines = self.written("debug.log").splitlines(keepends=True)
        if self.woocommerce != DOUBLE:
            return "".join(line for line in lines if "onefunders" in line.lower())
        return "".join(line for line in lines if "connection to WordPress.org" not in line)

    def written(self, name: str) -> str:
        """Text of a log in wp-content (``mail.log``, ``wc.log``); empty when there is none."""
        log = self.content / name
        return log.read_text("utf-8", "replace") if log.exists() else ""

    def run_queue(self, ahead_seconds: int = 0) -> int:
        """Run the scheduler's due actions as if it were later; how many ran."""
        return int(self.run(f"return double_run_queue(time() + {ahead_seconds});"))
