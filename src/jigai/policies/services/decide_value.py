"""A second person approves or refuses a proposed value; the proposer may take it back."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.policies.models import ParameterDecision
from jigai.policies.open_parameters import check_open, check_value
from jigai.policies.standing import current_version

Status = ParameterDecision.Status


def decide_value(
    *, decision: int, approve: bool, by: User, access: Access, note: str = ""
) -> ParameterDecision:
    """Approve (evaluations as of its date or later take it) or refuse with a reason.

    Raises :class:`Denied` for the proposer, for whoever acts with the proposer's rights, and
    outside one's region; :class:`JigaiError` for a proposal already decided, a refusal without
    reason, a value the document has come to state, or a second value for the same day.
    """
    access.require("parameter.approve")
    with transaction.atomic():
        found = _open(decision)
        _four_eyes(found, by, access)
        if approve:
            _check(found)
        elif not note.strip():
            raise JigaiError("no-reason", "不批准须写明理由", "在意见里写清")
        found.status = Status.APPROVED if approve else Status.REFUSED
        found.decided_by, found.decided_at = by, timezone.now()
        found.note = note.strip()
        found.version += 1
        found.save()
        transaction.on_commit(lambda: _tell(found))
    return found


def withdraw_value(*, decision: int, by: User) -> ParameterDecision:
    """The proposer takes back a value nobody has decided on.

    Raises :class:`Denied` for anybody else and :class:`JigaiError` once it is decided.
    """
    with transaction.atomic():
        found = _open(decision)
        if found.proposed_by_id != by.pk:
            raise Denied("not-the-proposer", "只有提出人可以撤销")
        found.status = Status.WITHDRAWN
        found.version += 1
        found.save(update_fields=["status", "version"])
    return found


def _open(decision: int) -> ParameterDecision:
    rows = ParameterDecision.objects.select_for_update(of=("self",)).select_related("proposed_by")
    found = rows.get(pk=decision)
    if found.status != Status.PROPOSED:
        raise JigaiError(
            "already-decided", f"这项取值{found.get_status_display()}", "刷新页面查看结果"
        )
    return found


def _four_eyes(found: ParameterDecision, by: User, access: Access) -> None:
    if found.proposed_by_id == by.pk:
        raise Denied("four-eyes", "提出人不能批准自己提出的取值", "请另一位有批准权限的人处理")
    region, proposer = found.region_code, str(found.proposed_by)
    if reaches(access, "parameter.approve", region, slug=found.slug, without=proposer):
        return
    if reaches(access, "parameter.approve", region, slug=found.slug):
        raise Denied("four-eyes", "您是受提出人委托代行批准，等于提出人自己批准", "请另一位处理")
    raise Denied("out-of-reach", "这份文件不在您的管理范围之内")


def _check(found: ParameterDecision) -> None:
    version = current_version(found.slug)
    declared = check_open(version, found.parameter, found.value, found.source)
    check_value(version, declared, found.value)
    same = ParameterDecision.objects.filter(
        slug=found.slug,
        parameter=found.parameter,
        valid_from=found.valid_from,
        status=Status.APPROVED,
    ).first()
    if same is not None:
        raise JigaiError(
            "same-day",
            f"“{found.name}”自 {found.valid_from} 起已批准为 {same.value}",
            "要改变取值，另提一个更晚的生效日",
        )


def _tell(found: ParameterDecision) -> None:
    send_notice(
        user=found.proposed_by,
        event="parameter-decided",
        title=f"{found.get_status_display()}：{found.name}＝{found.value}",
        body=found.note,
        url=reverse("parameter-detail", args=[found.slug, found.parameter]),
    )
