"""From the right to be let off a charge to what really happened at the counter."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from jigai.cases.models import Case
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.access import Access, Denied
from jigai.core.documents import issue_document, letter
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.core.selectors_regions import names_of_regions
from jigai.errors import JigaiError
from jigai.funding.awards.waivers.access import APPEAL, APPROVE, MANAGE, waivers_for
from jigai.funding.awards.waivers.rules import due_on, policy_for
from jigai.funding.models import FeeWaiver
from jigai.policies.addressees import reaches
from jigai.projects.models import Project

_State = FeeWaiver.State


def match_waivers(
    *, project: int, direction: str, day: dt.date, by: User, access: Access
) -> list[FeeWaiver]:
    """Match a project of an encouraged direction with the charges it is let off on a day.

    ``direction`` is the entry of the list of directions it falls under, as reviewed. Matching again
    adds only what is new. Raises :class:`Denied` out of reach and :class:`JigaiError` where no
    document in force waives charges here, no direction is named, or no list of charges is settled:
    what is not listed is not free.
    """
    found = Project.objects.select_related("enterprise").get(pk=project)
    if not reaches(access, MANAGE, found.region_code):
        raise Denied("out-of-reach", "这个项目不在您的数据权限之内", "请联系项目所在地的部门")
    if not direction.strip():
        raise JigaiError("no-direction", "没有写符合哪条鼓励方向", "写清鼓励方向清单的条目")
    if found.enterprise is None:
        raise JigaiError("no-enterprise", "项目没有对应到企业", "先在名录里对应企业")
    policy, due = policy_for(found.region_code, day), due_on(found.region_code, day)
    if policy is None:
        raise JigaiError("no-policy", "这一天没有生效的免征文件", "核对日期和已装入的文件")
    if not due.free:
        names = "、".join(rule.name for rule in due.unsettled) or "没有规则"
        raise JigaiError(
            "list-unsettled", f"免收清单未定（{names}），没有列入的不算免",
            "由财政、发展改革部门在“涉企收费减免规则”里定下收费项目",
        )  # fmt: skip
    version, measure = policy
    FeeWaiver.objects.bulk_create(
        [
            FeeWaiver(
                region_code=found.region_code, project=found, enterprise=found.enterprise,
                pack=version.slug, clause=measure.clause, charge=charge, created_by=by,
                basis={"rule": rule.name, "source": rule.source, "direction": direction.strip(),
                       "day": day.isoformat(), "full": rule.full},
            )
            for charge, rule in due.free
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    return list(FeeWaiver.objects.filter(project=found, pack=version.slug).order_by("id"))


def certify(*, waiver: int, by: User, access: Access) -> FeeWaiver:
    """Issue the certificate to show at the counter; another person than who matched.

    Raises :class:`Denied` out of reach and :class:`JigaiError` where it was issued before or for
    the person who matched.
    """
    with transaction.atomic():
        found = _held(waiver, access, APPROVE)
        if found.state != _State.MATCHED:
            raise JigaiError("certified", f"这项{found.get_state_display()}", "刷新页面查看")
        if found.created_by_id == by.pk:
            raise JigaiError("same-person", "匹配和出具证明须由两个人办理", "请另一位同事办理")
        place = names_of_regions([found.region_code]).get(found.region_code, found.region_code)
        found.document = issue_document(
            kind="fee-waiver", title="建设类收费免征证明", number="",
            context=letter(
                addressee="各收费单位：",
                paragraphs=[
                    f"{found.enterprise.name}的“{found.project.name}”符合鼓励方向"
                    f"“{found.basis['direction']}”，按{found.basis['source']}，"
                    f"{'免征' if found.basis['full'] else '减征'}{found.charge}。",
                    "请按规定办理；仍收取的，企业可凭缴费票据申诉。",
                ],
                organ=f"{place}工业和信息化部门", closing="特此证明。",
            ),
            object_kind="fee-waiver", object_key=found.pk, by=by, region_code=found.region_code,
            enterprise=found.enterprise,
            public_summary=[("收费项目", found.charge), ("条款", found.clause)],
            url=reverse("waiver-detail", args=[found.pk]),
        )  # fmt: skip
        found.state = _State.CERTIFIED
        return _saved(found, "document", "state")


def record_charge(
    *, waiver: int, charged_fen: int, on: dt.date, unit: str, by: User, access: Access,
    due_fen: int | None = None,
) -> FeeWaiver:  # fmt: skip
    """What the counter charged: nothing (let off), or something all the same (not carried out).

    The enterprise or the office records it. Raises :class:`Denied` out of reach and
    :class:`JigaiError` before the certificate and after an appeal.
    """
    with transaction.atomic():
        found = _held(waiver, access, MANAGE, APPEAL)
        if found.state not in (_State.CERTIFIED, _State.WAIVED, _State.CHARGED):
            raise JigaiError("not-certified", f"这项{found.get_state_display()}", "出具证明后再记")
        if due_fen is not None and charged_fen > due_fen:
            raise JigaiError("above-due", "收取的超过应缴的", "核对两个金额")
        found.charged_fen, found.checked_on, found.unit = charged_fen, on, unit.strip()
        found.due_fen = due_fen
        found.state = _State.CHARGED if charged_fen else _State.WAIVED
        return _saved(found, "charged_fen", "checked_on", "unit", "due_fen", "state")


def appeal(*, waiver: int, told: str, by: User, access: Access) -> Case:
    """Appeal against a charge that should not have been: a case of the complaint desk.

    Raises :class:`Denied` out of reach and :class:`JigaiError` where nothing was charged or it is
    under way already.
    """
    with transaction.atomic():
        found = _held(waiver, access, MANAGE, APPEAL)
        if found.state != _State.CHARGED or not found.charged_fen:
            raise JigaiError("nothing-charged", f"这项{found.get_state_display()}", "先记实际收取")
        case = open_case(
            procedure=own_procedure("complaint"), by=by, region=found.region_code,
            key=f"fee-waiver:{found.pk}", title=f"应免仍收：{found.charge}", firm=found.enterprise,
            values={
                "subject": "waived", "heading": f"应免仍收：{found.charge}",
                "target": found.unit or "收费单位", "firm": found.enterprise.name,
                "amount": found.charged_fen, "happened": str(found.checked_on),
                "told": told.strip()
                or f"已出具免征证明，仍收 {formats.yuan(found.charged_fen)} 元",
            },
        )  # fmt: skip
        found.case, found.state = case, _State.APPEALED
        _saved(found, "case", "state")
    return case


def settle_appeal(
    *, waiver: int, refunded_fen: int, note: str, by: User, access: Access
) -> FeeWaiver:
    """How the appeal ended: refunded, in part or whole, or rejected with a reason.

    Raises :class:`Denied` out of reach and :class:`JigaiError` without an appeal, for more than
    was charged, and for a rejection without a reason.
    """
    with transaction.atomic():
        found = _held(waiver, access, APPROVE)
        if found.state != _State.APPEALED:
            raise JigaiError("not-appealed", f"这项{found.get_state_display()}", "刷新页面查看")
        if refunded_fen > (found.charged_fen or 0):
            raise JigaiError("above-charged", "退还的超过收取的", "核对金额")
        if not refunded_fen and not note.strip():
            raise JigaiError("no-reason", "不退还要写明理由", "写清依据")
        found.refunded_fen, found.note = refunded_fen, note.strip()
        found.state = _State.REFUNDED if refunded_fen else _State.REJECTED
        return _saved(found, "refunded_fen", "note", "state")


def _held(pk: int, access: Access, *capabilities: str) -> FeeWaiver:
    """The waiver, locked, where one of the capabilities reaches it. Raises :class:`Denied`."""
    for capability in capabilities:
        if access.can(capability) and waivers_for(access, capability).filter(pk=pk).exists():
            rows = FeeWaiver.objects.select_related("project", "enterprise")
            return rows.select_for_update(of=("self",)).get(pk=pk)
    raise Denied("out-of-reach", "这条记录不在您的数据权限之内", "请联系项目所在地的部门")


def _saved(found: FeeWaiver, *fields: str) -> FeeWaiver:
    found.version += 1
    found.save(update_fields=[*fields, "version"])
    return found
