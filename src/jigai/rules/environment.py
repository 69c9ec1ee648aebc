"""The constants of a run, read from a pack family: dated parameters, readings, status."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from jigai.rules import schema
from jigai.rules.binding import Environment, ParameterValue, bind
from jigai.rules.errors import EvaluationError, FormulaError
from jigai.rules.expr import Node, Type
from jigai.rules.grammar import parse_formula
from jigai.rules.loader import Pack
from jigai.rules.scope import Scope
from jigai.rules.units import dimension_name
from jigai.rules.values import parse_date, parse_quantity

SCENARIO = "情景设定，不是条款写的"


class Status(enum.Enum):
    """Whether a policy produces payable results on a day."""

    DRAFT = "草案"
    NOT_YET = "未施行"
    IN_FORCE = "有效"
    EXPIRED = "已过期"
    REPEALED = "已废止"

    @property
    def payable(self) -> bool:
        """Only a policy in force creates anything payable; else results are simulation."""
        return self is Status.IN_FORCE


def status_on(identity: schema.Identity, day: dt.date) -> Status:
    """Status of a policy document on ``day`` (both ends of the validity period included)."""
    if identity.status == "draft":
        return Status.DRAFT
    if identity.status in ("repealed", "superseded"):
        return Status.REPEALED
    # Without a date of its own a document takes effect when it is issued.
    begin = identity.effective_from or identity.issued
    if begin and day < begin:
        return Status.NOT_YET
    if identity.effective_to and day > identity.effective_to:
        return Status.EXPIRED
    return Status.IN_FORCE


def parameter_as_of(parameter: schema.Parameter, day: dt.date) -> ParameterValue:
    """Value of a parameter on ``day``; ``value`` is ``None`` if it is undetermined then."""
    current = None
    for dated in parameter.values:
        holds = dated.since <= day and (dated.to is None or day <= dated.to)
        if holds and (current is None or dated.since > current.since):
            current = dated
    if current is None:
        return ParameterValue(parameter.id, None, "未定")
    value, comparator, family = read_value(parameter.kind, current.value)
    return ParameterValue(
        parameter.id, value, current.value, comparator, family, current.since, current.reference,
        current.approver,
    )  # fmt: skip


def default_as_of(
    identity: schema.Identity, year: int, deadline: dt.date | None, as_of: dt.date | None
) -> dt.date:
    """The day values are taken of: as given, else the deadline (31 December), or the day the policy
    starts if that is later, for before it a simulation uses the values it will start with."""
    deadline = deadline or dt.date(year, 12, 31)
    first = identity.effective_from
    return as_of or (max(deadline, first) if first else deadline)


def read_value(kind: str, text: str) -> tuple[Any, str | None, str | None]:
    """Read a parameter text by kind; returns (value, comparator, quantifier family)."""
    if kind == "date":
        return parse_date(text), None, None
    if kind == "text":
        return text, None, None
    if kind == "list":
        return tuple(part.strip() for part in text.split("、") if part.strip()), None, None
    quantity = parse_quantity(text)
    if kind == "threshold" and quantity.comparator is None:
        raise FormulaError(
            "no-comparator", f"起点“{text}”没有写“及以上”或“超过”", "照原文写明含不含本数"
        )
    return quantity.value, quantity.comparator, quantity.family


def all_parameters(pack: Pack) -> dict[str, schema.Parameter]:
    """Parameters of the family by id; an overlay's value stands before its superior's."""
    found: dict[str, schema.Parameter] = {}
    for member in pack.family():
        for parameter in member.parameters:
            if parameter.id not in found or not (
                found[parameter.id].values or found[parameter.id].formula
            ):
                found[parameter.id] = parameter
    return found


def all_readings(pack: Pack) -> dict[str, schema.Reading]:
    """Readings of the family by id; the pack's own default stands before a base's."""
    found: dict[str, schema.Reading] = {}
    for member in pack.family():
        for reading in member.readings:
            found.setdefault(reading.id, reading)
    return found


def choose_readings(pack: Pack, chosen: Mapping[str, str]) -> dict[str, str]:
    """Defaults with ``chosen`` on top, by id or Chinese name, option letter or word.

    Raises :class:`EvaluationError` for an unknown choice.
    """
    readings = all_readings(pack)
    named = {reading.name: key for key, reading in readings.items()}
    picked: dict[str, str] = {}
    for name, option in chosen.items():
        identifier = named.get(name, name)
        if identifier not in readings:
            raise EvaluationError(f"没有读法“{name}”；可用：{'、'.join(sorted(readings))}")
        words = {o.word: key for key, o in readings[identifier].options.items()}
        picked[identifier] = words.get(option, option)
        if picked[identifier] not in readings[identifier].options:
            options = "、".join(f"{key} {word}" for word, key in words.items())
            raise EvaluationError(f"读法“{name}”没有选项“{option}”；可用：{options}")
    return {key: picked.get(key, reading.default) for key, reading in readings.items()}


def build_environment(
    pack: Pack,
    scope: Scope,
    *,
    year: int,
    deadline: dt.date | None = None,
    as_of: dt.date | None = None,
    payment_date: dt.date | None = None,
    readings: Mapping[str, str] | None = None,
    overrides: Mapping[str, str | None] | None = None,
    decided: Mapping[str, schema.DatedValue] | None = None,
    free: Mapping[str, int] | None = None,
) -> Environment:
    """Constants for the application year: ``deadline`` defaults to 31 December, ``as_of`` to it
    (or to the day the policy starts, if that is later).

    ``overrides`` set parameters by id or name as text, ``None`` for 未定 (a scenario). ``decided``
    holds, by id, what people with that duty settled because the document leaves it open: a value
    like those of the pack, from its date on. Raises :class:`EvaluationError` for unknown readings
    or parameters, and for a decision on what the document itself says.
    """
    deadline = deadline or dt.date(year, 12, 31)
    identity = pack.identity
    as_of = default_as_of(identity, year, deadline, as_of)
    context = {
        "year": year,
        "deadline": deadline,
        "as_of": as_of,
        "payment_date": payment_date,
        "effective_from": identity.effective_from,
        "effective_to": identity.effective_to,
        "issued": identity.issued,
    }
    declared = with_decided(all_parameters(pack), decided or {}, scope)
    values = {key: parameter_as_of(p, as_of) for key, p in declared.items() if not p.formula}
    for name, text in (overrides or {}).items():
        kind, identifier = scope.names.get(name, ("", ""))
        if kind != "param":
            raise EvaluationError(f"没有参数“{name}”")
        if text is None:
            values[identifier] = ParameterValue(identifier, None, "未定")
            continue
        value, comparator, family = read_checked(
            declared[identifier], text, scope.parameters[identifier][1]
        )
        if comparator is None and identifier in values:
            comparator = values[identifier].comparator
        values[identifier] = ParameterValue(
            identifier, value, text, comparator, family, None, SCENARIO
        )
    env = Environment(values, choose_readings(pack, readings or {}), context, dict(free or {}))
    for key in declared:
        _compute(key, declared, scope, env, ())
    return env


def with_decided(
    declared: Mapping[str, schema.Parameter],
    decided: Mapping[str, schema.DatedValue],
    scope: Scope,
) -> dict[str, schema.Parameter]:
    """Parameters with decided values among their own. Raises :class:`EvaluationError` for a value
    of what is stated or computed, or one of the wrong kind."""
    found = dict(declared)
    for key, dated in decided.items():
        parameter = declared.get(key)
        if parameter is None or parameter.status == "stated" or parameter.formula:
            why = "不存在" if parameter is None else "是文件写明或由公式得出的"
            raise EvaluationError(f"参数“{parameter.name if parameter else key}”{why}，不能另定")
        read_checked(parameter, dated.value, scope.parameters[key][1])
        found[key] = parameter.model_copy(update={"values": [*parameter.values, dated]})
    return found


def read_checked(
    declared: schema.Parameter, text: str, wanted: Type
) -> tuple[Any, str | None, str | None]:
    """Like :func:`read_value`; raises :class:`EvaluationError` for another kind of quantity."""
    found = read_value(declared.kind, text)
    _same_dimension(declared, text, wanted)
    return found


def _same_dimension(declared: schema.Parameter, text: str, wanted: Type) -> None:
    """A scenario value must be of the parameter's kind of quantity: no 亩 for 元, no bare 1."""
    if declared.kind in ("date", "text", "list"):
        return
    given = parse_quantity(text)
    if given.dimension != wanted.dimension:
        raise EvaluationError(
            f"参数“{declared.name}”要{dimension_name(wanted.dimension)}，"
            f"“{text}”是{dimension_name(given.dimension)}"
        )
    own = [parse_quantity(dated.value).points for dated in declared.values]
    if own and (given.points or "%" in text) and given.points != own[0]:
        words = ("百分之几", "百分点")
        raise EvaluationError(
            f"参数“{declared.name}”要{words[own[0]]}，“{text}”是{words[given.points]}，两者不是一回事"
        )


def _compute(
    key: str,
    declared: Mapping[str, schema.Parameter],
    scope: Scope,
    env: Environment,
    busy: tuple[str, ...],
) -> None:
    """Fill in a computed parameter after those its formula names, whatever the order written."""
    if key in env.parameters:
        return
    if key in busy:
        names = "→".join(declared[name].name for name in (*busy[busy.index(key) :], key))
        raise EvaluationError(f"参数互相引用，绕成了圈：{names}")
    formula = parse_formula(declared[key].formula, scope, None)
    for name in (*formula.names("param"), *formula.names("reach")):
        _compute(name, declared, scope, env, (*busy, key))
    env.parameters[key] = _computed(declared[key], formula, env)


def _computed(parameter: schema.Parameter, formula: Node, env: Environment) -> ParameterValue:
    node = bind(formula, env)
    value = node.value if node.op == "const" else None
    text = "未定" if value is None else str(value)
    if isinstance(value, Fraction):
        text = str(int(value)) if value.denominator == 1 else str(value)
    return ParameterValue(parameter.id, value, text, reference="由公式得出")
