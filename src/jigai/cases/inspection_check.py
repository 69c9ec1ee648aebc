"""A draw computed once more from what is stored, and what came of the picks."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from jigai.cases.flow.draw import Quota, draw, is_promised, list_hash, ranked, score
from jigai.cases.models import CaseStep, InspectionPick, InspectionPlan

OUTCOMES = {"clean": "未发现问题", "rectify": "责令改正", "transfer": "移送有权机关"}
OUTCOME_LOOKS = {"clean": "confirmed", "rectify": "warning", "transfer": "rejected"}
RECTIFY = "rectify"


@dataclass(frozen=True, slots=True)
class Recomputed:
    """``list_hash`` and ``keys`` as computed now; whether they are those published and drawn."""

    list_hash: str
    same_list: bool
    keys: tuple[str, ...]
    same_picks: bool
    promised: bool

    @property
    def holds(self) -> bool:
        """Whether everything agrees."""
        return self.same_list and self.same_picks and self.promised


def recompute(plan: InspectionPlan) -> Recomputed:
    """Hash the stored list and draw again with the stored seed."""
    people = list(plan.subjects.order_by("key").values_list("key", "stratum"))
    found = list_hash(people)
    drawn = plan.state == InspectionPlan.State.DRAWN
    quota = Quota(plan.number, plan.permille, plan.strata)
    keys = tuple(draw(plan.seed, people, quota)) if drawn else ()
    stored = tuple(plan.picks.order_by("place").values_list("subject__key", flat=True))
    promised = (
        plan.seed_kind != InspectionPlan.SeedKind.COMMIT
        or not drawn
        or is_promised(plan.seed, plan.commitment)
    )
    return Recomputed(found, found == plan.population_sha256, keys, keys == stored, promised)


def place_of(plan: InspectionPlan, key: str) -> dict[str, Any] | None:
    """Where a key stands: its hash, its rank in the list, whether it was drawn; ``None`` where it
    is not in the list."""
    wanted = key.strip()
    subject = plan.subjects.filter(key=wanted).first()
    if subject is None:
        return None
    found: dict[str, Any] = {"key": wanted, "score": "", "rank": None, "picked": False}
    if plan.state == InspectionPlan.State.DRAWN:
        order = ranked(plan.seed, plan.subjects.values_list("key", flat=True))
        found |= {"score": score(plan.seed, wanted), "rank": order.index(wanted) + 1,
                  "picked": InspectionPick.objects.filter(subject=subject).exists()}  # fmt: skip
    return found


def masked(text: str, head: int = 2, tail: int = 0) -> str:
    """The first and last characters, the rest as stars."""
    if len(text) <= head + tail:
        return text[:1] + "*" * (len(text) - 1)
    return text[:head] + "*" * min(6, len(text) - head - tail) + (text[-tail:] if tail else "")


@dataclass(frozen=True, slots=True)
class Results:
    """How far the picks are and what was found; ``overdue`` corrections are past their day."""

    picks: int
    done: int
    outcomes: tuple[tuple[str, int], ...]
    credit: int
    undone: int
    overdue: int


def results_of(plan: InspectionPlan, today: dt.date) -> Results:
    """Counts over the picks of a plan."""
    return results_by_plan([plan.pk], today)[plan.pk]


def results_by_plan(plans: Iterable[int], today: dt.date) -> dict[int, Results]:
    """Counts over the picks of several plans, in two queries."""
    wanted = list(plans)
    rows: dict[int, list[tuple[str, dict[str, Any]]]] = {pk: [] for pk in wanted}
    picks = InspectionPick.objects.filter(plan__in=wanted)
    for pk, state, values in picks.values_list("plan", "case__state", "case__values"):
        rows[pk].append((state, values))
    late = Counter(
        CaseStep.objects.filter(
            case__inspection__plan__in=wanted, code=RECTIFY, state=CaseStep.State.ACTIVE,
            due__lt=today,
        ).values_list("case__inspection__plan", flat=True)
    )  # fmt: skip
    return {pk: _results(rows[pk], late[pk]) for pk in wanted}


def _results(rows: list[tuple[str, dict[str, Any]]], overdue: int) -> Results:
    found = Counter(values.get("outcome") or "" for _state, values in rows)
    return Results(
        len(rows), sum(state == "done" for state, _values in rows),
        tuple((word, found[code]) for code, word in OUTCOMES.items()),
        sum(bool(values.get("to_credit")) for _state, values in rows),
        sum(values.get("rectified") == "undone" for _state, values in rows), overdue,
    )  # fmt: skip
