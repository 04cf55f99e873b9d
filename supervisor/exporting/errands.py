"""What the child processes are sent to do."""

from pathlib import Path

from attrs import field, frozen

from actors.domain.export import ExportJob
from actors.ports import Clock
from supervisor.exporting.child import Errand

_MEMORY_BYTES = 256 * 2**20
_FILE_BYTES = 2**30


@frozen
class Errands:
    """Writes errands on this node's database."""

    dsn: str = field(repr=False)
    clock: Clock

    def streaming(self, job: ExportJob) -> Errand:
        """A CSV to the child's output."""
        return self._errand(job, None, None)

    def file(self, job: ExportJob, path: Path, parts: Path) -> Errand:
        """An XLSX at ``path``, packed from ``parts``."""
        return self._errand(job, path, parts)

    def _errand(self, job: ExportJob, path: Path | None, parts: Path | None) -> Errand:
        return Errand(
            dsn=self.dsn,
            order=job.order,
            life_id=job.life_id,
            digits=job.digits,
            now=self.clock.now(),
            memory_bytes=_MEMORY_BYTES,
            file_bytes=_FILE_BYTES,
            path=path,
            parts=parts,
        )
