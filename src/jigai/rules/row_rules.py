"""One formula over the typed fields of one row: admission to a register, a title, a duty.

The language is that of measures (:mod:`jigai.rules.grammar`): three values, units, no number
literals. A row here is whatever a register keeps, not a subject of the vocabulary. For callers::

    start = {"入库起点": "200万元及以上"}
    rule = compile_row_rule(fields, "达到(固定资产投资, 入库起点) and 有备案", constants=start)
    rule.one({"fixed_investment": 19_999_00, "filed": True})   # RowAnswer(False, (), ())
    rule.many(table)                                            # arrow booleans, null = unknown
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from jigai.rules.binding import Environment, ParameterValue, bind
from jigai.rules.code import Builder, Code
from jigai.rules.emit_python import python_source
from jigai.rules.environment import read_value
from jigai.rules.errors import EvaluationError, FormulaError, PackError, Place, Problem
from jigai.rules.expr import BOOL, Node, Type
from jigai.rules.grammar import formula_names, parse_formula
from jigai.rules.lowering import Lowering, column_kind
from jigai.rules.plan import Plan, Step
from jigai.rules.row_values import RowField, field_info, stored_value
from jigai.rules.scope import CONTEXT, Scope, TermInfo
from jigai.rules.values import parse_quantity

if TYPE_CHECKING:
    import pyarrow as pa

    from jigai.rules.model import Model

__all__ = ["RowAnswer", "RowField", "RowNames", "RowRule", "compile_row_rule", "pack_names"]

_SUBJECT, _RESULT = "enterprise", "result"
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class RowAnswer(NamedTuple):
    """What a rule says of one row.

    ``value`` is ``None`` while it cannot be told: then ``missing`` names the fields (Chinese) that
    would have to be filled and ``undetermined`` the parameters nobody has set.
    """

    value: Any
    missing: tuple[str, ...] = ()
    undetermined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowNames:
    """Parameters, readings and dates of a pack that formulas may name, as of one day."""

    scope: Scope
    environment: Environment


def pack_names(model: Model, environment: Environment) -> RowNames:
    """Names of a checked pack under the constants of a run (``build_environment``)."""
    return RowNames(model.scope, environment)


@dataclass(slots=True)
class RowRule:
    """A compiled formula. ``fields`` are the ids of the fields it reads, ``undetermined`` the
    parameters it needs that nobody has set."""

    formula: str
    kind: Type
    fields: tuple[str, ...]
    undetermined: tuple[str, ...]
    _infos: dict[str, TermInfo]
    _fields: dict[str, RowField]
    _code: Code
    _scale: int
    _parts: dict[Node, str]
    _root: Node
    _run: Callable[[dict[str, list[dict[str, Any]]]], None]

    def one(self, row: Mapping[str, Any]) -> RowAnswer:
        """Answer for one row, by field id (or Chinese name); absent or ``None`` is unknown.

        Values: money in fen, area in 0.01 m², energy in gce (integers); number and ratio in the
        field's own unit (int, Decimal or Fraction, at most six decimals); date, bool, text; an
        option by code or word; or any of them as text (``500万元``). Floats are refused.
        Raises :class:`EvaluationError` naming the field whose value does not fit.
        """
        stored = {
            key: stored_value(self._fields[key], info, row.get(key, row.get(info.name)))
            for key, info in self._infos.items()
        }
        self._run({_SUBJECT: [stored]})
        value = stored[_RESULT]
        if value is None:
            missing = dict.fromkeys(self._missing(self._root, stored))
            names = tuple(self._infos[key].name for key in missing)
            return RowAnswer(None, names, self.undetermined)
        return RowAnswer(self._shown(value))

    def many(self, table: pa.Table) -> pa.BooleanArray:
        """Answers for all rows of an arrow table, in order; null where a row does not tell.

        Columns are named by field id: int64 for money, area and energy; decimal or integer for
        number and ratio; date32, bool, string (options by code or word). Evaluated by DuckDB.
        Raises :class:`EvaluationError` naming the column that is absent or of another type.
        """
        from jigai.rules.row_columns import evaluate

        if self.kind != BOOL:
            raise EvaluationError("只有条件能成批判断；日期和数值逐行取")
        return evaluate(self._code, [(self._fields[k], i) for k, i in self._infos.items()], table)

    def _shown(self, value: Any) -> Any:
        if self.kind.kind == "enum":
            return self.kind.options[value]
        return Fraction(value, self._scale) if self.kind.kind == "number" else value

    def _missing(self, node: Node, stored: Mapping[str, Any]) -> Iterable[str]:
        """Unknown fields that keep ``node`` unknown; a branch already settled asks for nothing."""
        if node in self._parts and stored[self._parts[node]] is not None:
            return
        if node.op in ("and", "or", "not"):
            for child in node.args:
                yield from self._missing(child, stored)
            return
        yield from (key for key in node.names("term") if stored[key] is None)


def compile_row_rule(
    fields: Iterable[RowField],
    formula: str,
    *,
    names: RowNames | None = None,
    constants: Mapping[str, str] | None = None,
    expected: Type = BOOL,
    place: Place | None = None,
    clause: str = "",
) -> RowRule:
    """Compile ``formula`` over ``fields`` (id, Chinese name, type, unit, options).

    Formulas name fields, parameters and readings of ``names`` and ``constants`` (name → value as
    written: ``200万元及以上`` is a threshold for ``达到``, ``2017-12-31`` a date). ``expected`` is
    the type of the answer: a condition unless stated (``DATE`` for a due date).

    Raises :class:`PackError` whose problems carry ``place`` and ``clause``, name every field the
    formula needs and the register does not have, and say what to write instead.
    """
    declared = tuple(fields)
    try:
        return _compile(declared, formula, names, dict(constants or {}), expected)
    except FormulaError as error:
        where = place or Place("公式")
        raise PackError([Problem(error.code, where, error.message, error.fix, clause)]) from error
    except EvaluationError as error:
        where = place or Place("公式")
        fix = "改公式，或先把要用的数写进字段"
        raise PackError([Problem("cannot-compile", where, str(error), fix, clause)]) from error


def _compile(
    fields: tuple[RowField, ...],
    formula: str,
    names: RowNames | None,
    constants: dict[str, str],
    expected: Type,
) -> RowRule:
    scope, env = _scope(fields, names, constants)
    _known_names(formula, scope, fields)
    node = bind(parse_formula(formula, scope, _SUBJECT, expected), env)
    builder = Builder()

    def column(op: str, identifier: str) -> tuple[Code, int]:
        info = scope.terms[identifier]
        return builder.column(identifier, column_kind(info), info.low, info.high), info.scale

    lowering = Lowering(builder, column)
    code, scale = _lowered(lowering, node)
    used = {key: scope.terms[key] for key in node.names("term")}
    parts = {part: f"part_{i}" for i, part in enumerate(_conditions(node)) if part is not node}
    steps = [Step(key, _SUBJECT, "term", key, lowering.value(n)) for n, key in parts.items()]
    steps.append(Step(_RESULT, _SUBJECT, "term", _RESULT, code, scale))
    if node.type == BOOL:
        parts[node] = _RESULT
    by_id = {f.id: f for f in fields}
    return RowRule(
        formula, expected, tuple(used), tuple(_open_names(node, scope)), used,
        {key: by_id[key] for key in used}, code, scale, parts, node, _function(steps, used),
    )  # fmt: skip


def _lowered(lowering: Lowering, node: Node) -> tuple[Code, int]:
    if node.type.kind != "number":
        return lowering.value(node), 1
    ratio = lowering.ratio(node)
    if isinstance(ratio.denominator, Code):
        raise EvaluationError("除数随数据变化，结果除不尽；改成比较，或先约定取整")
    return ratio.numerator, ratio.denominator


def _conditions(node: Node) -> Iterable[Node]:
    """Conditions joined by and, or, not: each may settle without the others."""
    if node.type == BOOL:
        yield node
    if node.op in ("and", "or", "not"):
        for child in node.args:
            yield from _conditions(child)


def _function(steps: list[Step], used: Mapping[str, TermInfo]) -> Callable[..., None]:
    plan = Plan("", list(steps), {_SUBJECT: dict(used)}, [], {}, None, [], True, {}, {}, {})
    namespace: dict[str, Any] = {}
    exec(compile(python_source(plan), "<row rule>", "exec"), namespace)
    function: Callable[..., None] = namespace["run"]
    return function


# names -------------------------------------------------------------------------------------------


def _scope(
    fields: tuple[RowField, ...], names: RowNames | None, constants: dict[str, str]
) -> tuple[Scope, Environment]:
    """Fields as terms, with the parameters and readings of a pack and the caller's constants."""
    scope = Scope()
    env = Environment({}, {}, {})
    if names is not None:
        given = names.environment
        env = Environment(dict(given.parameters), dict(given.readings), dict(given.context))
        scope.parameters = dict(names.scope.parameters)
        scope.readings = dict(names.scope.readings)
        scope.reading_words = dict(names.scope.reading_words)
        scope.names = {k: v for k, v in names.scope.names.items() if v[0] != "term"}
    for name, text in constants.items():
        _constant(scope, env, name, text)
    for item in fields:
        if not _IDENTIFIER.fullmatch(item.id) or item.id.startswith("part_") or item.id == _RESULT:
            message = f"字段“{item.name}”的代号“{item.id}”不能用"
            raise FormulaError("bad-field", message, "用小写字母开头，只含小写字母、数字和下划线")
        taken = [n for n in {item.id, item.name} if n in scope.names or n in CONTEXT]
        if taken:
            message = f"字段“{item.name}”与已有名称“{taken[0]}”重复"
            raise FormulaError("shadowed-name", message, "给字段另起名称")
        scope.add_term(field_info(item))
    return scope, env


