"""Two year's ends of one library side by side: what moved between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from jigai.errors import JigaiError
from jigai.projects.library.codes import Outcome
from jigai.projects.models import RollOver, RollOverLine

_STAYED = (Outcome.KEPT, Outcome.ADDED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One project that does not stand alike in both. ``then`` and ``now`` are words."""

    number: str
    project: int
    then: str
    now: str


@dataclass(slots=True)
class Comparison:
    """``carried`` stood after the first and before the second; ``left`` and ``came`` between."""

    first: RollOver
    second: RollOver
    carried: int = 0
    left: list[Difference] = field(default_factory=list)
    came: list[Difference] = field(default_factory=list)
    changed: list[Difference] = field(default_factory=list)

    @property
    def adds_up(self) -> bool:
        """After the first, less who left, plus who came, is before the second."""
        return self.first.after - len(self.left) + len(self.came) == self.second.before


def compare(first: RollOver, second: RollOver) -> Comparison:
    """The earlier one first whatever the order given; two queries.

    Raises :class:`JigaiError` for two libraries.
    """
    if (first.region_code, first.level) != (second.region_code, second.level):
        raise JigaiError("two-libraries", "不是同一个库的两次结转", "选同一地区、同一级的两次")
    if first.year > second.year:
        first, second = second, first
    found = Comparison(first, second)
    then, now = _lines(first), _lines(second)
    for number, line in then.items():
        stayed = line.outcome in _STAYED
        other = now.get(number)
        inside = other is not None and other.outcome != Outcome.ADDED
        if stayed and not inside:
            found.left.append(_told(line, other))
        elif stayed and other is not None:
            found.carried += 1
            if (line.state, line.outcome) != (other.state, other.outcome):
                found.changed.append(_told(line, other))
    for number, line in now.items():
        before = then.get(number)
        was = before is not None and before.outcome in _STAYED
        if line.outcome != Outcome.ADDED and not was:
            found.came.append(_told(before, line))
    return found


def _lines(rollover: RollOver) -> dict[str, RollOverLine]:
    return {line.number: line for line in rollover.lines.order_by("number", "id")}


def _told(then: RollOverLine | None, now: RollOverLine | None) -> Difference:
    known = then or now
    assert known is not None
    return Difference(known.number, known.project_id, _words(then), _words(now))


def _words(line: RollOverLine | None) -> str:
    return f"{line.get_outcome_display()}（{line.reason}）" if line else "不在库"
