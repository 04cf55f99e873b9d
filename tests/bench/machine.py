"""What figures were taken on."""

import os
import platform
from pathlib import Path

import psycopg


def machine() -> str:
    """Cores, CPU, memory, system, Python and how busy the machine was."""
    cpu = [x for x in Path("/proc/cpuinfo").read_text().splitlines() if x.startswith("model name")]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 1024**2
    return (
        f"{os.cpu_count()} cores, {cpu[0].split(': ')[1] if cpu else 'unknown CPU'}, "
        f"{memory:.0f} GiB, {platform.platform()}, Python {platform.python_version()}"
    )


def load_average() -> str:
    """Runnable processes over 1, 5 and 15 minutes: others' work makes figures worse."""
    return " ".join(f"{each:.2f}" for each in os.getloadavg())


def postgres_version(dsn: str) -> str:
    """The server's own word, with its durability."""
    with psycopg.connect(dsn) as line:
        version, fsync, commit = line.execute(
            "SELECT version(), current_setting('fsync'), current_setting('synchronous_commit')"
        ).fetchone() or ("unknown", "", "")
    return f"{version.split(' on ')[0]}, fsync {fsync}, synchronous_commit {commit}"
