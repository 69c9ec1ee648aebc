"""The ledger of systems tells the truth about what works."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[2]
STATUSES = {"planned", "partial", "working"}
KEYS = {"id", "name", "english", "family", "status", "where", "test"}


def load_rows() -> list[dict[str, Any]]:
    """The rows of docs/systems.yaml as plain dictionaries."""
    return YAML(typ="safe").load(ROOT / "docs" / "systems.yaml")["systems"]


def problems_of(row: dict[str, Any], root: Path = ROOT) -> list[str]:
    """What is wrong with one row; empty when it is sound."""
    name = row.get("id")
    found = []
    wanted = KEYS | {"missing"} if row.get("status") == "partial" else KEYS
    if set(row) != wanted:
        found.append(f"{name}: keys {sorted(set(row) ^ wanted)}")
    if row.get("status") not in STATUSES:
        found.append(f"{name}: status {row.get('status')!r}")
    shown = row.get("status") in ("partial", "working")
    for key in ("where", "test"):
        value = row.get(key)
        if value and not (root / value.split("::")[0]).exists():
            found.append(f"{name}: {key} {value} does not exist")
        if shown and not value:
            found.append(f"{name}: {row['status']} without {key}")
    if shown and not found:
        file, _, test = row["test"].partition("::")
        text = (root / file).read_text(encoding="utf-8")
        if test and f"def {test.rpartition('::')[2]}(" not in text:
            found.append(f"{name}: {file} has no {test}")
        if row["status"] == "working" and f'pytest.mark.system("{name}")' not in text:
            found.append(f'{name}: {file} lacks @pytest.mark.system("{name}")')
    return found


def test_every_row_is_sound() -> None:
    assert [problem for row in load_rows() for problem in problems_of(row)] == []


def test_ids_are_unique_and_complete() -> None:
    ids = [row["id"] for row in load_rows()]
    assert len(ids) == len(set(ids)) == 246


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"status": "done"}, "a: status 'done'"),
        ({"status": "working", "where": "src"}, "a: working without test"),
        ({"status": "planned", "where": "src/nowhere"}, "a: where src/nowhere does not exist"),
        ({"status": "partial", "where": "src"}, "a: keys ['missing']"),
        ({"status": "partial", "missing": "x", "where": "src"}, "a: partial without test"),
        ({"status": "working", "where": "src", "test": "test_a.py"}, "a: test_a.py lacks"),
        ({"owner": "x"}, "a: keys ['owner']"),
    ],
)
def test_a_bad_row_is_found(tmp_path: Path, change: dict[str, str], expected: str) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "test_a.py").write_text('@pytest.mark.system("b")\n', encoding="utf-8")
    row = dict.fromkeys(KEYS) | {"id": "a", "status": "planned"} | change
    assert any(problem.startswith(expected) for problem in problems_of(row, tmp_path))


def url_names() -> set[str]:
    """Every name an address has."""
    found: set[str] = set()
    waiting: list[Any] = [get_resolver()]
    while waiting:
        for entry in waiting.pop().url_patterns:
            if hasattr(entry, "url_patterns"):
                waiting.append(entry)
            elif entry.name:
                found.add(entry.name)
    return found


def test_what_works_has_a_page() -> None:
    names, text = url_names(), (ROOT / "docs" / "systems.yaml").read_text(encoding="utf-8")
    for row in load_rows():
        if row["status"] == "working":
            part = text[text.index(f"- id: {row['id']}\n") :]
            told = part[part.index("    where:") :].partition("\n")[0].partition("#")[2]
            pages = {word.strip() for word in re.split(r"[，,；;\s]", told)} & names
            assert pages, f"{row['id']}: names no page"
