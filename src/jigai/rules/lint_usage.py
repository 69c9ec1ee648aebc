"""What a pack declares and nothing uses, and what its formulas would trip over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from pydantic import BaseModel

from jigai.rules import schema
from jigai.rules.binding import fold
from jigai.rules.errors import Problem
from jigai.rules.expr import Node, constant
from jigai.rules.grammar import formula_names
from jigai.rules.lint_rows import row_formulas
from jigai.rules.model import Model

# Readings the engine itself asks, not a formula.
ENGINE_READINGS = frozenset(
    {
        "quantifier_inclusive",
        "quantifier_exclusive",
        "money_rounding",
        "tie_order",
        "rounding_rule",
        "simulate_when_inactive",
        "budget_shortfall",
    }
)
EXAMPLES_PER_MEASURE = 3


def _warning(model: Model, item: BaseModel, code: str, message: str, fix: str) -> Problem:
    return Problem(
        code, model.pack.place(item), message, fix, str(getattr(item, "clause", "")), "warning"
    )


def unused(model: Model) -> Iterator[Problem]:
    """Parameters, terms and readings of this pack that no formula and no stage names."""
    used = used_names(model)
    for parameter in model.pack.parameters:
        if parameter.id not in used and parameter.status != "undetermined":
            message = f"参数“{parameter.name}”没有公式用到"
            yield _warning(model, parameter, "unused-parameter", message, "在公式里引用，或删去")
    terms: list[schema.Term | schema.DerivedFact] = [*model.pack.vocabulary, *model.pack.facts]
    for term in terms:
        if term.id not in used:
            message = f"事实“{term.term}”没有公式用到"
            yield _warning(model, term, "unused-term", message, "在公式里引用，或删去")
    for reading in model.pack.readings:
        if reading.kind == "procedure" or reading.id in ENGINE_READINGS or reading.id in used:
            continue
        message, fix = (
            f"读法“{reading.name}”没有公式问到",
            "在公式里写 读法 = 选项，或改为 procedure",
        )
        yield _warning(model, reading, "unused-reading", message, fix)


def used_names(model: Model) -> set[str]:
    """Ids of every name that a formula or a stage asks for."""
    used: set[str] = set()
    for node in model.formulas.values():
        for part in node.walk():
            if part.op in ("param", "reach", "reading", "term"):
                used.add(part.value)
    for item in model.pack.programme():
        used |= {getattr(item, "threshold", ""), getattr(item, "limit", "")}
        used |= {
            model.scope.names[name][1]
            for text in row_formulas(item)
            for name in formula_names(text)
            if name in model.scope.names
        }
    named = [measure.rounding for measure in model.measures.values()]
    named += [fact.through for fact in model.derived.values()]
    if model.selection:
        stage = model.selection
        named += [stage.measure_choice, stage.project_choice, stage.exception, *stage.group]
    return used | {model.scope.names[name][1] for name in named if name in model.scope.names}


def same_options(model: Model) -> Iterator[Problem]:
    """Options of a reading between which no formula can tell.

    One option may stand in no formula: it is what ``else`` means. Two such options are one.
    """
    for reading in model.pack.readings:
        if reading.kind == "procedure" or reading.id in ENGINE_READINGS:
            continue
        asking = [n for n in model.formulas.values() if reading.id in n.names("reading")]
        seen: dict[tuple[Node, ...], str] = {}
        for option in reading.options if asking else ():
            outcome = tuple(_choose(node, reading.id, option) for node in asking)
            other = seen.setdefault(outcome, option)
            if other != option:
                words = [reading.options[key].word for key in (other, option)]
                message = f"读法“{reading.name}”的“{words[0]}”与“{words[1]}”结果总是相同"
                fix = "在公式里写明两者的差别，或合并为一个选项"
                yield _warning(model, reading, "same-options", message, fix)


def _choose(node: Node, reading: str, option: str) -> Node:
    """The formula with one reading chosen and every other name left open."""
    if node.op == "reading" and node.value == reading:
        return constant(option, node.type)
    args = tuple(_choose(child, reading, option) for child in node.args)
    return fold(Node(node.op, args, node.type, node.value))


def few_examples(model: Model) -> Iterator[Problem]:
    """A measure needs a case inside, one on the boundary and one that is refused."""
    for measure in model.pack.measures.measures:
        if not measure.answers:
            continue
        own = [e for e in model.pack.examples if e.measure == measure.id and not e.profile]
        count = len(own)
        if count < EXAMPLES_PER_MEASURE:
            message = f"措施“{measure.name}”只有 {count} 个样例"
            fix = "在 examples 里补到三个：条件之内、正在边界、不予支持"
            yield _warning(model, measure, "few-examples", message, fix)


def empty_texts(model: Model) -> Iterator[Problem]:
    """A fact without a definition or a holder cannot be asked for."""
    for term in model.pack.vocabulary:
        for path, label in (("definition", "口径"), ("source", "提供部门")):
            if not getattr(term, path).strip():
                place, message = model.pack.place(term, path), f"“{term.term}”没有写{label}"
                yield Problem("empty-text", place, message, f"补 {path}:")


def gaps(model: Model) -> Iterator[Problem]:
    """Days of the validity period on which a stated parameter has no value."""
    identity = model.pack.identity
    if identity.effective_from is None:
        return
    for parameter in model.pack.parameters:
        if not parameter.values:
            continue
        day = _first_gap(parameter, identity.effective_from, identity.effective_to)
        if day is not None:
            place = model.pack.place(parameter, "values")
            message = f"参数“{parameter.name}”在有效期内的 {day} 没有值"
            fix = "补这一段的值；确无规定的写 status: undetermined"
            yield Problem("as-of-gap", place, message, fix, parameter.clause)


def _first_gap(parameter: schema.Parameter, first: dt.date, last: dt.date | None) -> dt.date | None:
    day = first
    for dated in sorted(parameter.values, key=lambda value: value.since):
        if dated.since > day:
            return day
        if dated.to is None:
            return None
        day = max(day, dated.to + dt.timedelta(days=1))
    return day if last is None or day <= last else None
