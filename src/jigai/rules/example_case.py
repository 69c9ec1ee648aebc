"""Turns an example of a pack (facts as text, by Chinese term or id) into a case to decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from jigai.rules import schema
from jigai.rules.binding import Environment
from jigai.rules.environment import build_environment
from jigai.rules.errors import FormulaError
from jigai.rules.facts import UNREADABLE, read_text
from jigai.rules.items import ITEM_SUBJECTS
from jigai.rules.model import Model

_SUBJECTS = (
    *("enterprise", "project", "line", "consortium", "member"),
    *("award", "loan", "parcel", "region"),
)
ABSENT, UNREADABLE_WORD = "缺", "不明"
_OWNERS = {"项目": "project_key", "成员": "member_key", "原票": "original_key"}
Row = dict[str, Any]


class ExampleError(Exception):
    """An example that cannot be run: unknown term, unreadable value, unknown key or profile."""


def with_profile(model: Model, example: schema.Example) -> schema.Example:
    """The example with its profile's facts underneath (profiles may build on profiles).

    Raises :class:`ExampleError` for an unknown profile.
    """
    if not example.given:
        return example
    found = [
        e
        for pack in model.pack.family()
        for e in pack.examples
        if e.name == example.given and e.profile
    ]
    if not found:
        raise ExampleError(f"没有名为“{example.given}”的通用情形")
    base = with_profile(model, found[0])
    merged: dict[str, Any] = {}
    for field in ("readings", *_SUBJECTS):
        merged[field] = {**getattr(base, field), **getattr(example, field)}
    for field in ("year", "as_of", "deadline"):
        own = getattr(example, field)
        merged[field] = getattr(base, field) if own is None else own
    return example.model_copy(update={**merged, "given": ""})


def example_environment(
    model: Model, example: schema.Example, changed: Mapping[str, str] | None = None
) -> Environment:
    """Constants of an example's run; its year defaults to that of its deadline or the policy's."""
    begin = model.pack.identity.effective_from or dt.date(2021, 1, 1)
    day = example.deadline or example.as_of or begin
    return build_environment(
        model.pack,
        model.scope,
        year=example.year or day.year,
        deadline=example.deadline,
        as_of=example.as_of,
        readings={**example.readings, **(changed or {})},
    )


def example_rows(model: Model, example: schema.Example) -> dict[str, list[Row]]:
    """Rows of the case: one enterprise ``E`` with projects 1, 2, …, or a consortium ``C``.

    Members are ``M1``, ``M2``, … of enterprises ``E1``, ``E2``, …; a lead that also has projects
    of its own is their enterprise. Raises :class:`ExampleError`.
    """
    return _Builder(model, example).rows()


class _Builder:
    """Builds the rows of one example."""

    def __init__(self, model: Model, example: schema.Example) -> None:
        self.model, self.x = model, example

    def rows(self) -> dict[str, list[Row]]:
        """All rows by subject."""
        rows: dict[str, list[Row]] = {s: [] for s in _SUBJECTS}
        listed = self.x.projects or ([{}] if self._has_project() else [])
        if self.x.members:
            self._consortium(rows)
        else:
            rows["enterprise"].append({"key": "E", **self._facts(self.x.enterprise, "enterprise")})
        owner = "E1" if self.x.members else "E"
        for number, facts in enumerate(listed, 1):
            own = self._facts({**self.x.project, **facts}, "project")
            rows["project"].append({"key": number, "enterprise_key": owner, **own})
        for number, facts in enumerate(self.x.lines, 1):
            rows["line"].append(self._line(number, {**self.x.line, **facts}))
        self._items(rows, owner)
        return rows

    def _has_project(self) -> bool:
        """An example is about one project unless it is about something else."""
        measure = self.model.measures.get(self.x.measure)
        about = measure.subject if measure else "project"
        return bool(self.x.project) or (not self.x.members and about not in ITEM_SUBJECTS)

    def _items(self, rows: dict[str, list[Row]], owner: str) -> None:
        for subject in ("award", "loan", "parcel"):
            common, several = getattr(self.x, subject), getattr(self.x, f"{subject}s")
            for number, given in enumerate(several or ([{}] if common else []), 1):
                facts = self._facts({**common, **given}, subject)
                links = {"key": number, "enterprise_key": owner}
                if subject == "loan" and rows["project"]:
                    links["project_key"] = 1
                rows[subject].append({**links, **facts})
        if self.x.region:
            rows["region"].append({"key": "R", **self._facts(self.x.region, "region")})

    def _consortium(self, rows: dict[str, list[Row]]) -> None:
        facts = self._facts(self.x.consortium, "consortium")
        rows["consortium"].append({"key": "C", "enterprise_key": "E1", **facts})
        for number, given in enumerate(self.x.members, 1):
            own: dict[str, str] = {}
            firm = dict(self.x.enterprise)
            for name, text in {**self.x.member, **given}.items():
                (firm if self._term(name).subject == "enterprise" else own)[name] = text
            key = f"E{number}"
            rows["enterprise"].append({"key": key, **self._facts(firm, "enterprise")})
            links = {"key": f"M{number}", "consortium_key": "C", "enterprise_key": key}
            rows["member"].append({**links, **self._facts(own, "member")})

    def _line(self, number: int, given: dict[str, str]) -> Row:
        row: Row = {"key": number, "project_key": None, "member_key": None, "original_key": None}
        facts = dict(given)
        for word, column in _OWNERS.items():
            if word in facts:
                text = facts.pop(word)
                row[column] = f"M{text}" if column == "member_key" else int(text)
        if row["project_key"] is None and row["member_key"] is None and not self.x.members:
            row["project_key"] = 1
        return {**row, **self._facts(facts, "line")}

    def _term(self, name: str) -> Any:
        kind, identifier = self.model.scope.names.get(name, ("", ""))
        if kind != "term":
            near = self.model.scope.similar(name)
            raise ExampleError(f"不认识的事实“{name}”" + (f"，是不是“{near}”？" if near else ""))
        return self.model.scope.terms[identifier]

    def _facts(self, given: Mapping[str, str], subject: str) -> Row:
        facts: Row = {}
        for name, text in given.items():
            info = self._term(name)
            if info.derived:
                raise ExampleError(f"“{name}”是算出来的，不能直接给")
            if info.subject != subject:
                raise ExampleError(f"“{name}”不是这一级对象的事实")
            if text == UNREADABLE_WORD:
                facts[info.id] = UNREADABLE
            elif text != ABSENT:
                try:
                    facts[info.id] = read_text(info, text)
                except (ValueError, FormulaError) as error:
                    raise ExampleError(f"“{name}”：{error}") from error
        return facts
