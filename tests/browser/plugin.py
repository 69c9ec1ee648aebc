"""For the whole run: tests that share something dear go to one worker, the largest lot first; and
when browser tests were skipped, it is said.

The groups of pytest-xdist would do the same, but have no effect with pytest 9.2, which no longer
takes the node id they write into.
"""

from __future__ import annotations

from typing import Any

import pytest

FOLDER = "tests/browser/"
# Each lot shares what takes many seconds to make: a started platform, a first start, the examples
# of all packs, a result book. Two workers would make it twice, or one wait for the other.
TOGETHER = (FOLDER, "tests/config/", "tests/rules/test_examples.py", "tests/workbench/test_cli.py")
# Folders whose files keep rows or compiled packs for all their tests: file by file.
BY_FILE = (
    "tests/funding/", "tests/policies/", "tests/portal/", "tests/workbench/",
    "tests/rules/test_sixth_county.py",
)  # fmt: skip
# Single tests that take long: one of them at the very end would leave the other worker idle.
EARLY = ("tests/house/",)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread single tests as usual, but keep each lot together."""
    from xdist.scheduler import LoadScopeScheduling

    class KeepTogether(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return lot_of(nodeid)

    return KeepTogether(config, log) if config.getvalue("dist") == "load" else None


def lot_of(nodeid: str) -> str:
    """What a test must stay together with; itself where it may go anywhere."""
    file = nodeid.partition("::")[0] if nodeid.startswith(BY_FILE) else nodeid
    return next((lot for lot in TOGETHER if nodeid.startswith(lot)), file)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The same order on every worker, or xdist refuses to begin."""
    items.sort(key=lambda item: not item.nodeid.startswith(EARLY))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """A section in red that cannot be overlooked."""
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(report.nodeid.startswith(FOLDER) for report in skipped)
    if count:
        terminalreporter.section("没有浏览器", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{count} 项浏览器测试没有运行:找不到可用的 Chromium。"
            "运行 python tools/browser.py 看原因,或设 CHROME 指向一个。",
            red=True,
        )
