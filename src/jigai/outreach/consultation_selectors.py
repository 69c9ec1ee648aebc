"""Reads of consultations, cut down to what a person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet

from jigai.core.access import Access, Reach, check, scoped
from jigai.outreach.models import Consultation, ConsultationAnswer, ConsultationComment

Verdict: Any = ConsultationAnswer.Verdict
CONSULTATIONS = Reach(region="region_code", owner="created_by", programme="slug")
COMMENTS = Reach(
    region="consultation__region_code",
    owner="consultation__created_by",
    programme="consultation__slug",
)
MANAGE = "consultation.manage"
# Nobody outside has seen these.
UNOPENED = (Consultation.Status.DRAFT, Consultation.Status.DROPPED)


def managed(access: Access) -> QuerySet[Consultation]:
    """Those a person may organise."""
    return scoped(_with_texts(), access, MANAGE, CONSULTATIONS)


def visible(access: Access) -> QuerySet[Consultation]:
    """Opened ones are for everybody; one that is being prepared only for its own place."""
    own = scoped(Consultation.objects.all(), access, MANAGE, CONSULTATIONS).values("pk")
    return _with_texts().filter(~Q(status__in=UNOPENED) | Q(pk__in=own))


def opened() -> QuerySet[Consultation]:
    """What the public may see."""
    return _with_texts().exclude(status__in=UNOPENED)


def inbox(access: Access) -> QuerySet[ConsultationComment]:
    """Comments with the names of who wrote them: for those who answer."""
    rows = ConsultationComment.objects.select_related("consultation", "answer")
    return scoped(rows, access, MANAGE, COMMENTS)


def may_manage(access: Access, item: Consultation) -> Consultation:
    """The consultation itself. Raises ``Denied`` (shown as 404) out of reach."""
    return check(item, access, MANAGE, CONSULTATIONS)


def _with_texts() -> QuerySet[Consultation]:
    rows = Consultation.objects.select_related("draft", "proposal", "final", "created_by")
    return rows.defer("draft__files", "proposal__files", "final__files")


@dataclass(slots=True)
class Sums:
    """Comments on one clause (or all): received = hidden + answered by verdict + waiting."""

    clause: str = ""
    heading: str = ""
    received: int = 0
    hidden: int = 0
    waiting: int = 0
    by_verdict: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Verdict.values, 0))

    @property
    def public(self) -> int:
        """What is not hidden."""
        return self.received - self.hidden

    @property
    def counts(self) -> list[int]:
        """By verdict in the order of :class:`Verdict`."""
        return list(self.by_verdict.values())

    @property
    def reconciled(self) -> bool:
        """Whether every public comment stands under exactly one answer."""
        return self.public == sum(self.counts) and not self.waiting


def sums_of(item: Consultation, headings: dict[str, str]) -> list[Sums]:
    """Sums by clause in the order of the document, whole-text comments first; one query."""
    hidden = ~Q(hidden_reason="")
    rows = (
        ConsultationComment.objects.filter(consultation=item)
        .order_by()
        .values_list("clause", "answer__verdict")
        .annotate(all=Count("pk"), hidden=Count("pk", filter=hidden))
    )
    found: dict[str, Sums] = {}
    for clause, verdict, count, out in rows:
        sums = found.setdefault(clause, Sums(clause, headings.get(clause, "")))
        sums.received += count
        sums.hidden += out
        if verdict:
            sums.by_verdict[verdict] += count
        else:
            sums.waiting += count - out
    order = ["", *headings]
    return sorted(found.values(), key=lambda row: order.index(row.clause))


def total_of(rows: Sequence[Sums]) -> Sums:
    """All clauses together."""
    total = Sums(heading="合计")
    for row in rows:
        total.received += row.received
        total.hidden += row.hidden
        total.waiting += row.waiting
        for verdict, count in row.by_verdict.items():
            total.by_verdict[verdict] += count
    return total


def answers_of(item: Consultation) -> QuerySet[ConsultationAnswer]:
    """Answers with how many comments stand under each."""
    rows = ConsultationAnswer.objects.filter(consultation=item)
    return rows.annotate(count=Count("comments")).order_by("clause", "id")


def waiting(item: Consultation, clause: str | None = None) -> QuerySet[ConsultationComment]:
    """Comments that are neither answered nor hidden."""
    rows = ConsultationComment.objects.filter(
        consultation=item, answer__isnull=True, hidden_reason=""
    )
    return (rows if clause is None else rows.filter(clause=clause)).order_by("id")
