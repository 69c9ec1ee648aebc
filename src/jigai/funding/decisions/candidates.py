"""Which applications of a round can stand on a list, in which order, and why others cannot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Sum

from jigai.funding.decisions.shares import Wanted
from jigai.funding.models import Application, Round
from jigai.funding.review.readiness import PAYABLE

State: Any = Application.State
_COLUMNS = ("id", "measure", "enterprise__name", "reviewed_fen", "directions", "score",
            "submitted_at", "measure__places")  # fmt: skip


@dataclass(slots=True)
class Candidates:
    """What a list is made from: names by application, what each asks for, and who found no place
    among the limited number of a measure (by application, in words)."""

    names: dict[int, str] = field(default_factory=dict)
    wanted: list[Wanted] = field(default_factory=list)
    full: dict[int, str] = field(default_factory=dict)

    @property
    def asked(self) -> int:
        """Sum of the reviewed amounts, in fen."""
        return sum(one.fen for one in self.wanted)


def candidates(round_: Round) -> Candidates:
    """Reviewed applications whose amount stands; two queries, whatever their number."""
    rows = Application.objects.filter(PAYABLE, round=round_, state=State.REVIEWED)
    found = Candidates()
    by_measure: dict[int, list[Wanted]] = defaultdict(list)
    places: dict[int, int | None] = {}
    ranks = _ranks(round_.priorities)
    compete = round_.mode == Round.Mode.COMPETE
    for pk, measure, name, fen, directions, score, at, limit in rows.order_by("id").values_list(
        *_COLUMNS
    ):
        best = min((ranks[d] for d in directions if d in ranks), default=len(ranks))
        first = (-(score or 0),) if compete else ()
        moment = at.isoformat() if at else "9999"
        by_measure[measure].append(Wanted(pk, fen, (*first, best, moment)))
        found.names[pk], places[measure] = name, limit
    for measure, wanted in by_measure.items():
        _seat(found, wanted, places[measure])
    found.wanted.sort(key=lambda one: (one.rank, one.key))
    return found


def _seat(found: Candidates, wanted: list[Wanted], places: int | None) -> None:
    ordered = sorted(wanted, key=lambda one: (one.rank, one.key))
    limit = len(ordered) if places is None else places
    found.wanted += ordered[:limit]
    for place, one in enumerate(ordered[limit:], start=limit + 1):
        found.full[one.key] = f"名额 {places} 个，排第 {place} 位"


def _ranks(priorities: Iterable[Any]) -> dict[str, int]:
    """The place of each direction; given by code, or as an object with one."""
    codes = [
        str(one.get("code") or one.get("id") or one.get("name")) if isinstance(one, dict) else one
        for one in priorities
    ]
    return {code: place for place, code in enumerate(codes)}


def left_out(round_: Round) -> list[tuple[str, int]]:
    """Live applications that are not on the list, counted by why."""
    rows = Application.objects.filter(round=round_)
    reviewed = Q(state=State.REVIEWED)
    counts = rows.aggregate(
        n_waiting=Count("pk", filter=Q(state__in=("submitted", "correction", "review"))),
        n_stale=Count("pk", filter=reviewed & ~Q(stale="")),
        n_open=Count("pk", filter=reviewed & Q(stale="") & Q(reviewed_fen__isnull=True)),
        n_none=Count(
            "pk", filter=reviewed & Q(stale="") & ~PAYABLE & Q(reviewed_fen__isnull=False)
        ),
    )
    words = {
        "n_waiting": "还在受理、补正或审核", "n_stale": "待重算",
        "n_open": "缺数据或未定，没有金额",
        "n_none": "测算不符合或金额为零",
    }  # fmt: skip
    return [(words[name], number) for name, number in counts.items() if number]


def pending_elsewhere(round_: Round) -> tuple[int, int]:
    """Lists of the same special fund that wait for approval: how many, and fen together."""
    from jigai.funding.models import DecisionList

    rows = DecisionList.objects.filter(round__programme=round_.programme_id, state="submitted")
    told = rows.aggregate(number=Count("pk"), fen=Sum("total_fen"))
    return told["number"], told["fen"] or 0
