"""What was typed into a calculator and the rows it stands for: kept for one answer only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.policies.calculator.planned_line import DAY_TERM, PASSED
from jigai.policies.calculator.questions import (
    BOOL,
    CHOICE,
    MOST_ROWS,
    UNLISTED,
    Question,
    Section,
)
from jigai.policies.calculator.typed import problem_of, read_value
from jigai.policies.fact_run import FactRows
from jigai.rules.errors import FormulaError
from jigai.rules.facts import KEYS, UNREADABLE
from jigai.rules.model import Model

# Typed or chosen for what is not known although something would be assumed.
UNKNOWN = "不知道"
_LENGTH = 60
_OWNER, _PROJECT, _POOL = "E", 1, "C"


@dataclass(frozen=True, slots=True)
class Field:
    """One control with what was typed in it; ``problem`` says what cannot be read."""

    question: Question
    name: str
    text: str
    unit: str
    problem: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether it was said not to be known."""
        return self.text == UNKNOWN

    @property
    def is_given(self) -> bool:
        """Whether there is a value to reckon with."""
        return bool(self.text) and not self.is_unknown and not self.problem


@dataclass(frozen=True, slots=True)
class Block:
    """One row of a section: its number, the member an invoice belongs to, its fields."""

    number: int
    of: int
    fields: tuple[Field, ...]
    more: tuple[Field, ...]

    @property
    def all(self) -> tuple[Field, ...]:
        """Every field."""
        return self.fields + self.more

    @property
    def touched(self) -> int:
        """How many of the fields that may be left alone were not."""
        return sum(1 for field in self.more if field.text)


@dataclass(frozen=True, slots=True)
class Filled:
    """A section with its rows."""

    section: Section
    blocks: tuple[Block, ...]

    @property
    def name(self) -> str:
        """The input that tells the number of rows."""
        return f"{self.section.subject}.rows"


