"""Examples about targets, duties and admissions: run like those about money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from jigai.metrics.goal import Finding
from jigai.rules import schema
from jigai.rules.binding import Environment
from jigai.rules.duties import DutyFinding, compile_admission, compile_duty
from jigai.rules.errors import PackError
from jigai.rules.example_case import ABSENT, ExampleError, example_environment, with_profile
from jigai.rules.example_result import Check
from jigai.rules.model import Model
from jigai.rules.row_rules import RowAnswer
from jigai.rules.schema_programme import Target
from jigai.rules.target_goal import judge_target

_ABOUT = ("target", "obligation", "admission")
_WORDS = {True: "是", False: "否", None: "待定"}


def is_programme(example: schema.Example) -> bool:
    """Whether an example is about something else than a measure."""
    return any(getattr(example, key) for key in _ABOUT)


def run_programme(model: Model, example: schema.Example) -> list[Check]:
    """What such an example expects against what comes out; raises :class:`ExampleError`."""
    named = [key for key in _ABOUT if getattr(example, key)]
    if len(named) > 1 or example.measure:
        raise ExampleError("一个样例只能讲一件事：measure、target、obligation、admission 择一")
    if not example.expect:
        raise ExampleError("没有写 expect")
    full = with_profile(model, example)
    env = example_environment(model, full)
    try:
        return _RUN[named[0]](model, full, env)
    except PackError as error:
        raise ExampleError(str(error)) from error


# targets -----------------------------------------------------------------------------------------


def _target(model: Model, example: schema.Example, env: Environment) -> list[Check]:
    figures = {year: _figure(year, text) for year, text in example.series.items()}
    if not figures:
        raise ExampleError("没有写 series：逐年的数")

    def judged(identifier: str) -> Finding:
        target: Target = _item(model, "targets", identifier)
        return judge_target(target, model.pack.identity, env, figures, example.as_of)

    found = judged(example.target)
    checks = []
    for key, expected in example.expect.items():
        if key == "others":
            others = expected if isinstance(expected, dict) else {}
            checks += [Check(f"others.{i}", str(v), judged(i).verdict) for i, v in others.items()]
            continue
        reader = _TARGET.get(key)
        if reader is None:
            raise _unknown_key(key, (*_TARGET, "others"))
        checks.append(Check(key, _text(expected), _like(reader(found), expected)))
    return checks


def _figure(year: int, text: str) -> Decimal | None:
    if text == ABSENT:
        return None
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ExampleError(f"{year} 年的“{text}”不是数；没有数的写 {ABSENT}")
    return number


_TARGET: dict[str, Callable[[Finding], Any]] = {
    "attained": lambda f: f.verdict,
    "value": lambda f: f.value,
    "gap": lambda f: f.gap,
    "limit": lambda f: f.limit,
    "failed_years": lambda f: [str(year) for year in f.failed_years],
    "missing": lambda f: f.missing,
    "trend": lambda f: f.trend,
}


# duties and admissions ---------------------------------------------------------------------------


def _duty(model: Model, example: schema.Example, env: Environment) -> list[Check]:
    duty = compile_duty(model, env, _item(model, "obligations", example.obligation))
    columns = duty.item.columns
    day: dt.date = example.as_of or env.context["as_of"]
    found = duty.judge(_row(example, [(c.id, c.name) for c in columns]), day)
    return _checks(example, found, _DUTY)


def _admission(model: Model, example: schema.Example, env: Environment) -> list[Check]:
    sections = ("recognitions", "registers")
    found = [s for s in sections if any(i.id == example.admission for i in getattr(model.pack, s))]
    item = _item(model, found[0] if found else sections[0], example.admission)
    rule = compile_admission(model, env, item)
    row = _row(example, [(c.id, c.name) for c in item.columns])
    return _checks(example, rule.one(row), _ADMISSION)


_DUTY: dict[str, Callable[[DutyFinding], Any]] = {
    "verdict": lambda f: f.verdict,
    "due": lambda f: f.due.isoformat() if f.due else "",
    "missing": lambda f: list(f.missing),
}
_ADMISSION: dict[str, Callable[[RowAnswer], Any]] = {
    "admitted": lambda a: _WORDS[a.value],
    "missing": lambda a: list(a.missing),
    "undetermined": lambda a: list(a.undetermined),
}
_RUN: dict[str, Callable[[Model, schema.Example, Environment], list[Check]]] = {
    "target": _target,
    "obligation": _duty,
    "admission": _admission,
}


def _row(example: schema.Example, columns: list[tuple[str, str]]) -> dict[str, str]:
    """The row by field id; a name the item has no column for is refused, not ignored."""
    ids = {name: key for key, name in columns} | {key: key for key, _name in columns}
    row = {}
    for name, text in example.row.items():
        if name not in ids:
            raise ExampleError(f"没有字段“{name}”；可用：{'、'.join(n for _i, n in columns)}")
        if text != ABSENT:
            row[ids[name]] = text
    return row


def _item(model: Model, section: str, identifier: str) -> Any:
    for item in getattr(model.pack, section):
        if item.id == identifier:
            return item
    raise ExampleError(f"{section}.yaml 里没有“{identifier}”")


def _checks(
    example: schema.Example, found: Any, readers: dict[str, Callable[[Any], Any]]
) -> list[Check]:
    checks = []
    for key, expected in example.expect.items():
        if key not in readers:
            raise _unknown_key(key, tuple(readers))
        checks.append(Check(key, _text(expected), _like(readers[key](found), expected)))
    return checks


def _unknown_key(key: str, known: tuple[str, ...]) -> ExampleError:
    return ExampleError(f"expect 里不认识的键“{key}”；可用：{'、'.join(known)}")


def _text(expected: object) -> str:
    return "、".join(map(str, expected)) if isinstance(expected, list) else str(expected)


def _like(actual: Any, expected: object) -> str:
    """What came out, a number to as many places as the example writes (8.45 for 8.447177)."""
    if isinstance(actual, list):
        return "、".join(actual)
    if not isinstance(actual, Decimal):
        return "" if actual is None else str(actual)
    text = str(expected)
    places = len(text.partition(".")[2])
    try:
        Decimal(text)
    except InvalidOperation:
        return str(actual)
    return format(round(actual, places) if places else actual.normalize(), "f")
