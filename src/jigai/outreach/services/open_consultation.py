"""A second person lets the public see a draft, or gives it more time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pghistory
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.outreach import rounds
from jigai.outreach.consultation_drafts import text_of
from jigai.outreach.consultation_selectors import MANAGE, may_manage
from jigai.outreach.models import Consultation
from jigai.policies.addressees import people_with, reaches

Status: Any = Consultation.Status


def open_consultation(*, consultation: int, by: User, access: Access) -> Consultation:
    """Make a prepared consultation public; its dates say when comments are taken.

    Raises :class:`Denied` for whoever prepared it, and :class:`JigaiError` for one that is open
    already, whose period is over, or whose text has changed.
    """
    with transaction.atomic():
        found = locked(consultation, access)
        if found.status != Status.DRAFT:
            raise JigaiError(
                "not-a-draft", f"这件征求意见{found.get_status_display()}", "刷新页面查看状态"
            )
        four_eyes(found, by, access, {found.created_by_id}, "拟稿人不能自己批准公开")
        if found.period_to < timezone.localdate():
            raise JigaiError(
                "period-over", f"公开期 {formats.day(found.period_to)} 已过", "另拟一次，改公开期"
            )
        _same_text(found)
        found.status, found.opened_by, found.opened_at = Status.OPEN, by, timezone.now()
        found.version += 1
        found.save()
        rounds.moved(found, "opened", by)
        transaction.on_commit(lambda: _tell(found))
    return found


def extend_consultation(
    *, consultation: int, period_to: dt.date, reason: str, by: User, access: Access
) -> Consultation:
    """Give more time; never less, for people rely on the announced day."""
    with transaction.atomic(), pghistory.context(reason=reason.strip()[:200]):
        found = locked(consultation, access)
        if found.status != Status.OPEN:
            raise JigaiError("not-open", "只有公开中的可以延期", "刷新页面查看状态")
        if period_to <= found.period_to:
            raise JigaiError(
                "not-later", f"新的截止日要晚于 {formats.day(found.period_to)}", "公开期只能延长"
            )
        if not reason.strip():
            raise JigaiError("no-reason", "没有写延期理由", "写明为什么延期")
        found.period_to = period_to
        found.version += 1
        found.save()
        rounds.moved(found, "extended", by)
    return found


def locked(consultation: int, access: Access) -> Consultation:
    """The row under lock, if the person may organise it. Raises ``Denied`` otherwise."""
    rounds.hold(consultation)
    found = Consultation.objects.select_for_update().get(pk=consultation)
    return may_manage(access, found)


def four_eyes(
    item: Consultation, by: User, access: Access, authors: set[int], sentence: str
) -> None:
    """Raises :class:`Denied` for an author, and for whoever acts with the rights of one."""
    hint = "请同一单位的另一位有权限的人批准"
    if by.pk in authors:
        raise Denied("same-person", sentence, hint)
    for author in User.objects.filter(pk__in=authors).order_by("id"):
        if not reaches(access, MANAGE, item.region_code, slug=item.slug, without=str(author)):
            raise Denied("same-person", f"{sentence}，受其委托代行的也不能", hint)


def _same_text(item: Consultation) -> None:
    if item.draft is not None and not item.draft.is_current:
        raise JigaiError("draft-replaced", "草案已经换了版本", "对现在的版本另拟一次")
    text_of(item)


def _tell(item: Consultation) -> None:
    for person in people_with("consultation.comment", item.region_code, item.slug):
        send_notice(
            user=person,
            event="consultation-opened",
            title=f"征求意见：{item.title}",
            body=f"{formats.day(item.period_from)} 至 {formats.day(item.period_to)} 可以提意见",
            url=reverse("consultation-detail", args=[item.pk]),
        )
