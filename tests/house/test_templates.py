"""Every template compiles, names pages that exist, and breaks no rule in its own text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from django.template.base import FilterExpression, Node, Template
from django.template.defaulttags import URLNode
from django.urls import URLPattern, URLResolver, get_resolver

from jigai.core.screens.icons import draw_icon
from jigai.core.screens.menu import registered

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "jigai"
FILES = sorted(path for path in SOURCES.rglob("*") if "templates" in path.parts and path.is_file())
# Attributes and elements that the security policy of the pages would block in the browser, and
# addresses of elsewhere. A template is read as text, so what no test opens is read too.
FORBIDDEN = {
    "inline style": re.compile(r"<style\b|\sstyle=", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\b(?:src=|application/json))", re.IGNORECASE),
    "inline handler": re.compile(r"\s(?:on[a-z]+|hx-on[:\w-]*)=[\"']", re.IGNORECASE),
    "script address": re.compile("javascript:", re.IGNORECASE),
    "outside address": re.compile(r"(?:href|src|action)=[\"'](?:https?:)?//", re.IGNORECASE),
}


def short(path: Path) -> str:
    return str(path.relative_to(SOURCES))


def template_of(path: Path) -> Template:
    """The compiled template of a file, by the name under which pages ask for it."""
    after = path.parts.index("templates", len(SOURCES.parts)) + 1
    return engines["django"].engine.get_template("/".join(path.parts[after:]))


@cache
def url_names() -> frozenset[str]:
    """Every name an address has."""

    def walk(resolver: URLResolver) -> Iterator[str]:
        for pattern in resolver.url_patterns:
            if isinstance(pattern, URLPattern):
                yield pattern.name or ""
            else:
                yield from walk(pattern)

    return frozenset(walk(get_resolver())) - {""}


@pytest.mark.parametrize("path", FILES, ids=short)
def test_it_compiles_and_links_to_pages_that_exist(path: Path) -> None:
    found = template_of(path)
    assert Path(found.origin.name) == path, "another template of this name comes first"
    named = {node.view_name for node in found.nodelist.get_nodes_by_type(URLNode)}
    missing = {
        view.var
        for view in named
        if isinstance(view, FilterExpression)
        and isinstance(view.var, str)
        and view.var not in url_names()
    }
    assert not missing, f"no page is called {missing}"


@pytest.mark.parametrize("path", FILES, ids=short)
def test_its_text_keeps_the_rules(path: Path) -> None:
    text = re.sub(
        r"{%\s*comment.*?endcomment\s*%}|{#.*?#}", "", path.read_text("utf-8"), flags=re.S
    )
    assert [rule for rule, pattern in FORBIDDEN.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('<p style="x">', "inline style"),
        ("<script>x()</script>", "inline script"),
        ('<a onclick="x()">', "inline handler"),
        ('<a hx-on:click="x()">', "inline handler"),
        ('<a href="javascript:x()">', "script address"),
        ('<img src="//x.cn/a.png">', "outside address"),
    ],
)
def test_a_bad_text_is_found(text: str, rule: str) -> None:
    assert [name for name, pattern in FORBIDDEN.items() if pattern.search(text)] == [rule]


def test_a_right_text_is_not() -> None:
    text = (
        '<script type="module" src="/a.js"></script><script type="application/json">{}</script>'
        '<a href="/a//b" data-on="x" class="jg-style">x</a>'
    )
    assert not any(pattern.search(text) for pattern in FORBIDDEN.values())


def test_names_in_code_are_names_of_pages() -> None:
    """``reverse("…")``, ``redirect("…")`` and crumbs; a typo otherwise shows when it is clicked."""
    missing = sorted(
        f"{path.relative_to(ROOT)}:{line}: {name}"
        for path in SOURCES.rglob("*.py")
        for line, name in names_asked_for(path.read_text("utf-8"))
        if name not in url_names()
    )
    assert missing == []


def names_asked_for(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each constant page name that Python code asks for."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        name = getattr(node.args[0], "value", None)
        asks = called in ("reverse", "reverse_lazy", "redirect") and isinstance(name, str)
        if asks and not name.startswith("/"):
            yield node.lineno, name


def test_names_in_code_are_found() -> None:
    source = 'redirect("/a/")\nreverse("b", args=[1])\nurls.reverse(name)\nredirect("c")\n'
    assert list(names_asked_for(source)) == [(2, "b"), (4, "c")]


@pytest.mark.parametrize("path", FILES, ids=short)
def test_crumbs_lead_to_pages(path: Path) -> None:
    missing = [
        words
        for node in every_node(template_of(path).nodelist)
        if getattr(getattr(node, "func", None), "__name__", "") == "crumb"
        for words in (getattr(argument, "var", None) for argument in node.args[1:2])
        if isinstance(words, str) and not words.startswith("/") and words not in url_names()
    ]
    assert missing == []


def every_node(nodes: Any) -> Iterator[Any]:
    return iter(nodes.get_nodes_by_type(Node))


def test_every_line_of_the_menu_has_a_page_and_an_icon() -> None:
    lines = registered()
    assert len(lines) > 10
    assert [line.label for line in lines if line.url_name not in url_names()] == []
    for line in lines:
        assert draw_icon(line.icon)
