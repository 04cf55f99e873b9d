"""The demo's sample report is what its generator writes."""

from tests.demo_report import TARGET, report


def test_the_committed_report_is_fresh() -> None:
    """configs/demo/report.html equals the generator's output, byte for byte."""
    assert TARGET.read_bytes().decode("utf-16") == report()
