"""Capabilities: what the code asks for exists, what exists is asked for and given to somebody."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from jigai.core.access.capabilities import capability_names
from jigai.core.screens.menu import registered
from jigai.paths import data_dir
from jigai.yaml_files import read_yaml

ROOT = Path(__file__).resolve().parents[2]
CODE = sorted((ROOT / "src" / "jigai").rglob("*.py"))
TEMPLATES = sorted((ROOT / "src" / "jigai").rglob("*.html"))
SHAPE = re.compile(r"[a-z-]+(?:\.[a-z-]+){1,2}")
IN_TEMPLATE = re.compile(r"needs=\"([^\"]+)\"|\bcan:\"([^\"]+)\"")
ASKING = frozenset({"can", "require", "requires", "granting", "scoped", "check", "holders"})


def asked_in_code(source: str) -> Iterator[str]:
    """Constant capability names given to one of the functions that ask for them."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            given = [*node.args, *(word.value for word in node.keywords)]
            if called in ASKING:
                yield from (name for name in map(constant, given) if SHAPE.fullmatch(name))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {getattr(target, "id", getattr(target, "attr", "")) for target in targets}
            if "capability" in names and (name := constant(node.value)):
                yield name


def constant(node: ast.AST | None) -> str:
    value = getattr(node, "value", None)
    return value if isinstance(value, str) else ""


def asked_in_template(text: str) -> Iterator[str]:
    return (one or other for one, other in IN_TEMPLATE.findall(text))


def test_capabilities_in_code_exist() -> None:
    unknown = sorted(
        f"{path.relative_to(ROOT)}: {name}"
        for path in CODE
        for name in asked_in_code(path.read_text("utf-8"))
        if name not in capability_names()
    )
    assert unknown == []


def test_capabilities_in_templates_exist() -> None:
    unknown = sorted(
        f"{path.relative_to(ROOT)}: {name}"
        for path in TEMPLATES
        for name in asked_in_template(path.read_text("utf-8"))
        if name not in capability_names()
    )
    assert unknown == []


def test_capabilities_of_the_menu_exist() -> None:
    asked = {line.capability for line in registered()} - {""}
    assert asked <= set(capability_names())


def test_the_search_finds_what_is_asked_for() -> None:
    source = '@requires("a.b", "c.d")\ndef f(x): scoped(x, y, "e.f"); x.can("a.b.c")\n'
    source += 'class L:\n    capability = "g.h"\n    other = "i.j"\nopen("k.l")\n'
    assert sorted(asked_in_code(source)) == ["a.b", "a.b.c", "c.d", "e.f", "g.h"]
    assert list(asked_in_template('{% action "x" url needs="a.b" %}')) == ["a.b"]


@pytest.mark.parametrize("name", capability_names())
def test_somebody_holds_it(name: str) -> None:
    assert any(name in role["capabilities"] for role in roles())


@pytest.mark.parametrize("name", capability_names())
def test_something_asks_for_it(name: str) -> None:
    """A confirmation by a department is asked for by its line, which the duties list."""
    if name.startswith("gate.confirm."):
        folder = ROOT / "src" / "jigai" / "policies" / "data"
        duties = {duty["line"] for duty in read_yaml(folder / "duties.yaml")}
        assert name.removeprefix("gate.confirm.") in duties
    else:
        texts = (path.read_text("utf-8") for path in (*CODE, *TEMPLATES))
        assert any(f'"{name}"' in text for text in texts)


def test_roles_name_only_capabilities_that_exist() -> None:
    unknown = {
        (role["code"], name)
        for role in roles()
        for name in role["capabilities"]
        if name not in capability_names()
    }
    assert unknown == set()
    assert all(len(role["capabilities"]) == len(set(role["capabilities"])) for role in roles())


def roles() -> list[dict[str, list[str]]]:
    return list(read_yaml(data_dir() / "roles.yaml"))
