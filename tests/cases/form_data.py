"""What the designer's form sends, read from the page itself: so that it is what a browser sends."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    """The named controls of the form ``designer`` with what stands in them."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.found: dict[str, list[str]] = {}
        self.select: tuple[str, list[str], list[str]] | None = None
        self.area: tuple[str, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.inside = given.get("id") == "designer"
        if not self.inside:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
            if ticked:
                self.found.setdefault(name, []).append(given.get("value", ""))
        elif tag == "select":
            self.select = (name, [], [])
        elif tag == "option" and self.select:
            self.select[1].append(given.get("value", ""))
            if "selected" in given:
                self.select[2].append(given.get("value", ""))
        elif tag == "textarea":
            self.area = (name, [])

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select" and self.select:
            name, every, chosen = self.select
            self.found.setdefault(name, []).extend(chosen or every[:1])
            self.select = None
        if tag == "textarea" and self.area:
            self.found.setdefault(self.area[0], []).append("".join(self.area[1]))
            self.area = None


def form_of(page: str) -> dict[str, Any]:
    """The controls by name, each with all its values."""
    parser = _Form()
    parser.feed(page)
    assert "csrfmiddlewaretoken" in parser.found, "no designer on this page"
    return parser.found
