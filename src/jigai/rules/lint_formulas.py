"""Formulas that cannot run: divisors that are zero on some day, facts that need themselves."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from jigai.rules import schema
from jigai.rules.compiler import compile_plan
from jigai.rules.environment import build_environment
from jigai.rules.errors import EvaluationError, FormulaError, Place, Problem
from jigai.rules.model import Model
from jigai.rules.values import parse_quantity

Key = tuple[str, str]


def zero_divisors(model: Model) -> Iterator[Problem]:
    """Dated values of 0 of a parameter that some formula divides by."""
    divisors = {
        part.args[1].value: owner
        for (kind, owner, _), node in model.formulas.items()
        for part in node.walk()
        if part.op in ("div", "steps") and part.args[1].op == "param"
    }
    for parameter in model.parameters.values():
        if parameter.id not in divisors:
            continue
        for index, dated in enumerate(parameter.values):
            try:
                zero = parse_quantity(dated.value).value <= 0
            except FormulaError:
                continue  # reported where the value is read
            if zero:
                place = model.pack.place(parameter, "values", index, "value")
                message = (
                    f"参数“{parameter.name}”自 {dated.since} 为“{dated.value}”，公式拿它作除数"
                )
                fix = "除数须大于零；停用这一项请改它的条件"
                yield Problem("zero-divisor", place, message, fix, parameter.clause)


def cycles(model: Model) -> Iterator[Problem]:
    """Facts, measures or parameters that need their own result; each circle once."""
    graph = _graph(model)
    done: set[Key] = set()
    for start in graph:
        circle = _circle(graph, start, [], done)
        if circle:
            item = _item(model, circle[0])
            names = "→".join(_name(model, key) for key in circle)
            place = model.pack.place(item) if item else Place(model.pack.root.name)
            clause = str(getattr(item, "clause", ""))
            message = f"互相引用，绕成了圈：{names}"
            yield Problem("cycle", place, message, "断开其中一处引用", clause)


def _circle(graph: dict[Key, list[Key]], key: Key, path: list[Key], done: set[Key]) -> list[Key]:
    if key in path:
        return [*path[path.index(key) :], key]
    if key in done:
        return []
    for other in graph.get(key, ()):
        circle = _circle(graph, other, [*path, key], done)
        if circle:
            done.update(circle)
            return circle
    done.add(key)
    return []


def _graph(model: Model) -> dict[Key, list[Key]]:
    """What needs what: facts, gates, measures and computed parameters."""
    graph: dict[Key, list[Key]] = {}
    kinds = {"fact": "term", "gate": "gate", "measure": "measure", "parameter": "param"}
    for (kind, owner, part), node in model.formulas.items():
        if kind not in kinds or part.startswith("split"):
            continue
        needs = graph.setdefault((kinds[kind], owner), [])
        needs += [("term", name) for name in node.names("term")]
        needs += [("param", name) for op in ("param", "reach") for name in node.names(op)]
    for measure in model.measures.values():
        graph.setdefault(("measure", measure.id), []).extend(("gate", g) for g in measure.gates)
    for fact in model.derived.values():
        needs = graph.setdefault(("term", fact.id), [])
        if fact.outcome_of:
            needs.append(("measure", fact.outcome_of))
        if fact.through in model.scope.names:
            needs.append(("term", model.scope.names[fact.through][1]))
    return graph


def _item(model: Model, key: Key) -> BaseModel | None:
    tables: dict[str, dict[str, BaseModel]] = {
        "term": {**model.derived},
        "param": {**model.parameters},
        "gate": {**model.gates},
        "measure": {**model.measures},
    }
    return tables[key[0]].get(key[1])


def _name(model: Model, key: Key) -> str:
    item = _item(model, key)
    return str(getattr(item, "term", "") or getattr(item, "name", "") or key[1])


def not_runnable(model: Model) -> Iterator[Problem]:
    """What only compiling shows: formulas the engine cannot run exactly."""
    identity = model.pack.identity
    if not any(measure.answers for measure in model.pack.measures.measures):
        return
    start = identity.effective_from or identity.issued
    try:
        env = build_environment(model.pack, model.scope, year=start.year if start else 2000)
        compile_plan(model, env)
        for measure in model.pack.measures.measures:
            if measure.checks and not measure.computable:
                compile_plan(model, env, None, [measure.id])
    except EvaluationError as error:
        item = next((f for f in model.derived.values() if _mentions(error, f)), None)
        place = model.pack.place(item) if item else model.pack.place(identity)
        fix = "把除法留到金额公式的最后一步"
        yield Problem("not-available", place, str(error), fix, item.clause if item else "")


def _mentions(error: EvaluationError, fact: schema.DerivedFact) -> bool:
    return f"“{fact.id}”" in str(error) or f"“{fact.term}”" in str(error)
