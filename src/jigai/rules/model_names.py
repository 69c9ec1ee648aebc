"""First pass over a pack: every name once, every value readable, overlays that contradict."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from jigai.rules import schema
from jigai.rules.environment import all_parameters, read_value
from jigai.rules.errors import FormulaError, Problem
from jigai.rules.expr import DATE, Type
from jigai.rules.facts import read_text
from jigai.rules.loader import Pack
from jigai.rules.scope import CONTEXT, TermInfo, stored_scale, term_range, term_type
from jigai.rules.units import MONEY, Dimension, dimension_name, unit
from jigai.rules.values import parse_quantity

if TYPE_CHECKING:
    from jigai.rules.model import Model


# 3 % and 3 percentage points are stored alike and mean different things: one may not replace the
# other in a parameter.
_POINTS = {"百分点": True, "%": False, "％": False}


class Inspector:
    """Base of the passes: a model and the place of every problem found in it."""

    def __init__(self, model: Model) -> None:
        """Record problems in ``model.problems``."""
        self.m, self.pack, self.scope = model, model.pack, model.scope

    def problem(self, item: BaseModel, code: str, message: str, fix: str, *path: str | int) -> None:
        """Record a problem at the place of ``item`` or of one of its fields."""
        clause = str(getattr(item, "clause", ""))
        self.m.problems.append(Problem(code, self.pack.place(item, *path), message, fix, clause))


class Names(Inspector):
    """Registers parameters, readings, terms, gates and measures of the whole family."""

    def names(self) -> None:
        """Register parameters, readings, terms, gates and measures, nearest pack first."""
        for member in self.pack.family():
            self._repeated(member)
            for parameter in member.parameters:
                self._parameter(parameter, member)
            for reading in member.readings:
                self._reading(reading)
            for term in member.vocabulary:
                self._term(term)
            for fact in member.facts:
                self._derived(fact)
            for gate in member.measures.gates:
                self._unique(gate, self.m.gates, gate.id, "gates")
            for measure in member.measures.measures:
                self._unique(measure, self.m.measures, measure.id, "measures")
        self.m.parameters = all_parameters(self.pack)

    def _repeated(self, member: Pack) -> None:
        """An id written twice in one file; across packs of a family it is an overlay."""
        sections: dict[str, list[Any]] = {
            "parameters": member.parameters,
            "readings": member.readings,
            "pooled_caps": member.measures.pooled_caps,
        }
        for section, items in sections.items():
            seen: dict[str, Any] = {}
            for item in items:
                self._unique(item, seen, item.id, section)

    def _unique(self, item: Any, table: dict[str, Any], key: str, section: str) -> None:
        if table.setdefault(key, item) is not item:
            self.problem(item, "duplicate-id", f"{section} 里“{key}”重复", "换一个 id", "id")

    def _free(self, item: BaseModel, **names: str) -> bool:
        """Whether no name is taken; keywords are the fields the names stand in."""
        for path, name in names.items():
            if name in CONTEXT or name in self.scope.names:
                fix = "换一个名称；本包不得改写上级词汇"
                self.problem(item, "shadowed-name", f"名称“{name}”已被占用", fix, path)
                return False
        return True

    # parameters ---------------------------------------------------------------------------------

    def _parameter(self, parameter: schema.Parameter, owner: Pack) -> None:
        if parameter.id in self.scope.parameters:
            self._overlay(parameter, owner)
        elif self._free(parameter, name=parameter.name, id=parameter.id):
            value_type = self._parameter_type(parameter)
            self.scope.add_parameter(parameter.id, parameter.name, parameter.kind, value_type)

    def _overlay(self, base: schema.Parameter, owner: Pack) -> None:
        """A pack nearer to the user may fill an open parameter, never contradict a stated one."""
        nearest = all_parameters(self.pack)[base.id]
        if any(nearest is parameter for parameter in owner.parameters):
            return
        if base.status != "stated" or not base.values or _says(nearest) == _says(base):
            return
        own = nearest.values[-1].value if nearest.values else nearest.formula
        self.problem(
            nearest,
            "overlay-conflict",
            f"参数“{base.name}”与上级文件矛盾：上级条款 {base.clause} 写明 "
            f"{base.values[-1].value}，本级条款 {nearest.clause} 写 {own}",
            "下级只能补上级留空的参数",
            "values",
        )

    def _parameter_type(self, parameter: schema.Parameter) -> Type:
        self._dated(parameter)
        types = {"date": DATE, "text": Type("text"), "list": Type("list")}
        if parameter.kind in types:
            return types[parameter.kind]
        dimension = self._dimension(parameter)
        if dimension is None and parameter.kind in ("threshold", "amount"):
            if parameter.status == "undetermined":
                message = f"参数“{parameter.name}”未定且没有写单位"
                self.problem(parameter, "no-unit", message, "补 unit: 万元 之类")
            dimension = MONEY  # most are; a fault of the value is reported once, where it is
        return Type("number", dimension or ())

    def _dimension(self, parameter: schema.Parameter) -> Dimension | None:
        """Dimension of the stated unit or of the first value; all values must agree with it."""
        dimension, points = None, _POINTS.get(parameter.unit)
        if parameter.unit:
            try:
                dimension = unit(parameter.unit)[1]
            except FormulaError as error:
                self.problem(parameter, error.code, error.message, error.fix, "unit")
        for index, dated in enumerate(parameter.values):
            try:
                quantity = parse_quantity(dated.value)
            except FormulaError:
                continue  # reported by _dated
            dimension = quantity.dimension if dimension is None else dimension
            points = quantity.points if points is None else points
            if quantity.dimension != dimension or (not dimension and quantity.points != points):
                self.problem(
                    parameter,
                    "unit-mismatch",
                    f"参数“{parameter.name}”的值“{dated.value}”单位不符",
                    f"单位须是 {parameter.unit or dimension_name(dimension)}",
                    "values",
                    index,
                    "value",
                )
        return dimension

    def _dated(self, parameter: schema.Parameter) -> None:
        for index, dated in enumerate(parameter.values):
            try:
                read_value(parameter.kind, dated.value)
            except FormulaError as error:
                path = ("values", index, "value")
                self.problem(parameter, error.code, error.message, error.fix, *path)
            for earlier in parameter.values[:index]:
                if _overlap(earlier, dated):
                    self.problem(
                        parameter,
                        "overlapping-dates",
                        f"参数“{parameter.name}”两个时段重叠"
                        f"（自 {earlier.since} 与自 {dated.since}）",
                        "每个时段的起日须不同，且不得落在另一时段的起止之间",
                        "values",
                        index,
                    )
        if parameter.status == "undetermined" and parameter.values:
            self.problem(
                parameter,
                "undetermined-with-value",
                f"参数“{parameter.name}”标为未定却有值",
                "改 status 为 stated 或 local，或删去值",
                "status",
            )
        if parameter.status != "undetermined" and not parameter.values and not parameter.formula:
            self.problem(
                parameter,
                "no-value",
                f"参数“{parameter.name}”没有值",
                "补 values，或标 status: undetermined",
            )

    # readings and terms -------------------------------------------------------------------------

    def _reading(self, reading: schema.Reading) -> None:
        if reading.id in self.scope.readings:
            return
        if not self._free(reading, name=reading.name, id=reading.id):
            return
        if reading.default not in reading.options:
            self.problem(
                reading,
                "bad-default",
                f"读法“{reading.name}”的默认“{reading.default}”不在选项里",
                f"从 {'、'.join(reading.options)} 里选",
                "default",
            )
        words = {key: option.word for key, option in reading.options.items()}
        self.scope.add_reading(reading.id, reading.name, words)

    def _term(self, term: schema.Term) -> None:
        if not self._free(term, term=term.term, id=term.id):
            return
        assume = None
        if term.if_absent.startswith("assume "):
            assume = term.if_absent.removeprefix("assume ").strip()
        elif term.if_absent != "unknown":
            self.problem(
                term,
                "bad-if-absent",
                f"“{term.term}”的 if_absent 写法不对",
                "写 unknown 或 assume 值",
                "if_absent",
            )
        self._add(term, False, assume, term.source)
        self.m.terms[term.id] = term
        if assume is not None and term.id in self.scope.terms:
            self._readable(term, assume)

    def _readable(self, term: schema.Term, assume: str) -> None:
        """The assumed value must fit the term, or no case could be decided."""
        try:
            read_text(self.scope.terms[term.id], assume)
        except (ValueError, FormulaError) as error:
            fix = "写成该事实能有的取值，如 是、0元 或登记的选项"
            self.problem(term, "bad-assumption", str(error), fix, "if_absent")

    def _derived(self, fact: schema.DerivedFact) -> None:
        if self._free(fact, term=fact.term, id=fact.id):
            self._add(fact, True, None, "")
            self.m.derived[fact.id] = fact

    def _add(
        self, item: schema.Term | schema.DerivedFact, derived: bool, assume: str | None, source: str
    ) -> None:
        try:
            kind = term_type(item.type, item.unit, item.options)
        except FormulaError as error:
            self.problem(item, error.code, error.message, error.fix, "unit")
            return
        try:
            low, high = term_range(item.type, item.minimum, item.maximum)
        except (ValueError, ZeroDivisionError):
            low = high = None
            message = f"“{item.term}”的 minimum 或 maximum 不是数"
            self.problem(item, "bad-range", message, "写成以最小单位计的数，如 0、-100000")
        scale = 1 if derived else stored_scale(item.type, item.unit)
        words = tuple(item.options.values())
        self.scope.add_term(
            TermInfo(
                item.id,
                item.term,
                item.subject,
                kind,
                scale,
                low,
                high,
                derived,
                assume,
                words,
                source,
            )
        )


def _says(parameter: schema.Parameter) -> list[tuple[dt.date, dt.date | None, str]]:
    """What a parameter says, without where it says so."""
    return [(dated.since, dated.to, dated.value) for dated in parameter.values]


def _overlap(one: schema.DatedValue, two: schema.DatedValue) -> bool:
    """Whether two dated values contradict each other.

    An open end gives way to the next start, so it contradicts nothing but an equal start or a
    closed period around its own.
    """
    if one.since == two.since:
        return True
    first, second = (one, two) if one.since < two.since else (two, one)
    return first.to is not None and second.since <= first.to
