"""Whether what was sent may still be used today, and what to use instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jigai.outreach.models import Delivery, Distribution
from jigai.policies.models import PackVersion
from jigai.policies.policy_status import status_of
from jigai.rules.environment import Status

Standing: Any = Distribution.Standing


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a document stands: ``pack`` is the version to use instead, if there is one."""

    standing: Distribution.Standing
    reason: str = ""
    pack: PackVersion | None = None
    successor: Distribution | None = None

    @property
    def valid(self) -> bool:
        """Whether it may be used."""
        return self.standing == Standing.VALID

    @property
    def word(self) -> str:
        """The state in Chinese."""
        return str(self.standing.label)


def standing_on(sent: Distribution, day: date | None = None) -> Verdict:
    """The state of a distribution on a day (today). What was ended stays ended."""
    if sent.standing != Standing.VALID:
        return Verdict(
            Standing(sent.standing), sent.ended_reason, sent.successor_pack, sent.successor
        )
    on = day or timezone.localdate()
    return _replaced(sent) or _of_pack(sent, on) or Verdict(Standing.VALID)


def _replaced(sent: Distribution) -> Verdict | None:
    """By a later sending that says so, or by another document that does."""
    later = sent.revisions.filter(status=Distribution.Status.SENT).order_by("-id").first()
    if later is not None:
        told = f"由{_cited(later.title, later.number)}修订"
        return Verdict(Standing.REVISED, told, successor=later)
    by = _superseding(sent)
    if by is not None:
        return Verdict(Standing.SUPERSEDED, f"由{_cited(by.title, by.number or '')}替代", by)
    return None


def _superseding(sent: Distribution) -> PackVersion | None:
    """The installed document that names this one among those it replaces."""
    named = [text for text in (sent.number, sent.title, sent.slug) if text]
    current = PackVersion.objects.filter(is_current=True).exclude(status__in=("draft", "standard"))
    rows = current.filter(supersedes__overlap=named).defer("files")
    return rows.exclude(slug=sent.slug).order_by("-id").first() if named else None


def _of_pack(sent: Distribution, day: date) -> Verdict | None:
    """By what its own pack says now."""
    if sent.pack_id is None:
        return None
    now = PackVersion.objects.filter(slug=sent.slug, is_current=True).order_by("-id").first()
    if now is None:
        return None
    status, word = status_of(now, day)
    if status is Status.REPEALED:
        replaced = now.status == "superseded"
        return Verdict(Standing.SUPERSEDED if replaced else Standing.REPEALED, f"文件{word}")
    if now.pk != sent.pack_id:
        told = f"{timezone.localtime(now.installed_at):%Y-%m-%d} 换了版本"
        return Verdict(Standing.REVISED, told, now)
    if status is Status.EXPIRED:
        return Verdict(Standing.EXPIRED, f"有效期到 {now.valid_to}")
    return None


def _cited(title: str, number: str) -> str:
    return f"《{title}》" + (f"（{number}）" if number else "")


def instead_of(delivery: Delivery, verdict: Verdict) -> Delivery | None:
    """The same unit's delivery of the document to use instead, once it has been sent."""
    if verdict.successor is None:
        return None
    rows = Delivery.objects.filter(distribution=verdict.successor, name=delivery.name)
    return rows.select_related("distribution").first()


def with_verdicts(rows: list[Distribution]) -> dict[int, Verdict]:
    """Verdicts of a page of distributions: documents repeat, so each version is asked once."""
    known: dict[tuple[int | None, str, str], Verdict] = {}
    found = {}
    for row in rows:
        key = (row.pack_id, row.standing, "" if row.pack_id else str(row.pk))
        if row.standing != Standing.VALID or key not in known:
            known[key] = standing_on(row)
        found[row.pk] = known[key]
    return found


def unconfirmed(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Deliveries of ended documents whose addressee has not confirmed that it stopped using them;
    not those sent for the record when they were over already."""
    over = Q(distribution__ended_at=F("distribution__sent_at"))
    ended = rows.exclude(distribution__standing=Standing.VALID).exclude(over)
    return ended.filter(stopped_at__isnull=True)


def overdue(rows: QuerySet[Delivery], day: date) -> QuerySet[Delivery]:
    """Deliveries nobody has signed for although the last day is over."""
    late = Q(state=Delivery.State.UNSIGNED, distribution__due__lt=day)
    return rows.filter(late)
