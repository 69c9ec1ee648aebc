"""What a version changed against the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery

from jigai.funding.models import DecisionLine, DecisionList


@dataclass(frozen=True, slots=True)
class Change:
    """One line whose amount is another: fen before and now; ``None`` where it did not stand."""

    name: str
    number: str
    before: int | None
    now: int | None
    words: str


def before_of(decision_list: DecisionList) -> DecisionList | None:
    """The version to compare with: the one it follows, else the last of the round."""
    if decision_list.follows is not None:
        return decision_list.follows
    rows = DecisionList.objects.filter(round=decision_list.round_id)
    return rows.filter(number__lt=decision_list.number).order_by("-number").first()


def changes_of(decision_list: DecisionList, most: int = 200) -> list[Change]:
    """Lines that are new, gone or have another amount, at most ``most``; two queries."""
    before = before_of(decision_list)
    if before is None:
        return []
    now_there, then = _joined(decision_list, before), _joined(before, decision_list)
    fresh = now_there.filter(Q(other__isnull=True) | ~Q(other=F("decided_fen")))
    gone = then.filter(other__isnull=True)
    found = [Change(r.name, r.application.number, r.other, r.decided_fen, r.remark)
             for r in fresh.order_by("place")[:most]]  # fmt: skip
    found += [Change(r.name, r.application.number, r.decided_fen, None, "不在这一版名单里")
              for r in gone.order_by("place")[: most - len(found)]]  # fmt: skip
    return found


def _joined(of: DecisionList, against: DecisionList):  # type: ignore[no-untyped-def]
    same = DecisionLine.objects.filter(decision_list=against, application=OuterRef("application"))
    rows = DecisionLine.objects.filter(decision_list=of).select_related("application")
    return rows.annotate(other=Subquery(same.values("decided_fen")[:1]))
