"""What the applicant says about an invoice line, and what the bureau confirms of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.services.move_application import note
from jigai.funding.invoices.items import ensure_items
from jigai.funding.invoices.suspects import find_suspects
from jigai.funding.models import Application, InvoiceLine
from jigai.funding.selectors import lines_for

STATE, CONFIRM = ("application.apply", "funding.import"), "application.review"
# While it is out for review or later, what it rests on is not changed under it.
_SEALED = ("submitted", "review", "reviewed", "proposed", "decided", "public", "held", "cleared",
           "paying", "paid", "recovering")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """Yes, no, or nobody said (``None``); numbers as written."""

    second_hand: bool | None = None
    related_party: bool | None = None
    leased: bool | None = None
    customs_no: str = ""
    serial: str = ""


def state_line(*, line: int, said: Statement, by: User, access: Access) -> InvoiceLine:
    """Record what is said about a line. Raises :class:`JigaiError` while an application that counts
    it is under review: then it is for the bureau to ask for a correction."""
    if not any(access.can(capability) for capability in STATE):
        access.require(STATE[0])
    with transaction.atomic():
        row = _held(line, access)
        if access.can("application.apply") and _applied(row).exists():
            raise JigaiError(
                "line-under-review", "这张发票所在的申报正在办理，不能改说明",
                "需要更正的，请审核单位发起补正",
            )  # fmt: skip
        row.second_hand, row.related_party = said.second_hand, said.related_party
        row.leased = said.leased
        row.lease_confirmed = row.lease_confirmed if said.leased else None
        row.customs_no, row.serial = said.customs_no.strip()[:40], said.serial.strip()[:80]
        row.save()
        ensure_items(InvoiceLine.objects.filter(pk=row.pk))
        find_suspects([row.pk])
        _outdate(row, "发票说明有改动", by)
    return row


def confirm_lease(*, line: int, counts: bool, by: User, access: Access) -> InvoiceLine:
    """Whether a leased machine counts, as the review found. Raises :class:`JigaiError` for a line
    nobody called leased."""
    access.require(CONFIRM)
    with transaction.atomic():
        row = _held(line, access)
        if not row.leased:
            raise JigaiError("not-leased", "这张发票没有填为融资租赁", "先补充说明，再核定")
        row.lease_confirmed = counts
        row.save()
        _outdate(row, f"融资租赁核定为{'可计入' if counts else '不计入'}", by)
    return row


def _held(line: int, access: Access) -> InvoiceLine:
    seen = lines_for(access).filter(pk=line).values("pk")
    row = InvoiceLine.objects.select_for_update(of=("self",)).filter(pk__in=seen).first()
    if row is None:
        raise JigaiError("unknown-line", "没有这张发票", "回到列表重新打开")
    return row


def _applied(row: InvoiceLine) -> QuerySet[Application]:
    return Application.objects.filter(lines__line=row, state__in=_SEALED)


def _outdate(row: InvoiceLine, text: str, by: User) -> None:
    """Amounts that rest on the line are to be worked out anew."""
    told = f"发票 {row.invoice_no or row.item}：{text}，金额须重算"[:300]
    for application in _applied(row).exclude(state="submitted").order_by("pk"):
        application.stale = told
        application.version += 1
        application.save(update_fields=["stale", "version"])
        note(application=application, text=told, by=by)
