"""Thresholds a little lower: who would qualify if one of them were a fifth less."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from types import SimpleNamespace

from jigai.rules.binding import Environment, ParameterValue
from jigai.rules.expr import MONEY_TYPE, Node
from jigai.rules.model import Model
from jigai.rules.thresholds import threshold_tests
from jigai.rules.wording import gap as money_gap
from jigai.rules.wording import value_text

_LEAST = (">", ">=")


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a row is off a threshold: in words, and in hundredths of a per cent of it."""

    text: str
    share: int | None


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold: what is compared (a column, where it has one) with what."""

    name: str
    left: Node
    limit: ParameterValue
    comparator: str

    @property
    def column(self) -> str:
        """The column that holds the left side; empty for a calculation without one."""
        return str(self.left.value) if self.left.op == "term" else ""

    def gap(self, value: Fraction | None) -> Gap | None:
        """The distance of a value; ``None`` for one that reaches the threshold."""
        if value is None:
            return Gap(f"{self.name}（{self.limit.text}）差不到两成", None)
        limit = Fraction(self.limit.value)
        if value > limit or (value == limit and self.comparator == ">="):
            return None
        share = int((limit - value) / limit * 10_000)
        if self.left.type == MONEY_TYPE:
            short = f"还差 {money_gap(int(limit - value) + (self.comparator == '>'))}"
        elif value == limit:
            short = "恰为此数，须超过"
        else:
            short = f"还差 {value_text(self.left.type, limit - value)}"
        return Gap(f"{short}（{self.name} {self.limit.text}）", share)


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The run with some thresholds lower, and which they are."""

    env: Environment
    tests: tuple[Threshold, ...]


def relaxations(model: Model, env: Environment, measure: str, per_cent: int) -> Iterator[Relaxed]:
    """Each threshold of a measure lowered by so many per cent by itself, then all of them at once.

    The lowered threshold must be exceeded, so that a gap of exactly so much is not included.
    """
    found = list(_tests(model, env, measure))
    names = dict.fromkeys(test.limit.id for test in found)
    groups = [(name,) for name in names] + ([tuple(names)] if len(names) > 1 else [])
    for group in groups:
        lowered = {
            name: replace(limit, value=Fraction(limit.value) * (100 - per_cent) / 100,
                          comparator=">", family=None)
            for name in group
            if (limit := env.parameters[name])
        }  # fmt: skip
        changed = replace(env, parameters={**env.parameters, **lowered})
        yield Relaxed(changed, tuple(test for test in found if test.limit.id in group))


def _tests(model: Model, env: Environment, measure: str) -> Iterator[Threshold]:
    """Thresholds to be reached that the measure asks, each once."""
    when = model.formulas.get(("measure", measure, "when"))
    if when is None:
        return
    seen: set[tuple[str, str]] = set()
    for node in threshold_tests(SimpleNamespace(model=model, env=env), when):
        limit, left = env.parameters[node.value], node.args[0]
        comparator, place = env.comparator(limit), (limit.id, repr(left))
        if not isinstance(limit.value, Fraction) or comparator not in _LEAST or place in seen:
            continue
        seen.add(place)
        yield Threshold(model.parameters[limit.id].name, left, limit, comparator)
