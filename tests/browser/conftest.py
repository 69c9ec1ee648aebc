"""One platform and one browser for all tests of this folder, on one worker.

Every module here bears the mark ``browser``; ``plugin`` keeps them on one worker. The event
loop that Playwright leaves running forbids Django's database calls in this process, so both end
with the folder, and everything about data is asked of the service.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import service as services
from tests.browser.service import Service
from tests.browser.visitor import FLAGS, Visitor, visiting
from tests.nets.findings import ROOT
from tools.browser import find_browser

SHOTS = ROOT / "build" / "browser"


@pytest.fixture(scope="package")
def chromium() -> str:
    """The way to the browser; without one every test here is skipped, and the summary says so."""
    found = find_browser()
    if not found:
        pytest.skip("no Chromium: run tools/browser.py, or set CHROME")
    return found


@pytest.fixture(scope="package")
def service(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A new platform: shipped content and demo accounts, no data."""
    with services.running(tmp_path_factory.mktemp("platform")) as started:
        yield started


@pytest.fixture(scope="package")
def browser(chromium: str, service: Service) -> Iterator[Browser]:
    """Real Chromium, without a window."""
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visitor(service: Service, browser: Browser) -> Iterator[Visitor]:
    """Somebody who opens the platform for the first time."""
    with visiting(service, browser) as person:
        yield person


@pytest.fixture(scope="package")
def district(service: Service) -> Service:
    """The platform with the sample district in it, imported and evaluated unless it was."""
    service.fill("samples")
    return service


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """A failed test leaves a picture of the screen, and the last lines of the platform's logs."""
    report = yield
    person = getattr(item, "funcargs", {}).get("visitor")
    if report.when == "call" and report.failed and isinstance(person, Visitor):
        SHOTS.mkdir(parents=True, exist_ok=True)
        person.page.screenshot(path=SHOTS / f"{item.name}.png")
        report.sections.append(("screen", f"{person.page.url}\n{SHOTS / item.name}.png"))
        report.sections.append(("platform", "\n".join(services.tail(person.service))))
    return report
