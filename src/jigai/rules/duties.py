"""Duties of a document on one row: whom it binds, by when, done or in breach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jigai.rules import schema_programme as shapes
from jigai.rules.binding import Environment
from jigai.rules.deadlines import Deadline, parse_deadline
from jigai.rules.errors import EvaluationError, FormulaError, PackError, Problem
from jigai.rules.model import Model
from jigai.rules.row_rules import RowField, RowRule, compile_row_rule, pack_names

NOT_BOUND, DONE, BREACH = "不适用", "已履行", "违约"
PENDING, NO_DATA, NO_DATE = "未到期", "缺数据", "没有期限"
_READING = "deadline_end"


@dataclass(frozen=True, slots=True)
class DutyFinding:
    """Verdict on one row: ``due`` its last day; ``missing`` fields (Chinese) that would tell."""

    verdict: str
    due: dt.date | None = None
    missing: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    """A compiled obligation; rows are those of :meth:`RowRule.one`."""

    item: shapes.Obligation
    applies: RowRule | None
    met: RowRule | None
    dues: tuple[tuple[RowRule, Deadline | None], ...]
    rest: Deadline | None
    reading: str

    @property
    def rules(self) -> list[RowRule]:
        """Every formula of it."""
        return [rule for rule in (self.applies, self.met, *(r for r, _ in self.dues)) if rule]

    def judge(self, row: Mapping[str, Any], on: dt.date) -> DutyFinding:
        """Verdict at the end of day ``on``: the last day itself still counts, and what is not done
        when it ends is a breach (E16). Unknown is never taken for not done."""
        if self.applies is not None:
            bound = self.applies.one(row)
            if bound.value is None:
                return DutyFinding(NO_DATA, None, bound.missing, bound.undetermined)
            if not bound.value:
                return DutyFinding(NOT_BOUND)
        found = self.due(row)
        if found.verdict == NO_DATA:
            return found
        done = None if self.met is None else self.met.one(row)
        if done is not None and done.value:
            return DutyFinding(DONE, found.due)
        if found.due is None:
            return DutyFinding(NO_DATE)
        if on < found.due:
            return DutyFinding(PENDING, found.due)
        if done is None or done.value is None:
            missing = done.missing if done else ()
            return DutyFinding(NO_DATA, found.due, missing, done.undetermined if done else ())
        return DutyFinding(BREACH, found.due)

    def due(self, row: Mapping[str, Any]) -> DutyFinding:
        """The last day for a row: the first case that holds, else that of the rest."""
        for rule, deadline in self.dues:
            answer = rule.one(row)
            if answer.value is None:
                return DutyFinding(NO_DATA, None, answer.missing, answer.undetermined)
            if answer.value:
                return DutyFinding("", deadline.last_day(self.reading) if deadline else None)
        return DutyFinding("", self.rest.last_day(self.reading) if self.rest else None)


def computable(item: shapes.ProgrammeItem) -> bool:
    """Whether an item carries formulas over its rows."""
    return any(getattr(item, key, None) for key in ("admits", "applies", "met", "dues"))


def compile_duty(model: Model, env: Environment, item: shapes.Obligation) -> Duty:
    """Compile an obligation under the constants of a run; raises :class:`PackError` with every
    formula that cannot hold, each with its place."""
    problems: list[Problem] = []
    applies = _rule(model, env, item, item.applies, problems, "applies")
    met = _rule(model, env, item, item.met, problems, "met")
    dues = []
    for index, case in enumerate(item.dues):
        rule = _rule(model, env, item, case.when, problems, "dues", index, "when")
        deadline = _deadline(model, item, case.due, problems, index) if case.due else None
        if rule is not None:
            dues.append((rule, deadline))
    if problems:
        raise PackError(problems)
    # A date of the 31st of December stands for 年底前: documents hardly write it out.
    rest = Deadline(item.due, (item.due.month, item.due.day) == (12, 31)) if item.due else None
    reading = env.readings.get(_READING, "a")
    return Duty(item, applies, met, tuple(dues), rest, reading)


def compile_admission(
    model: Model, env: Environment, item: shapes.Recognition | shapes.Register
) -> RowRule:
    """Compile what a title or register admits; raises :class:`PackError` with its
    place, :class:`EvaluationError` for an item without a formula."""
    if not item.admits:
        raise EvaluationError(f"“{item.name}”没有写 admits，条件算不出来")
    problems: list[Problem] = []
    rule = _rule(model, env, item, item.admits, problems, "admits")
    if rule is None:
        raise PackError(problems)
    return rule


def row_fields(columns: list[shapes.Column]) -> tuple[RowField, ...]:
    """Columns of an item as fields of its rows."""
    return tuple(
        RowField(c.id, c.name, c.type, c.unit, c.options, c.minimum, c.maximum) for c in columns
    )


def _rule(
    model: Model,
    env: Environment,
    item: shapes.Obligation | shapes.Recognition | shapes.Register,
    formula: str,
    problems: list[Problem],
    *path: str | int,
) -> RowRule | None:
    if not formula:
        return None
    try:
        return compile_row_rule(
            row_fields(item.columns),
            formula,
            names=pack_names(model, env),
            place=model.pack.place(item, *path),
            clause=item.clause,
        )
    except PackError as error:
        problems += error.problems
        return None


def _deadline(
    model: Model, item: shapes.Obligation, text: str, problems: list[Problem], index: int
) -> Deadline | None:
    try:
        return parse_deadline(text)
    except FormulaError as error:
        place = model.pack.place(item, "dues", index, "due")
        problems.append(Problem(error.code, place, error.message, error.fix, item.clause))
        return None
