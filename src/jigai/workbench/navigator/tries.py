"""What people try: other or further values of terms, laid over the held facts and never stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.policies.calculator.planned_line import PASSED
from jigai.policies.calculator.typed import problem_of, read_value
from jigai.policies.fact_run import FactRows
from jigai.rules.facts import UNREADABLE
from jigai.rules.model import Model
from jigai.rules.scope import TermInfo
from jigai.rules.wording import SUBJECT_WORDS, stored
from jigai.workbench.navigator.documents import Document
from jigai.workbench.navigator.matches import MADE_UP

NEW = "new"
SUBJECTS = ("enterprise", "project", "consortium", *MADE_UP[1:])
_NEW_KEY = -1
_PREFIX, _LINE = "try", "+"
_HINTS = {"money": "如 500万元 或 1234.56元", "area": "如 30亩", "energy": "如 200吨标准煤"}

Address = tuple[str, str, str]


@dataclass(slots=True)
class Option:
    """One term that may be tried: where it stands, what is held now and who holds it.

    ``kind`` says how it is typed: bool, enum, date, number, text; ``words`` are the answers to
    choose from.
    """

    subject: str
    key: str
    term: str
    name: str
    kind: str
    words: tuple[str, ...]
    hint: str
    held: str
    source: str
    definition: str
    unit: str = ""

    @property
    def field(self) -> str:
        """The name of its input."""
        return ".".join((_PREFIX, self.subject, self.key, self.term))


@dataclass(slots=True)
class Tried:
    """One value as typed, and what is wrong with it."""

    option: Option
    text: str
    error: str = ""


@dataclass(slots=True)
class Tries:
    """Everything tried at once; only what could be read is laid over the facts."""

    given: list[Tried] = field(default_factory=list)

    @property
    def readable(self) -> dict[Address, str]:
        """Texts by place."""
        return {
            (t.option.subject, t.option.key, t.option.term): t.text
            for t in self.given
            if t.text and not t.error
        }


def read_tries(
    given: Mapping[str, str], options: Mapping[str, Option], models: Sequence[Model]
) -> Tries:
    """What was typed, by name of the input; names that are no option are passed over."""
    found = Tries()
    for name, text in given.items():
        if name in options:
            option = options[name]
            tried = Tried(option, text.strip())
            tried.error = _problem(option, tried.text, models) if tried.text else ""
            found.given.append(tried)
    return found


def _problem(option: Option, text: str, models: Iterable[Model]) -> str:
    name = "amount_excl_tax" if option.term.startswith(_LINE) else option.term
    for model in models:
        info = model.scope.terms.get(name)
        if info is not None and not info.derived:
            return problem_of(info, text, model.terms[name].unit)
    return "这一项现在用不上"


def lay_over(
    facts: FactRows, tries: Mapping[Address, str], model: Model, owner: str, day: dt.date
) -> FactRows:
    """The facts with what is tried; the rows given stay as they are."""
    found = {subject: [dict(row) for row in rows] for subject, rows in facts.items()}
    for subject in MADE_UP:
        found.setdefault(subject, [])
    for (subject, key, term), text in tries.items():
        if term.startswith(_LINE):
            project = _row(found, "project", key, owner, day)
            _add_line(found, project, term.removeprefix(_LINE), text, model, day)
            continue
        info = model.scope.terms.get(term)
        if info is None or info.derived or info.subject != subject:
            continue
        row = _row(found, subject, key, owner, day)
        if row is not None:
            row[term] = read_value(info, text, model.terms[term].unit)
    return found


def _row(
    found: FactRows, subject: str, key: str, owner: str, day: dt.date
) -> dict[str, Any] | None:
    if subject == "enterprise":
        return next((row for row in found[subject] if row["key"] == owner), None)
    if key != NEW:
        return next((row for row in found.get(subject, ()) if str(row["key"]) == key), None)
    row = next((row for row in found[subject] if row["key"] == _NEW_KEY), None)
    if row is None and subject in MADE_UP:
        row = {"key": _NEW_KEY, "enterprise_key": owner}
        if subject == "project":
            # As in the ledger: whoever applies on a day applies for its year.
            row["application_year"] = day.year
        if subject == "loan" and found["project"]:
            row["project_key"] = found["project"][0]["key"]
        found[subject].append(row)
    return row


def _add_line(
    found: FactRows,
    project: dict[str, Any] | None,
    item_class: str,
    text: str,
    model: Model,
    day: dt.date,
) -> None:
    """One more invoice of a project as people plan it: nothing wrong with it, dated on the day."""
    info = model.scope.terms.get("amount_excl_tax")
    if info is None or project is None:
        return
    terms = model.scope.terms
    found["line"].append(
        {
            "key": -1 - len(found["line"]), "project_key": project["key"], "member_key": None,
            "original_key": None, "invoice_date": day, "item_class": item_class,
            **{name: read_value(terms[name], word, "") for name, word in PASSED.items()},
            "amount_excl_tax": read_value(info, text, "元"),
        }
    )  # fmt: skip


def options_of(
    documents: Iterable[tuple[Document, Mapping[str, Mapping[str, TermInfo]], FactRows]],
    labels: Mapping[tuple[str, str], str],
    owner: str,
) -> dict[str, Option]:
    """Every term of the documents on every row there is (and one made-up row), by input name."""
    found: dict[str, Option] = {}
    for document, inputs, facts in documents:
        for subject in SUBJECTS:
            for term, info in inputs.get(subject, {}).items():
                for key, row in _places(subject, facts, owner):
                    option = _option(document.model, info, subject, key, term, row)
                    found.setdefault(option.field, option)
        for option in _lines(document.model, inputs, labels):
            found.setdefault(option.field, option)
    return found


def _places(subject: str, facts: FactRows, owner: str) -> list[tuple[str, Mapping[str, Any]]]:
    if subject == "enterprise":
        return [("own", row) for row in facts[subject] if row["key"] == owner]
    rows: list[tuple[str, Mapping[str, Any]]] = [
        (str(row["key"]), row) for row in facts.get(subject, ())
    ]
    return rows if rows or subject not in MADE_UP else [(NEW, {})]


def _option(
    model: Model, info: TermInfo, subject: str, key: str, term: str, row: Mapping[str, Any]
) -> Option:
    declared = model.terms[term]
    return Option(
        subject, key, term, info.name, info.type.kind, info.words or (), _hint(info, declared.unit),
        _held(info, row.get(term), declared.unit), info.source, declared.definition, declared.unit,
    )  # fmt: skip


def _hint(info: TermInfo, unit: str) -> str:
    dimension = info.type.dimension
    if len(dimension) == 1 and dimension[0][1] == 1 and dimension[0][0] in _HINTS:
        return _HINTS[dimension[0][0]]
    if unit:
        return f"单位 {unit}"
    return "如 4%" if info.scale > 1 else ""


def _held(info: TermInfo, value: Any, unit: str) -> str:
    if value is UNREADABLE:
        return "填报的内容读不懂"
    if value is None:
        return f"没有资料，暂按{info.assume}" if info.assume is not None else "没有资料"
    if info.type.kind == "enum" and isinstance(value, str):
        known = dict(zip(info.type.options, info.words or info.type.options, strict=True))
        return known.get(value, value)
    return stored(info, value, unit_text=unit)


def _lines(
    model: Model,
    inputs: Mapping[str, Mapping[str, TermInfo]],
    labels: Mapping[tuple[str, str], str],
) -> Iterable[Option]:
    """One more invoice of each class, for documents that judge invoice lines."""
    classes = inputs.get("line", {}).get("item_class")
    if classes is None or "amount_excl_tax" not in model.terms:
        return
    for subject, key in labels:
        if subject != "project":
            continue
        for code, word in zip(classes.type.options, classes.words, strict=True):
            yield Option(
                "project", key, _LINE + code, f"追加一张发票（{word}）", "number", (),
                "不含税金额，" + _HINTS["money"], "", "企业",
                "假定这张发票开在所选的日子，各项核查都通过", "元",
            )  # fmt: skip


def subject_word(subject: str) -> str:
    """A subject in words."""
    return SUBJECT_WORDS[subject]
