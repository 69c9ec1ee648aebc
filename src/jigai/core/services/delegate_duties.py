"""Lets another person act while one is away."""

from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access.duties import in_force
from jigai.core.access.grants import Access, Denied
from jigai.core.access.people import clashes
from jigai.core.models.access import Assignment, Delegation, Role
from jigai.core.models.user import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError

LONGEST = timedelta(days=180)


def delegate_duties(
    *, by: Access, taker: User, starts: datetime, ends: datetime, reason: str
) -> Delegation:
    """From ``starts`` (included) to ``ends`` (not included) the taker acts with one's own duties.

    Only one's own duties pass on, not those one was given by others: chains end after one step.
    Raises ``JigaiError`` where the two may not stand in for each other or the span makes no sense.
    """
    giver = by.user
    if giver is None:
        raise Denied("denied", "请先登录")
    _check_span(starts, ends)
    with transaction.atomic(), pghistory.context(reason=reason):
        User.objects.select_for_update().get(pk=giver.pk)
        _check_taker(giver, taker)
        _check_overlap(giver, taker, starts, ends)
        row = Delegation.objects.create(
            giver=giver, taker=taker, starts=starts, ends=ends, reason=reason
        )
        send_notice(
            user=taker, event="delegation", title=f"{giver} 委托您代行职责",
            body=f"{_span(row)}。事由：{reason}", url=reverse("delegation-list"),
        )  # fmt: skip
    return row


def revoke_delegation(*, by: Access, delegation: Delegation) -> Delegation:
    """End a delegation now. The giver, the taker, or nobody else.

    Raises ``JigaiError`` where it is over already.
    """
    with transaction.atomic(), pghistory.context(reason="撤销委托"):
        row = Delegation.objects.select_for_update().get(pk=delegation.pk)
        if by.user is None or by.user.pk not in (row.giver_id, row.taker_id):
            raise Denied("out-of-reach", "这份委托与您无关")
        if row.revoked_at or row.ends <= timezone.now():
            raise JigaiError("delegation-over", "这份委托已经结束")
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])
        other = row.taker if by.user.pk == row.giver_id else row.giver
        send_notice(
            user=other, event="delegation", title=f"{by.user} 撤销了职责委托",
            body=_span(row), url=reverse("delegation-list"),
        )  # fmt: skip
    return row


def _check_span(starts: datetime, ends: datetime) -> None:
    if ends <= starts:
        raise JigaiError("delegation-span", "委托的结束时间不晚于开始时间", "请改正时间")
    if ends <= timezone.now():
        raise JigaiError("delegation-span", "委托的结束时间已经过去", "请改正时间")
    if ends - starts > LONGEST:
        raise JigaiError("delegation-span", f"一次委托不超过 {LONGEST.days} 天", "请分次办理")


def _check_taker(giver: User, taker: User) -> None:
    if taker.pk == giver.pk:
        raise JigaiError("delegation-self", "不能委托给自己")
    if not taker.is_active:
        raise JigaiError("delegation-taker", f"“{taker}”的账号已停用")
    own, theirs = _held(giver), _held(taker)
    if not own:
        raise JigaiError("delegation-empty", "您现在没有可以委托的授权")
    for duty in own:
        if not any(_same_house(duty, other) for other in theirs):
            raise JigaiError(
                "delegation-taker",
                "只能委托给同一方的人员：主管部门之间、同一企业或同一机构之内",
            )
    both = [name for duty in (*own, *theirs) for name in duty.role.capabilities]
    if clashes(both):
        raise JigaiError("duty-clash", "管理账号与角色的职责不能委托给查看企业数据的人，反之亦然")


def _held(user: User) -> list[Assignment]:
    return list(Assignment.objects.filter(in_force(), user=user).select_related("role"))


def _same_house(duty: Assignment, other: Assignment) -> bool:
    if duty.enterprise_id or duty.institution_id:
        same_enterprise = duty.enterprise_id == other.enterprise_id
        return same_enterprise and duty.institution_id == other.institution_id
    return other.role.side in (Role.Side.BUREAU, Role.Side.PLATFORM)


def _check_overlap(giver: User, taker: User, starts: datetime, ends: datetime) -> None:
    same = Delegation.objects.filter(
        giver=giver, taker=taker, revoked_at__isnull=True, starts__lt=ends, ends__gt=starts
    )
    if same.exists():
        raise JigaiError("delegation-twice", "这段时间里您已经委托给同一个人", "请先撤销原委托")


def _span(row: Delegation) -> str:
    form = "%Y-%m-%d %H:%M"
    starts, ends = timezone.localtime(row.starts), timezone.localtime(row.ends)
    return f"{starts.strftime(form)} 至 {ends.strftime(form)}"
