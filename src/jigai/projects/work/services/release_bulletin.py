"""送审、退回、印发、作废: a bulletin goes out by the hand of another than who made it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.documents.issue import issue_document
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with, reaches
from jigai.projects.models import Bulletin
from jigai.projects.work.bulletin_figures import again, digest
from jigai.projects.work.bulletin_word import KIND, context_of_bulletin, template_of
from jigai.projects.work.services.make_bulletin import MAKE, RELEASE, Status

EVENT = "project-bulletin"


def _held(bulletin: int, seen: int, access: Access, capability: str) -> Bulletin:
    access.require(capability)
    row = Bulletin.objects.select_for_update(of=("self",)).select_related("created_by").get(
        pk=bulletin
    )  # fmt: skip
    if not reaches(access, capability, row.region_code):
        raise Denied("out-of-reach", "这份通报不在您的数据权限之内", "请联系起草的部门")
    if row.version != seen:
        raise JigaiError("changed", "这份通报刚有人办过，您的还没有保存", "刷新后再办")
    return row


def _require(row: Bulletin, *states: str) -> None:
    if row.status not in states:
        raise JigaiError("bulletin-state", f"通报{row.get_status_display()}，不能办", "刷新页面")


def _move(row: Bulletin, status: str, **fields: Any) -> Bulletin:
    row.status = status
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    return row


def submit_bulletin(*, bulletin: int, seen: int, by: User, access: Access) -> Bulletin:
    """送审."""
    with transaction.atomic():
        row = _held(bulletin, seen, access, MAKE)
        _require(row, Status.DRAFT)
        _move(row, Status.REVIEW, reason="")
        transaction.on_commit(
            lambda: _tell(row, "待印发", people_with(RELEASE, row.region_code), by)
        )
    return row


def return_bulletin(*, bulletin: int, seen: int, reason: str, by: User, access: Access) -> Bulletin:
    """退回 to whoever made it, with the reason."""
    if not reason.strip():
        raise JigaiError("no-reason", "没有写退回原因", "写明要改什么")
    with transaction.atomic():
        row = _held(bulletin, seen, access, RELEASE)
        _require(row, Status.REVIEW)
        _move(row, Status.DRAFT, reason=reason.strip())
        transaction.on_commit(lambda: _tell(row, "退回", [row.created_by], by))
    return row


def void_bulletin(*, bulletin: int, seen: int, reason: str, by: User, access: Access) -> Bulletin:
    """作废. A draft by whoever may make one, a released one by whoever may release; it stays
    readable, marked as void."""
    if not reason.strip():
        raise JigaiError("no-reason", "没有写作废原因", "写明为什么")
    with transaction.atomic():
        first = Bulletin.objects.get(pk=bulletin)
        capability = RELEASE if first.status == Status.RELEASED else MAKE
        row = _held(bulletin, seen, access, capability)
        if row.status == Status.VOID:
            raise JigaiError("bulletin-state", "通报已经作废", "刷新页面")
        return _move(row, Status.VOID, reason=reason.strip())


def release_bulletin(*, bulletin: int, seen: int, by: User, access: Access) -> Bulletin:
    """印发: printed to Word with a check code, from what was frozen.

    Raises :class:`JigaiError` where the same person made it, or where what is stored no longer
    gives the figures in it.
    """
    with transaction.atomic():
        row = _held(bulletin, seen, access, RELEASE)
        _require(row, Status.REVIEW)
        if row.created_by_id == by.pk:
            raise JigaiError("own-bulletin", "自己起草的通报不能自己印发", "请另一人审核印发")
        if not holds(row):
            raise JigaiError(
                "bulletin-altered", "存下的数与快照算出来的不一样，不能印发", "作废后重新生成"
            )
        paper = issue_document(
            kind=KIND, title=row.content["title"], number=f"第 {row.number} 期",
            context=context_of_bulletin(row.content), object_kind="bulletin", object_key=row.pk,
            by=by, region_code=row.region_code, template=template_of(row.region_code),
            public_summary=[("通报", row.content["title"]), ("期号", f"第 {row.number} 期")],
            url=reverse("bulletin-detail", args=[row.pk]),
        )  # fmt: skip
        _move(row, Status.RELEASED, document=paper, released_by=by, released_at=timezone.now())
        transaction.on_commit(lambda: _tell(row, "已印发", [row.created_by], by))
    return row


def unaltered(row: Bulletin) -> bool:
    """Whether what is stored is what was stored when it was made."""
    return digest(row.content) == row.root_hash


def holds(row: Bulletin) -> bool:
    """Whether it is unaltered and its snapshot still gives the figures, by today's program."""
    found = again(row.content)
    same = all(row.content[name] == found[name] for name in ("total", "lines", "tables"))
    return same and unaltered(row)


def _tell(row: Bulletin, word: str, people: list[User], by: User) -> None:
    for person in people:
        if person.pk != by.pk:
            send_notice(
                user=person, event=EVENT, title=f"调度通报{word}：{row.content['title']}",
                body=row.reason, url=reverse("bulletin-detail", args=[row.pk]),
            )  # fmt: skip
