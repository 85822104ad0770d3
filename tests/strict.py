"""A pytest plugin: what this machine cannot run is named at the end, and with STRICT=1 a skip is a failure."""

import os
from collections.abc import Generator

import pytest

AnyReport = pytest.TestReport | pytest.CollectReport


def strict() -> bool:
    return os.environ.get("STRICT", "") not in ("", "0")


def reason_of(report: AnyReport) -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)


def refuse_skip(report: AnyReport) -> None:
    expected_to_fail = hasattr(report, "wasxfail")
    if report.skipped and strict() and not expected_to_fail:
        reason = reason_of(report)
        report.outcome = "failed"
        report.longrepr = f"STRICT=1 allows no skip, but {report.nodeid} was skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if not hasattr(report, "wasxfail")]
    if not skipped:
        return
    terminalreporter.section("not run on this machine")
    for report in skipped:
        terminalreporter.line(f"skipped: {report.nodeid}: {reason_of(report)}")
    terminalreporter.line("With STRICT=1 each of these is a failure.")
