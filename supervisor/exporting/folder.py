"""The folder of finished and half-made files: named by export, bounded by a quota, swept.

Every method blocks; call it in a thread.
"""

import os
import shutil
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from threading import Lock
from uuid import UUID

from attrs import field, frozen

_BYTES_PER_ROW = 900
"""What a row of an XLSX takes at most while it is made: its sheet's part and the packed file."""


@frozen
class ExportFolder:
    """Files of this node's exports.

    ``quota_bytes`` bounds them all together, with what was promised to those being made; so much
    as ``reserve_bytes`` of the disk is left to others.
    """

    path: Path
    quota_bytes: int = 4 * 2**30
    reserve_bytes: int = 512 * 2**20
    _promised: dict[UUID, int] = field(factory=dict, init=False, eq=False)
    _lock: Lock = field(factory=Lock, init=False, eq=False)

    def part(self, export_id: UUID) -> Path:
        """The file being written."""
        return self.path / f"{export_id}.part"

    def parts(self, export_id: UUID) -> Path:
        """The folder for the parts that it is packed from."""
        return self.path / f"{export_id}.parts"

    def file(self, export_id: UUID) -> Path:
        """The finished file."""
        return self.path / f"{export_id}.xlsx"

    def prepare(self, export_id: UUID, rows: int) -> bool:
        """Promise room to an export of so many rows; False when there is none. Raises OSError.

        The promise ends with ``complete`` or ``discard``.
        """
        needed = rows * _BYTES_PER_ROW
        with self._lock:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if needed > self._room():
                return False
            self.parts(export_id).mkdir(mode=0o700, exist_ok=True)
            self._promised[export_id] = needed
        return True

    def complete(self, export_id: UUID) -> int:
        """Put the written file in its place, durably; its size in bytes. Raises OSError."""
        part = self.part(export_id)
        with part.open("rb") as written:
            os.fsync(written.fileno())
        shutil.rmtree(self.parts(export_id), ignore_errors=True)
        part.replace(self.file(export_id))
        self._keep_promise(export_id)
        return self.file(export_id).stat().st_size

    def discard(self, export_id: UUID) -> None:
        """Delete whatever there is of an export."""
        shutil.rmtree(self.parts(export_id), ignore_errors=True)
        self.part(export_id).unlink(missing_ok=True)
        self.file(export_id).unlink(missing_ok=True)
        self._keep_promise(export_id)

    def exports(self) -> frozenset[UUID]:
        """Of which exports there is something here."""
        if not self.path.is_dir():
            return frozenset()
        return frozenset(UUID(entry.stem) for entry in self.path.iterdir() if _is_id(entry.stem))

    def sweep(self, gone: Collection[UUID]) -> None:
        """Delete all that there is of these exports."""
        for export_id in gone:
            self.discard(export_id)

    def _keep_promise(self, export_id: UUID) -> None:
        with self._lock:
            self._promised.pop(export_id, None)

    def _room(self) -> int:
        """The bytes that neither lie here nor are promised."""
        lying = self._lying()
        owed = sum(max(0, most - lying[str(one)]) for one, most in self._promised.items())
        free = shutil.disk_usage(self.path).free - self.reserve_bytes
        return min(free, self.quota_bytes - lying.total()) - owed

    def _lying(self) -> Counter[str]:
        """The bytes that lie here, by export."""
        # Exports that end meanwhile take their files away under this walk: those count nothing.
        found: Counter[str] = Counter()
        for folder, _, names in os.walk(self.path):
            for name in names:
                path = Path(folder, name)
                found[path.relative_to(self.path).parts[0].partition(".")[0]] += _size(path)
        return found


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except FileNotFoundError:
        return 0


def _is_id(stem: str) -> bool:
    try:
        return str(UUID(stem)) == stem
    except ValueError:
        return False
