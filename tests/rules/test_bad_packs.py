"""One bad pack per error code: what it says, where it points and how to mend it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from jigai.rules.lint import lint_pack
from tests.rules.tiny import BASE, write_pack

FOLDER = Path(__file__).with_name("bad_packs")
RULES = Path(__file__).parents[2] / "src" / "jigai" / "rules"
# The modules that find faults in a pack; the others only run one.
MODULES = [
    *("coverage", "environment", "examples", "grammar", "grammar_base", "grammar_conditions"),
    *(
        "grammar_functions",
        "grammar_numbers",
        "lint",
        "lint_formulas",
        "lint_programme",
        "lint_usage",
    ),
    *(
        "loader",
        "model",
        "model_formulas",
        "model_names",
        "numerals",
        "scope",
        "source",
        "units",
        "values",
    ),
    *("deadlines", "duties", "lint_rows", "row_rules"),
]
CODE = re.compile(r"[a-z]+(?:-[a-z]+)*")
FILES = sorted(FOLDER.glob("*.yaml"))


def codes_in(module: str) -> set[str]:
    """Every code a module can raise: the first code-like constant of a report of a fault."""
    tree = ast.parse((RULES / f"{module}.py").read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ("FormulaError", "Problem", "problem", "_warning"):
                texts = [a.value for a in node.args[:3] if isinstance(a, ast.Constant)]
                found.update(t for t in texts[:1] if isinstance(t, str) and CODE.fullmatch(t))
    return found


ALL_CODES = set().union(*(codes_in(module) for module in MODULES))


def bad_pack(path: Path) -> dict[str, Any]:
    """A bad pack as written: all values text."""
    data = YAML(typ="base", pure=True).load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def test_every_code_has_a_bad_pack() -> None:
    assert {path.stem for path in FILES} == ALL_CODES
    assert len(ALL_CODES) > 50, "the scan of the sources finds the codes"


def test_every_module_that_reports_faults_is_scanned() -> None:
    reporting = {path.stem for path in RULES.glob("*.py") if codes_in(path.stem)}
    assert reporting <= set(MODULES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_bad_pack_says_what_where_and_how_to_mend_it(path: Path, tmp_path: Path) -> None:
    told = bad_pack(path)
    for name, files in told.get("others", {}).items():
        write_pack(tmp_path / name, {**dict.fromkeys(BASE), **files})
    root = tmp_path / "tiny"
    root.mkdir()
    if told.get("base", "yes") == "yes":
        write_pack(root, {**told["files"], **dict.fromkeys(told.get("without", []))})
    else:
        write_pack(root, {**dict.fromkeys(BASE), **told["files"]})
    for name, hexadecimal in told.get("bytes", {}).items():
        (root / name).write_bytes(bytes.fromhex(hexadecimal))
    report = lint_pack(root, told.get("text"))
    expected = told["expect"]
    severity = expected.get("severity", "error")
    # nothing else is wrong with it, so the message cannot be another's
    found = [p for p in report.problems if p.severity == "error" or p.code == path.stem]
    assert [(p.code, p.severity) for p in found] == [(path.stem, severity)]
    problem = found[0]
    assert (problem.message, problem.fix) == (expected["message"], expected["fix"])
    assert str(problem.place) == expected["place"]
    assert problem.clause == expected.get("clause", "")
    assert report.passed == (severity != "error")


def test_the_base_of_the_bad_packs_is_sound(tmp_path: Path) -> None:
    report = lint_pack(write_pack(tmp_path / "tiny"))
    assert report.passed
    assert [problem.code for problem in report.problems] == ["few-examples"]


def test_a_pack_of_many_faults_tells_them_all_in_order(tmp_path: Path) -> None:
    broken = BASE["measures.yaml"].replace("* 补助比例", "+ 补助比例").replace("已备案,", "备案了,")
    report = lint_pack(write_pack(tmp_path / "tiny", {"measures.yaml": broken}))
    told = [(p.place.line, p.code) for p in report.errors]
    assert told == sorted(told)
    assert len(told) >= 1
