"""For the whole run: browser tests go to one worker, first; and when they were skipped, it is said.

The groups of pytest-xdist would do the same, but have no effect with pytest 9.2, which no longer
takes the node id they write into.
"""

from __future__ import annotations

from typing import Any

import pytest

FOLDER = "tests/browser/"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Spread single tests as usual, but keep the folder of the browser together."""
    from xdist.scheduler import LoadScopeScheduling

    class KeepTogether(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return FOLDER if nodeid.startswith(FOLDER) else nodeid

    return KeepTogether(config, log) if config.getvalue("dist") == "load" else None


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
