"""Hostile workbooks are refused: bombs, entities, damage."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from actors.mt5 import report_xlsx
from actors.mt5.reports import ReportError, parse_report
from tests.unit.actors.mt5.report_files import ReportFile


def repacked(change: Callable[[str, bytes], bytes]) -> bytes:
    """A workbook with each part passed through ``change``."""
    out = BytesIO()
    with ZipFile(BytesIO(ReportFile().xlsx())) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(part.filename, old.read(part)))
    return out.getvalue()


def on_sheet(change: Callable[[bytes], bytes]) -> bytes:
    """A workbook whose first sheet alone was changed."""
    return repacked(lambda name, raw: change(raw) if name.endswith("sheet1.xml") else raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    """A document type declaration is refused in whatever encoding it hides."""
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'.encode(encoding)
    with pytest.raises(ReportError, match="declares XML entities; allowed: none"):
        parse_report(on_sheet(lambda _: bomb))


def test_a_part_that_unpacks_too_far_is_refused() -> None:
    """Zeros packed a thousandfold are refused by their ratio."""
    with pytest.raises(ReportError, match="unpacks more than 200 times"):
        parse_report(on_sheet(lambda raw: raw + b" " * 4_000_000))


def test_unpacked_size_and_parts_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sum of all parts and their number have limits."""
    raw = ReportFile().xlsx()
    monkeypatch.setattr(report_xlsx, "MAX_UNPACKED", 1000)
    with pytest.raises(ReportError, match="unpacks to"):
        parse_report(raw)
    monkeypatch.setattr(report_xlsx, "MAX_PARTS", 3)
    with pytest.raises(ReportError, match="parts; allowed: up to 3"):
        parse_report(raw)


def test_damaged_sheets_are_refused() -> None:
    """XML that is cut inside the archive is told as damage, not as a crash."""
    with pytest.raises(ReportError, match="the XLSX file is damaged"):
        parse_report(on_sheet(lambda raw: raw[: len(raw) // 2]))
    with pytest.raises(ReportError, match="the XLSX file is damaged"):
        parse_report(repacked(lambda name, raw: b"" if name.endswith("workbook.xml") else raw))
