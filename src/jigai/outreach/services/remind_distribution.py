"""Tells addressees: of a new document, of one to stop using, of a receipt that is overdue."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.jobs import JobContext
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.outreach.distribution_people import SEND, distributions_for, people_of
from jigai.outreach.distribution_standing import Standing, overdue, unconfirmed
from jigai.outreach.models import Delivery, Distribution

RECEIVED, STOPPED, OVERDUE = "document-received", "document-stopped", "document-overdue"
_CHUNK = 100


def tell_addressees(sent: Distribution, context: JobContext | None = None) -> tuple[int, int]:
    """Tell everybody who has not been told: the number of units told, and of those without a
    person to tell. Doing it again tells nobody twice."""
    ended = _ended(sent)
    rows = sent.deliveries.filter(stopped_at__isnull=True) if ended else sent.deliveries
    column = "stop_told_at" if ended else "told_at"
    told = without = 0
    waiting = list(rows.filter(**{f"{column}__isnull": True}).order_by("id"))
    for start in range(0, len(waiting), _CHUNK):
        if context is not None:
            context.progress(f"已通知 {start} / {len(waiting)} 个单位", start / len(waiting))
        chunk = waiting[start : start + _CHUNK]
        reached = _tell(sent, chunk, column)
        told, without = told + reached, without + len(chunk) - reached
    return told, without


def _tell(sent: Distribution, chunk: Sequence[Delivery], column: str) -> int:
    people, reached = people_of(chunk), []
    with transaction.atomic():
        for row in chunk:
            for person in people[row.pk]:
                send_notice(user=person, **_message(sent, row, column))
            if people[row.pk]:
                reached.append(row.pk)
        Delivery.objects.filter(pk__in=reached).update(**{column: timezone.now()})
    return len(reached)


def _message(sent: Distribution, row: Delivery, column: str) -> dict[str, str]:
    url = reverse("delivery-detail", args=[row.pk])
    if column == "told_at":
        body = f"{row.get_kind_display()} {row.name}，请在 {sent.due} 前签收。{sent.note}"
        return {"event": RECEIVED, "title": f"收文：{sent.title}", "body": body, "url": url}
    word = sent.get_standing_display()
    body = f"{sent.ended_reason}。请停止使用原件，打开收文查看现行文件并确认停用。"
    return {"event": STOPPED, "title": f"停用：{sent.title}（{word}）", "body": body, "url": url}


def remind_distribution(*, distribution: int, access: Access) -> int:
    """Remind units that have not signed, or not confirmed the end; once a day. The number reminded.

    Raises :class:`JigaiError` for a second time in a day and when nobody is left to remind.
    """
    if not distributions_for(access, SEND).filter(pk=distribution).exists():
        raise Denied("out-of-reach", "这份发文不在您的数据权限之内")
    with transaction.atomic():
        sent = Distribution.objects.select_for_update(of=("self",)).get(pk=distribution)
        today = timezone.localdate()
        if sent.reminded_at and timezone.localdate(sent.reminded_at) == today:
            raise JigaiError("reminded-today", "今天已经催过", "明天再催")
        count = _remind(sent, still_owing(sent))
        if not count:
            raise JigaiError("nobody-to-remind", "没有能在平台上催的单位", "其余的线下催收")
        sent.reminded_at = timezone.now()
        sent.save(update_fields=["reminded_at"])
    return count


def still_owing(sent: Distribution) -> QuerySet[Delivery]:
    """Deliveries of a sending that wait for the addressee."""
    rows = Delivery.objects.filter(distribution=sent)
    if _ended(sent):
        return unconfirmed(rows)
    return rows.filter(state=Delivery.State.UNSIGNED)


def _ended(sent: Distribution) -> bool:
    """Whether it ended after it had been sent; what was over before is sent for the record."""
    return sent.standing != Standing.VALID and not sent.for_the_record


def _remind(sent: Distribution, rows: QuerySet[Delivery]) -> int:
    waiting = list(rows.order_by("id"))
    people, count = people_of(waiting), 0
    words = "请确认停用" if _ended(sent) else f"签收期限 {sent.due}"
    for row in waiting:
        for person in people[row.pk]:
            send_notice(
                user=person, event=OVERDUE, title=f"催收：{sent.title}", body=words,
                url=reverse("delivery-detail", args=[row.pk]),
            )  # fmt: skip
        count += bool(people[row.pk])
    return count


def remind_overdue() -> int:
    """Remind every unit that is late, once a working day; run by the clock."""
    today, count = timezone.localdate(), 0
    late = overdue(Delivery.objects.all(), today).values("distribution")
    rows = Distribution.objects.filter(
        pk__in=late, status=Distribution.Status.SENT, standing=Standing.VALID
    )
    for sent in rows.order_by("id"):
        with transaction.atomic():
            row = Distribution.objects.select_for_update(of=("self",)).get(pk=sent.pk)
            if row.reminded_at and timezone.localdate(row.reminded_at) == today:
                continue
            count += _remind(row, still_owing(row))
            row.reminded_at = timezone.now()
            row.save(update_fields=["reminded_at"])
    return count
