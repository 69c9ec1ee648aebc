"""Every construct of the language, one file each, through both executors.

A file holds the parameters, readings and facts it needs and a table of cases: what is given and
what must come out. ``results`` are derived facts of the project; the measure that asks for them
is written here unless the file brings its own.
"""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from ruamel.yaml import YAML

from jigai.rules.errors import EvaluationError
from jigai.rules.facts import read_text
from jigai.rules.model import Model
from jigai.rules.values import parse_date, parse_quantity
from tests.rules.tiny import VERDICTS, WORDS, Answer, environment, read_rows, run_both, tiny_model

FOLDER = Path(__file__).with_name("constructs")
FILES = sorted(FOLDER.glob("*.yaml"))
STAGES = {
    "结论": "verdict",
    "奖补": "amount",
    "下限": "low",
    "上限": "high",
    "选中": "selected",
    "实付": "paid",
    "份额": "share",
    "封顶前": "m_grant_raw",
}


@cache
def construct(path: Path) -> dict[str, Any]:
    """A construct file as written: all values text."""
    data = YAML(typ="base", pure=True).load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


@cache
def built(path: Path) -> Model:
    """The checked model of a construct's pack."""
    told = construct(path)
    results = told.get("results", [])
    files = {
        "clauses.yaml": None,
        "vocabulary.yaml": WORDS + told.get("words", ""),
        "parameters.yaml": _listed("parameters", told.get("parameters", "")),
        "readings.yaml": _listed("readings", told.get("readings", "")),
        "facts.yaml": _listed("facts", "".join(map(_fact, results)) + told.get("facts", "")),
        "measures.yaml": told.get("measures") or _measures([fact["term"] for fact in results]),
    }
    with TemporaryDirectory() as folder:
        root = Path(folder)
        for name, other in told.get("others", {}).items():
            (root / name).mkdir()
            for file, text in other.items():
                (root / name / file).write_text(text, encoding="utf-8")
        if "identity" in told:
            files["pack.yaml"] = told["identity"]
        return tiny_model(root / "tiny", files)


def _listed(section: str, items: str) -> str | None:
    return f"{section}:\n{items}" if items else None


def _fact(fact: dict[str, str]) -> str:
    lines = [f"- subject: {fact.get('subject', 'project')}"]
    known = {"id": f"r_{fact['term'].encode().hex()}", "clause": "一", **fact}
    lines += [f"  {key}: {_quoted(text)}" for key, text in known.items() if key != "subject"]
    return "\n".join(lines) + "\n"


def _quoted(text: Any) -> str:
    if isinstance(text, dict):
        return "{" + ", ".join(f"{key}: {value}" for key, value in text.items()) + "}"
    return "'" + str(text).replace("'", "''") + "'"


def _measures(terms: list[str]) -> str:
    """A measure that asks for every result and pays nothing."""
    asked = " or ".join(f"已知({term})" for term in terms)
    return (
        "measures:\n"
        f"- {{id: asks, number: 1, name: 问, clause: 一, when: {asked}, amount: '0'}}\n"
        "selection: {clause: 一, quota: '1', group: [申报年]}\n"
    )


def cases() -> list[Any]:
    """All cases of all files, named after their construct."""
    found = []
    for path in FILES:
        for number, case in enumerate(construct(path)["cases"]):
            name = f"{path.stem}-{case.get('name', number)}"
            found.append(pytest.param(path, case, id=name))
    return found


def rows_of(model: Model, case: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of a case: a project alone may be written as its facts only."""
    given: dict[str, Any] = {}
    for subject in ("enterprise", "project", "consortium", "member", "line"):
        listed = case.get(subject, [])
        given[subject] = [listed] if isinstance(listed, dict) else list(listed)
    if given["enterprise"]:
        given["project"] = [{"enterprise_key": "1", **row} for row in given["project"]]
    return read_rows(model, given)


def expected(model: Model, name: str, text: str) -> Any:
    """What a result must be: exact numbers, option numbers, dates; ``未知`` is nothing."""
    if text == "未知":
        return None
    if name == "结论":
        return text
    if name in STAGES:
        return text == "是" if text in ("是", "否") else int(parse_quantity(text).value)
    info = model.scope.terms[model.scope.names[name][1]]
    if info.type.kind == "number":
        return Fraction(parse_quantity(text).value)
    return parse_date(text) if info.type.kind == "date" else read_text(info, text)


def found(model: Model, answer: Answer, subject: str, key: int, name: str) -> Any:
    """What an executor found: a stage of the engine or a fact of the pack."""
    if name == "结论":
        return VERDICTS[answer.rows[subject][key][_stage(answer, subject, "verdict")]]
    if name in STAGES:
        value = answer.rows[subject][key][_stage(answer, subject, STAGES[name])]
        return value
    return answer.value(subject, key, model.scope.names[name][1])


def _stage(answer: Answer, subject: str, name: str) -> str:
    """The single-case executor keeps a consortium's stages under the measure's columns."""
    row = next(iter(answer.rows[subject].values()))
    if subject == "consortium" and name not in row:
        measure = next(m for m in answer.plan.measures if m.subject == "consortium")
        return {"verdict": measure.code, "amount": measure.effective}[name]
    return name


@pytest.mark.parametrize(("path", "case"), cases())
def test_a_construct(path: Path, case: dict[str, Any]) -> None:
    model = built(path)
    run = {key: case[key] for key in ("readings", "overrides") if key in case}
    run |= {key: dt.date.fromisoformat(case[key]) for key in ("as_of", "deadline") if key in case}
    run |= {"year": int(case["year"])} if "year" in case else {}
    env = environment(model, **run)
    answers = run_both(model, env, rows_of(model, case))
    for executor, answer in answers.items():
        wanted = case["expect"]
        by_row = (
            {"project": {"1": wanted}}
            if not isinstance(next(iter(wanted.values())), dict)
            else wanted
        )
        for subject, listed in by_row.items():
            for key, columns in listed.items():
                got = {name: found(model, answer, subject, int(key), name) for name in columns}
                want = {name: expected(model, name, text) for name, text in columns.items()}
                assert got == want, f"{executor}, {subject} {key}"


def test_a_scenario_that_divides_by_zero_is_refused_in_words() -> None:
    """The linter sees only the values written down; a scenario may still set a divisor to zero."""
    model = built(FOLDER / "steps.yaml")
    with pytest.raises(EvaluationError):
        env = environment(model, overrides={"每份": "0元"})
        run_both(model, env, rows_of(model, {"project": {"金额": "1元"}}))


def test_every_construct_says_why_it_is_there() -> None:
    for path in FILES:
        told = construct(path)
        assert told["construct"] and told["why"], path.name
        assert len(told["cases"]) >= 2, path.name
        names = [case["name"] for case in told["cases"]]
        assert len(set(names)) == len(names), path.name
