"""Every page of the menu, for a clerk, an administrator and an enterprise, as axe reads it."""

from __future__ import annotations

import pytest

from tests.browser.service import Service
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
# Addresses axe has read already: the same page with fewer buttons tells nothing new.
READ: set[str] = set()


@pytest.mark.parametrize(("user", "least"), [("clerk", 18), ("admin", 12), ("enterprise", 8)])
def test_every_page_of_the_menu_is_sound(
    visitor: Visitor, district: Service, user: str, least: int
) -> None:
    visitor.sign_in(user)
    lines = visitor.page.locator(".jg-side nav a")
    pages = {line.inner_text().strip(): line.get_attribute("href") or "" for line in lines.all()}
    assert len(pages) >= least, pages
    for name, path in pages.items():
        visitor.go(path)
        if path not in READ:
            visitor.look(name)
            READ.add(path)
    visitor.check()


def test_records_and_forms_are_sound(visitor: Visitor, district: Service) -> None:
    visitor.sign_in("clerk")
    tables = {
        "enterprise": "core_enterprise",
        "project": "projects_project",
        "consortium": "funding_consortium",
    }
    for kind, table in tables.items():
        [row] = district.ask(f"SELECT min(id) FROM {table}")
        folder = "consortia" if kind == "consortium" else f"{kind}s"
        visitor.go(f"/{folder}/{row}/")
        visitor.look(kind)
    [row] = district.ask("SELECT min(id) FROM core_enterprise")
    for path in ("/me/", "/account/2fa/", "/account/password/change/", "/account/sessions/"):
        visitor.go(path)
        visitor.look(path)
    for path in (f"/enterprises/{row}/edit/", "/search/?q=轮胎", "/delegations/new/"):
        visitor.go(path)
        visitor.look(path)
    visitor.check()


def test_administration_is_sound(visitor: Visitor, district: Service) -> None:
    visitor.sign_in("admin")
    [person] = district.ask("SELECT id FROM core_user WHERE username = 'clerk'")
    for path in (
        f"/people/{person}/",
        f"/people/{person}/edit/",
        f"/people/{person}/duties/new/",
        "/people/new/",
        "/roles/section-clerk/",
        "/roles/section-clerk/edit/",
        "/policies/yanzhou-2020/",
        "/styleguide/",
    ):
        visitor.go(path)
        visitor.look(path)
    visitor.check()


def test_errors_are_sound(visitor: Visitor, district: Service) -> None:
    visitor.sign_in("clerk")
    for path, status in (("/enterprises/999999999/", 404), ("/people/", 403), ("/nowhere/", 404)):
        answer = visitor.page.goto(district.url + path)
        assert answer is not None and answer.status == status
        visitor.look(path)
        assert visitor.page.get_by_role("link", name="首页").first.is_visible()
    # The browser itself notes that the answer was no success; nothing else may be noted.
    expected = "Failed to load resource: the server responded with a status of 40"
    visitor.errors[:] = [line for line in visitor.errors if expected not in line]
    visitor.check()


def test_the_keyboard_reaches_the_content_first(visitor: Visitor, district: Service) -> None:
    visitor.sign_in("clerk")
    visitor.go("/enterprises/")
    visitor.page.keyboard.press("Tab")
    focused = visitor.page.evaluate("document.activeElement.textContent.trim()")
    assert focused == "跳到正文"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("document.activeElement.id") == "content"
