"""Records that one document takes the place of another from a day on; takes such a record back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.document_keys import document_key
from jigai.policies.models import PackVersion, Succession
from jigai.policies.proposals import CAPABILITY
from jigai.policies.standing import current_version
from jigai.policies.successions import in_use, installed


def register_succession(
    *,
    old_number: str,
    old_title: str,
    old_issued: dt.date | None,
    new_slug: str,
    new_number: str,
    new_title: str,
    since: dt.date,
    basis: str,
    note: str,
    by: User,
    access: Access,
) -> Succession:
    """Record the replacement. The new document is an installed one (``new_slug``), or named.

    Raises :class:`Denied` for a document of another region and :class:`JigaiError` for a document
    that is not named, replaces itself or what replaced it, or begins before the old one.
    """
    access.require(CAPABILITY)
    version = current_version(new_slug) if new_slug else None
    old = installed(old_number, old_title)
    for held in (version, old):
        if held is not None and not reaches(access, CAPABILITY, held.region_code, slug=held.slug):
            raise Denied("out-of-reach", "这份文件不由您所在的地区执行，不能登记替代")
    if version is not None:
        new_number, new_title = version.number or "", version.title
    old_key = document_key(old_number or old_title)
    new_key = document_key(new_number or new_title)
    if not old_key or not new_key:
        raise JigaiError("not-named", "新旧两份文件都要写文号或标题", "没有文号的写标题")
    _check_day(since, old_issued, version)
    with transaction.atomic():
        # One at a time, so that no circle is closed from both ends.
        list(Succession.objects.select_for_update().values_list("pk", flat=True))
        _check_chain(old_key, new_key)
        return Succession.objects.create(
            old_number=old_number.strip(), old_title=old_title.strip(), old_issued=old_issued,
            old_key=old_key, new_slug=new_slug, new_number=new_number, new_title=new_title,
            new_issued=version.issued if version else None, new_key=new_key, since=since,
            basis=basis.strip(), note=note.strip(), recorded_by=by,
        )  # fmt: skip


def _check_day(since: dt.date, old_issued: dt.date | None, new: PackVersion | None) -> None:
    if old_issued is not None and since < old_issued:
        raise JigaiError(
            "before-old", f"替代起日 {since} 早于旧文件的成文日期 {old_issued}", "核对两个日期"
        )
    if new is not None and new.status == "draft":
        raise JigaiError("draft", "征求意见稿不能替代正式文件", "定稿后再登记")
    if new is not None and new.issued is not None and since < new.issued:
        raise JigaiError(
            "retroactive",
            f"替代起日 {since} 早于新文件的成文日期 {new.issued}",
            "印发之前的日子按旧文件；计划期更早的，写在说明里",
        )


def _check_chain(old_key: str, new_key: str) -> None:
    if old_key == new_key:
        raise JigaiError("itself", "一份文件不能替代自己", "核对文号")
    rows = list(in_use().values_list("old_key", "new_key", "new_number", "new_title"))
    if any((old, new) == (old_key, new_key) for old, new, _number, _title in rows):
        raise JigaiError("known", "这一对替代关系已经登记", "在列表里查看，有误的先撤回")
    onward = {old: new for old, new, _number, _title in rows}
    held = onward.get(old_key)
    if held is not None:
        raise JigaiError(
            "already-replaced", "旧文件已登记由另一份文件替代", "有误的先撤回那一条，再登记"
        )
    step: str | None = new_key
    while step is not None:
        if step == old_key:
            raise JigaiError("circle", "登记后会互相替代，绕成一圈", "核对谁替代谁")
        step = onward.get(step)


def withdraw_succession(*, succession: int, because: str, by: User, access: Access) -> Succession:
    """Take a record back; it stays on file. What a pack states is changed with the pack only."""
    access.require(CAPABILITY)
    with transaction.atomic():
        row = Succession.objects.select_for_update().get(pk=succession)
        if row.from_pack:
            raise JigaiError("from-pack", "数据包载明的替代不能在这里撤回", "安装改正后的数据包")
        if row.withdrawn_at is not None:
            raise JigaiError("withdrawn", "这一条已经撤回", "刷新页面查看")
        if row.recorded_by_id != by.pk and not _reached(row, access):
            raise Denied("out-of-reach", "这份文件不由您所在的地区执行")
        row.withdrawn_at, row.withdrawn_because = timezone.now(), because[:200]
        row.save(update_fields=["withdrawn_at", "withdrawn_because"])
    return row


def _reached(row: Succession, access: Access) -> bool:
    held = installed(row.new_number, row.new_title, row.new_slug)
    return held is not None and reaches(access, CAPABILITY, held.region_code, slug=held.slug)