def _constant(scope: Scope, env: Environment, name: str, text: str) -> None:
    """A named value of the caller, read like a parameter of a pack."""
    if name in scope.names or name in CONTEXT:
        raise FormulaError("shadowed-name", f"名称“{name}”已被占用", "给这个数另起名称")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        kind, type_ = "date", Type("date")
    else:
        quantity = parse_quantity(text)
        kind = "threshold" if quantity.comparator else "number"
        type_ = Type("number", quantity.dimension)
    value, comparator, family = read_value(kind, text)
    scope.add_parameter(name, name, kind, type_)
    env.parameters[name] = ParameterValue(name, value, text, comparator, family)


def _known_names(formula: str, scope: Scope, fields: tuple[RowField, ...]) -> None:
    """Name all that the formula asks for and nobody has, before anything else is checked."""
    options = {word for f in fields for pair in f.options.items() for word in pair}
    options |= {word for words in scope.reading_words.values() for word in words}
    options |= {code for codes in scope.readings.values() for code in codes}
    known = {*scope.names, *CONTEXT, *options, "未知"}
    unknown = [name for name in formula_names(formula) if name not in known]
    if not unknown:
        return
    near = [f"“{name}”是不是“{scope.similar(name)}”" for name in unknown if scope.similar(name)]
    listed = "、".join(f.name for f in fields) or "（没有字段）"
    raise FormulaError(
        "unknown-term",
        f"公式用到的{'、'.join(f'“{name}”' for name in unknown)}不是现有字段",
        "；".join([*near, f"现有字段：{listed}；把字段加回去，或改公式"]),
    )


def _open_names(node: Node, scope: Scope) -> list[str]:
    ids = node.names("undetermined")
    shown = {ident: name for name, (_, ident) in scope.names.items() if name != ident}
    shown |= {ident: name for name, (ident, _) in CONTEXT.items()}
    return [shown.get(i, str(i)) for i in ids]
