"""An export job and an errand for tests that make no file."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from actors.domain.export import ExportFormat, ExportJob, ExportOrder, ExportState
from actors.domain.history import TradeFilter
from supervisor.exporting.child import Errand

SOME = UUID(int=1)
NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
ORDER = ExportOrder(ExportFormat.CSV, "trades", TradeFilter(), "en", "UTC")
JOB = ExportJob(
    export_id=SOME,
    account_id=SOME,
    life_id=SOME,
    login="5001",
    digits=2,
    order=ORDER,
    state=ExportState.DONE,
    rows_done=1,
    rows_total=1,
    size_bytes=None,
    fault=None,
    created_at=NOW,
    expires_at=NOW + timedelta(hours=1),
)


def errand(dsn: str) -> Errand:
    """A CSV from this database."""
    return Errand(dsn, ORDER, SOME, 2, NOW, memory_bytes=2**28, file_bytes=2**20)
