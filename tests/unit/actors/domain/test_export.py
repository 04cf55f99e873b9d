"""Exports: which of them is a file, and which is read from the database as it is downloaded."""

from uuid import UUID

import pytest

from actors.domain.export import ExportFormat, ExportJob, ExportOrder, ExportState
from actors.domain.history import TradeFilter
from tests.unit.actors.domain.histories import at

SOME = UUID(int=1)


@pytest.mark.parametrize(
    ("made_as", "streams"), [(ExportFormat.CSV, True), (ExportFormat.XLSX, False)]
)
def test_text_streams_and_workbooks_are_files(made_as: ExportFormat, streams: bool) -> None:
    """A workbook has to be whole before its first byte is known, text has not."""
    order = ExportOrder(made_as, "trades", TradeFilter(), "en", "UTC")
    job = ExportJob(
        SOME, SOME, SOME, "5001", 2, order, ExportState.DONE, 1, 1, None, None,
        at("02 06:00:00"), at("03 06:00:00"),
    )  # fmt: skip
    assert job.streams is streams
