"""Anybody objects to a row of a running notice: a case begins and that row waits, no other."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.cases.models import Case
from jigai.cases.services.file_complaint import ANONYMOUS, throttle
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import move
from jigai.funding.models import Application, Objection, Publicity, PublicityLine
from jigai.funding.publicity.receipts import new_receipt

CODE = "publicity-objection"
ABOUT = "publicity-line:"
Line: Any = PublicityLine.State
S: Any = Application.State


def file_objection(
    *, line: int, told: str, nonce: str, address: str | None, name: str = "", contact: str = "",
    trap: str = "",
) -> Case:  # fmt: skip
    """Begin the case, hold the row; the same form sent again gives the first case.

    ``address`` is where it comes from and is counted. Raises :class:`JigaiError` for a notice that
    is over, nothing told, a filled trap, or too many an hour.
    """
    if trap.strip():
        raise JigaiError("trapped", "有一栏应当空着却填了内容", "清空“请勿填写”一栏后再提交")
    if not told.strip():
        raise JigaiError("no-words", "没有写异议的事实和理由", "写清哪里不符、依据是什么")
    key = f"{CODE}:{_number(nonce)}"
    with transaction.atomic():
        # One after the other, so that the same form sent twice finds the first.
        row = held_line(line)
        before = Case.objects.filter(key=key).first()
        if before is not None:
            return before
        if address is not None:
            throttle(address, "异议")
        _require_running(row)
        case = _begin(row, key, told, name, contact)
        Objection.objects.create(line=row, case=case)
        _hold(row, case)
    return case


def held_line(pk: int) -> PublicityLine:
    """A row, held with its notice (the notice first, like whoever ends it).

    Raises :class:`JigaiError` for a row that does not exist.
    """
    notice = PublicityLine.objects.filter(pk=pk).values_list("publicity", flat=True).first()
    if notice is None:
        raise JigaiError("unknown-line", "公示里没有这一行", "从公示页面重新选")
    held = Publicity.objects.select_for_update(of=("self",)).get(pk=notice)
    row = PublicityLine.objects.select_for_update(of=("self",)).get(pk=pk)
    row.publicity = held
    return row


def _require_running(row: PublicityLine) -> None:
    notice, today = row.publicity, timezone.localdate()
    running = notice.state == Publicity.State.RUNNING
    if not running or not notice.starts_on <= today <= notice.ends_on:
        raise JigaiError(
            "notice-over",
            "公示期不在进行中，这里不能再提异议",
            f"可直接向受理单位反映：{notice.contact}",
        )
    if row.state not in (Line.RUNNING, Line.HELD):
        raise JigaiError("line-over", f"这一行{row.get_state_display()}", "看新的公示")


def _begin(row: PublicityLine, key: str, told: str, name: str, contact: str) -> Case:
    notice = row.publicity
    case = open_case(
        procedure=own_procedure(CODE), by=None, region=notice.region_code[:6], key=key,
        title=f"公示异议：{row.name} {row.title}"[:200],
        values={
            "heading": f"{row.name} {row.title}"[:200], "notice": notice.number,
            "amount": f"{formats.yuan(row.amount_fen)}元".replace(",", ""), "told": told.strip(),
        },
    )  # fmt: skip
    case.about, case.receipt = f"{ABOUT}{row.pk}", new_receipt()
    case.applicant_name = name.strip()[:100] or ANONYMOUS
    case.applicant_contact = contact.strip()[:100]
    case.save(update_fields=["about", "receipt", "applicant_name", "applicant_contact"])
    return case


def _hold(row: PublicityLine, case: Case) -> None:
    if row.state == Line.HELD:
        return
    row.state = Line.HELD
    row.save(update_fields=["state"])
    application = Application.objects.select_for_update(of=("self",)).get(pk=row.application_id)
    move(
        application=application, to=S.HELD, by=None,
        text=f"公示期收到异议，办件 {case.number}，答复前暂停",
    )  # fmt: skip


def _number(nonce: str) -> uuid.UUID:
    try:
        return uuid.UUID(nonce)
    except ValueError:
        raise JigaiError("bad-nonce", "这个表单已失效", "请刷新页面后重新填写") from None
