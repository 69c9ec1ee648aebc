"""A person at a screen of 1366×768, with everything written down that a page did wrong."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

from tests.browser import picture
from tests.browser.service import Service
from tests.nets.findings import ROOT

WIDTH, HEIGHT = 1366, 768
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
IMAGES = ROOT / "docs" / "guide" / "images"
# Chromium flags: nothing of its own goes out, so that what goes out is the page's doing.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
]


@dataclass
class Visitor:
    """One signed-in (or not yet) person with a browser of their own."""

    service: Service
    context: BrowserContext
    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._before = len(self.service.caught())

    def sign_in(self, user: str, *, look: bool = False) -> None:
        """By the form, as everybody does."""
        self.go("/account/login/")
        if look:
            self.look("登录")
        self.page.get_by_label("用户名").fill(user)
        self.page.get_by_label("密码", exact=True).fill(self.service.password)
        self.page.get_by_role("button", name="登录", exact=True).click()
        self.page.wait_for_url(re.compile(r"^(?!.*/account/login)"))

    def go(self, path: str) -> None:
        """Open a page of the platform; it must answer."""
        answer = self.page.goto(path if "://" in path else self.service.url + path)
        assert answer is not None and answer.status == 200, (path, answer and answer.status)

    def look(self, name: str) -> None:
        """Let axe read the page as it stands, and keep what it finds under a name.

        The menu beside the page is read with the first page only: it is the same on the others.
        """
        self.page.evaluate(_axe())
        found = self.page.evaluate(
            "([levels, again]) => axe.run(again ? {exclude: [['.jg-side']]} : document, "
            "{runOnly: levels, resultTypes: ['violations'], preload: false})",
            [LEVELS, bool(self.violations)],
        )
        self.violations[name] = [_told(item) for item in found["violations"]]

    def picture(self, name: str) -> None:
        """Keep what the screen shows for the guide, when asked to by ``JIGAI_SCREENSHOTS``."""
        if os.environ.get("JIGAI_SCREENSHOTS"):
            self.page.evaluate("scrollTo(0, 0)")
            self.page.mouse.move(0, 0)
            shot = self.page.screenshot(animations="disabled")
            picture.save(shot, IMAGES / f"{name}.png", self.context)

    def heading(self) -> Locator:
        """The h1 of the page."""
        return self.page.get_by_role("heading", level=1)

    def check(self) -> None:
        """Fail with everything that went wrong in this browser, or for it in the service."""
        wrong = [f"request to elsewhere: {url}" for url in self.outside]
        wrong += [f"console: {line}" for line in self.errors]
        wrong += [f"net: {line}" for line in self.service.caught()[self._before :]]
        wrong += [
            f"axe: {name}: {line}" for name, found in self.violations.items() for line in found
        ]
        if wrong:
            pytest.fail("\n".join(dict.fromkeys(wrong)), pytrace=False)


@contextmanager
def visiting(service: Service, browser: Browser) -> Iterator[Visitor]:
    """A visitor whose browser has never been here before."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    context.set_default_timeout(20_000)
    visitor = Visitor(service, context, context.new_page())
    host = urlsplit(service.url).netloc

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.netloc != host:
            visitor.outside.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            visitor.errors.append(f"{message.page and message.page.url}: {message.text}")

    context.on("request", on_request)
    context.on("console", on_console)
    context.on("weberror", lambda error: visitor.errors.append(str(error.error)))
    try:
        yield visitor
    finally:
        context.close()


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _told(violation: dict[str, Any]) -> str:
    """A violation with the elements it is about, shortened."""
    nodes = violation["nodes"]
    where = "; ".join(
        f"{' '.join(map(json.dumps, node['target']))} {node['html'][:120]}" for node in nodes[:3]
    )
    return f"{violation['id']} ×{len(nodes)}: {violation['help']} — {where}"