@dataclass(slots=True)
class Answers:
    """The whole form as filled in."""

    filled: list[Filled] = field(default_factory=list)

    @property
    def problems(self) -> list[Field]:
        """Fields that cannot be read."""
        return [f for _, block in self._blocks() for f in block.all if f.problem]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The same as a query, for links that ask the same again."""
        found = []
        for part in self.filled:
            if part.section.many:
                found.append((part.name, str(len(part.blocks))))
            for block in part.blocks:
                if part.section.subject == "line" and block.of > 1:
                    found.append((f"line.{block.number}.of", str(block.of)))
                found += [(f.name, f.text) for f in block.all if f.text]
                found += [(f"{f.name}~u", f.unit) for f in block.all if f.text and f.unit]
        return found

    def _blocks(self) -> Iterator[tuple[Section, Block]]:
        for part in self.filled:
            for block in part.blocks:
                yield part.section, block

    def rows(self, model: Model, day: dt.date) -> FactRows:
        """The case: one enterprise with its row, or a consortium with an enterprise a member."""
        return _Case(model, self, day).rows()


def read_answers(given: Mapping[str, str], sections: Sequence[Section], model: Model) -> Answers:
    """What was typed, section by section; names that are no question are passed over."""
    found = Answers()
    members = _count(given, "member") if any(s.subject == "member" for s in sections) else 1
    for section in sections:
        count = members if section.subject == "member" else _count(given, section.subject)
        numbers = range(1, (count if section.many else 1) + 1)
        blocks = tuple(_block(given, section, n, members, model) for n in numbers)
        found.filled.append(Filled(section, blocks))
    return found


def _count(given: Mapping[str, str], subject: str) -> int:
    """How many rows of a subject are asked for: two members, one of others unless told."""
    least = 2 if subject == "member" else 1
    text = given.get(f"{subject}.rows", "")
    count = int(text) if text.isdecimal() and len(text) < 4 else least
    change = {"add": 1, "drop": -1}
    count += sum(step for name, step in change.items() if given.get(name) == subject)
    return min(max(count, least - 1), MOST_ROWS)


def _block(
    given: Mapping[str, str], section: Section, number: int, members: int, model: Model
) -> Block:
    place = f"{section.subject}.{number}" if section.many else section.subject
    owner = given.get(f"{place}.of", "")
    of = int(owner) if owner.isdecimal() and 1 <= int(owner[:3]) <= members else 0
    return Block(
        number, of or min(number, members),
        tuple(_field(given, place, q, model) for q in section.questions),
        tuple(_field(given, place, q, model) for q in section.more),
    )  # fmt: skip


def _field(given: Mapping[str, str], place: str, question: Question, model: Model) -> Field:
    name = f"{place}.{question.term}"
    text = str(given.get(name, "")).strip()[:_LENGTH]
    unit = str(given.get(f"{name}~u", ""))
    unit = unit if unit in question.units else (question.units[0] if question.units else "")
    if given.get(f"{name}~x"):
        text = UNKNOWN
    if text == UNKNOWN and not question.assumed:
        text = ""
    return Field(question, name, text, unit, _problem(question, text, unit, model))


def _problem(question: Question, text: str, unit: str, model: Model) -> str:
    if not text or text == UNKNOWN:
        return ""
    if question.kind in (BOOL, CHOICE):
        known = text in {value for value, _word in question.words}
        return "" if known else f"“{question.name}”没有“{text}”这一项"
    return problem_of(model.scope.terms[question.term], text, unit)


class _Case:
    """Builds the rows of one case."""

    def __init__(self, model: Model, answers: Answers, day: dt.date) -> None:
        self.model, self.answers, self.day = model, answers, day
        self.pooled = any(f.section.subject == "member" for f in answers.filled)

    def rows(self) -> FactRows:
        """All rows by subject; every subject is there."""
        found: FactRows = {subject: [] for subject in KEYS}
        self._parents(found)
        for part in self.answers.filled:
            for block in part.blocks:
                self._place(found, part.section.subject, block)
        return found

    def _parents(self, found: FactRows) -> None:
        """Rows that carry nothing but their key until something is said about them."""
        if self.pooled:
            parts = self.answers.filled
            count = next(len(f.blocks) for f in parts if f.section.subject == "member")
            found["enterprise"] = [{"key": f"E{n}"} for n in range(1, count + 1)]
            found["consortium"] = [{"key": _POOL, "enterprise_key": "E1"}]
            found["member"] = [
                {"key": f"M{n}", "consortium_key": _POOL, "enterprise_key": f"E{n}"}
                for n in range(1, count + 1)
            ]
            return
        found["enterprise"] = [{"key": _OWNER}]
        counts = {f.section.subject: len(f.blocks) for f in self.answers.filled}
        # The year of the application is that of the day, as in the ledger of projects.
        own = {"enterprise_key": _OWNER, "application_year": self.day.year}
        projects = counts.get("project", counts.get("line", 0) and 1)
        found["project"] = [{"key": n, **own} for n in range(1, projects + 1)]
        project = _PROJECT if projects else None
        for subject in ("award", "loan", "parcel"):
            found[subject] = [
                {"key": n, "enterprise_key": _OWNER, "project_key": project}
                for n in range(1, counts.get(subject, 0) + 1)
            ]
        found["region"] = [{"key": "R"}]

    def _place(self, found: FactRows, subject: str, block: Block) -> None:
        if subject == "line":
            owner = {"project_key": None, "member_key": f"M{block.of}"} if self.pooled else {
                "project_key": _PROJECT, "member_key": None}  # fmt: skip
            row = {"key": block.number, "original_key": None, **owner, **self._values(block)}
            found["line"].append(row)
            return
        index = block.number - 1
        for term, value in self._values(block).items():
            home = self.model.scope.terms[term].subject
            found[home][index][term] = value

    def _values(self, block: Block) -> dict[str, Any]:
        """Stored values; what is assumed stays away, what is said not to be known is unreadable."""
        found: dict[str, Any] = {}
        for item in block.all:
            info = self.model.scope.terms[item.question.term]
            if item.is_given:
                found[info.id] = self._value(item)
            elif item.is_unknown and item.question.assumed:
                found[info.id] = UNREADABLE
            elif item.question.subject == "line" and not item.is_unknown and not item.problem:
                found |= self._planned(item.question)
        return found

    def _value(self, item: Field) -> Any:
        info = self.model.scope.terms[item.question.term]
        if info.type.kind == "text" and item.text == UNLISTED:
            return UNLISTED
        try:
            return read_value(info, item.text, item.unit)
        except (ValueError, FormulaError):  # pragma: no cover - told by ``problem`` before
            return UNREADABLE

    def _planned(self, question: Question) -> dict[str, Any]:
        if question.term == DAY_TERM:
            return {question.term: self.day}
        word = PASSED.get(question.term)
        info = self.model.scope.terms[question.term]
        return {} if word is None else {question.term: read_value(info, word, "")}
