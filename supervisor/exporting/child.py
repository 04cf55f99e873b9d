"""The process that makes one export: rows from the database, a CSV to its output or an XLSX file.

Its errand comes as one line of JSON on standard input, which then stays open: its end means that
whoever waited is gone, and so is this process. An XLSX is told of by lines ``done total``. The
kernel bounds its memory and the size of its files. It exits with one of ``Exit``.
"""

import errno
import os
import resource
import signal
import sys
import threading
import traceback
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from uuid import UUID

import msgspec
import psycopg
from attrs import asdict, frozen

from actors.domain.export import ExportOrder
from storage.export_reading import reading
from supervisor.exporting.csv_table import csv_table

_BEING_NICE = 5


class Exit(IntEnum):
    """How the process ends."""

    DONE = 0
    BUG = 1
    DATABASE = 3
    NO_SPACE = 4
    TOO_LARGE = 5


@frozen
class Errand:
    """What to make and how much of the machine it may take. ``path`` None: CSV to the output."""

    dsn: str
    order: ExportOrder
    life_id: UUID
    digits: int | None
    now: datetime
    memory_bytes: int
    file_bytes: int
    path: Path | None = None
    parts: Path | None = None


def errand_line(errand: Errand) -> bytes:
    """The errand as the child reads it."""
    return msgspec.json.encode(asdict(errand), enc_hook=str) + b"\n"


def read_errand(line: bytes) -> Errand:
    """The errand that ``errand_line`` wrote. Raises msgspec.ValidationError."""
    return msgspec.json.decode(line, type=Errand, dec_hook=lambda kind, value: kind(value))


def run(errand: Errand) -> None:
    """Carry the errand out. Raises psycopg.Error, OSError."""
    with reading(errand.dsn, errand.order, errand.life_id, errand.digits) as found:
        if errand.path is None or errand.parts is None:
            for part in csv_table(errand.order, found):
                sys.stdout.buffer.write(part)
            sys.stdout.buffer.flush()
            return
        from supervisor.exporting.xlsx_table import Scene, xlsx_table

        def tell(done: int) -> None:
            sys.stdout.write(f"{done} {found.total}\n")
            sys.stdout.flush()

        tell(0)
        scene = Scene(errand.path, errand.parts, errand.now)
        xlsx_table(errand.order, errand.digits, found, scene, tell)


def main() -> int:
    """Read the errand, do it, and tell how it ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is our parent's to answer
    os.nice(_BEING_NICE)
    errand = read_errand(sys.stdin.buffer.readline())
    resource.setrlimit(resource.RLIMIT_DATA, (errand.memory_bytes, errand.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (errand.file_bytes, errand.file_bytes))
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        run(errand)
    except psycopg.OperationalError:
        return Exit.DATABASE
    except OSError as error:
        traceback.print_exc(limit=-8)
        return _EXITS.get(error.errno or 0, Exit.BUG)
    except Exception:  # noqa: BLE001 - told to the parent, which logs it
        traceback.print_exc(limit=-8)
        return Exit.BUG
    return Exit.DONE


_EXITS = {
    errno.ENOSPC: Exit.NO_SPACE,
    errno.EDQUOT: Exit.NO_SPACE,
    errno.EFBIG: Exit.TOO_LARGE,
}


def _end_with_parent() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(Exit.BUG)


if __name__ == "__main__":
    code = main()
    # The daemon thread holds standard input's lock, over which an ordinary exit would stumble.
    sys.stderr.flush()
    os._exit(code)
