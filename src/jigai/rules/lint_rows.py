"""Formulas of duties, titles and registers: each must compile over the columns beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from jigai.rules.duties import compile_admission, compile_duty, computable
from jigai.rules.environment import build_environment
from jigai.rules.errors import PackError, Problem
from jigai.rules.model import Model
from jigai.rules.schema_programme import Obligation, ProgrammeItem, Recognition, Register


def row_formulas(item: ProgrammeItem) -> list[str]:
    """Every formula an item carries over its rows."""
    texts = [getattr(item, key, "") for key in ("admits", "applies", "met")]
    texts += [case.when for case in getattr(item, "dues", ())]
    return [text for text in texts if text]


def row_problems(model: Model) -> Iterator[Problem]:
    """Formulas that do not compile, and columns that no formula reads."""
    begin = model.pack.identity.effective_from or dt.date(2021, 1, 1)
    env = build_environment(model.pack, model.scope, year=begin.year)
    pack = model.pack
    items: list[Obligation | Recognition | Register] = []
    items += [*pack.obligations, *pack.recognitions, *pack.registers]
    for item in items:
        yield from _repeated(model, item)
        if not computable(item):
            if item.columns:
                yield _warning(model, item, "写了 columns，却没有用到它的公式")
            continue
        try:
            if isinstance(item, Obligation):
                read = {f for rule in compile_duty(model, env, item).rules for f in rule.fields}
            else:
                read = set(compile_admission(model, env, item).fields)
        except PackError as error:
            yield from error.problems
            continue
        for column in item.columns:
            if column.id not in read and isinstance(item, Obligation):
                yield _warning(model, item, f"字段“{column.name}”没有公式用到")


def _repeated(model: Model, item: Obligation | Recognition | Register) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, column in enumerate(item.columns):
        for key in {column.id, column.name}:
            if key in seen:
                place = model.pack.place(item, "columns", index)
                message = f"“{item.name}”的字段“{key}”写了两次"
                yield Problem("duplicate-id", place, message, "换一个代号或名称", item.clause)
            seen.add(key)


def _warning(model: Model, item: ProgrammeItem, message: str) -> Problem:
    place = model.pack.place(item, "columns")
    return Problem("unused-column", place, message, "在公式里引用，或删去", item.clause, "warning")
