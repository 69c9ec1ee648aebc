"""Somebody reports a charge, with or without signing in; the office answers."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.evidence.store import store_evidence
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with
from jigai.registers.access import EDIT, covers
from jigai.registers.entry_values import prepare_one
from jigai.registers.lifecycle import CHANGE
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.record_event import record
from jigai.registers.special.charges import against_list, plain
from jigai.registers.special.report_links import handling_of, report_filed
from jigai.registers.special.stored_charges import REPORTS, charges_listed

PENDING, CONFIRMED, UNFOUNDED, REFUNDED = "pending", "confirmed", "unfounded", "refunded"
STATES = {PENDING: "待核查", CONFIRMED: "属实", UNFOUNDED: "不属实", REFUNDED: "已退还"}
# What the handling may lead to from each state.
NEXT: dict[str, tuple[str, ...]] = {
    PENDING: (CONFIRMED, UNFOUNDED), CONFIRMED: (REFUNDED,), UNFOUNDED: (), REFUNDED: (),
}  # fmt: skip
# Anybody may report without signing in: a flood is stopped here, a county never has so many a day.
MOST_A_DAY = 200
_ORIGIN = "public:charge-report"
_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def report_charge(
    *, values: Mapping[str, Any], by: User | None = None, evidence: UploadedFile | None = None
) -> Entry:
    """Take a report; the list of the day of payment is held against it at once.

    ``values`` are those of the register ``charge-reports`` but for number, state and answer;
    ``evidence`` is a picture or a copy of the receipt. Raises
    :class:`JigaiError` for values that do not fit, a receipt reported before, a day of payment yet
    to come, or more reports than anybody could check in a day.
    """
    register = register_by_code(REPORTS)
    given = {**values, "number": _number(), "state": PENDING}
    row = prepare_one(register, given)
    paid, today = dt.date.fromisoformat(row.values["paid"]), timezone.localdate()
    if paid > today:
        raise JigaiError("report-day", f"缴费日期 {paid} 还没有到", "核对缴费日期")
    row.values["list_says"] = against_list(
        charges_listed(), row.values["charge"], paid, row.region_code
    )
    with transaction.atomic():
        Register.objects.select_for_update().get(pk=register.pk)
        _refuse_again(register, row.values)
        # Counted under the lock, so that many at once do not slip through.
        if Entry.objects.filter(register=register, starts=today).count() >= MOST_A_DAY:
            raise JigaiError(
                "report-flood", "今天收到的举报太多，暂时不能再收", "明天再来，或直接联系工信部门"
            )
        if evidence is not None:
            row.values["evidence"] = _keep(evidence, row.region_code, by)
        admission = Admission(row, today, None, f"票据号 {row.values['receipt']}")
        entry = admit_entries(
            register=register, admissions=[admission], by=by, reason="收到举报", origin=_ORIGIN
        )[0]
        report_filed(entry, by)
        transaction.on_commit(lambda: _tell_office(entry))
    return entry


def _keep(evidence: UploadedFile, region: str, by: User | None) -> dict[str, Any]:
    """Store a file and name it as a field of an entry does."""
    kept = store_evidence(
        stream=evidence.file, name=evidence.name or "票据", owner=by, region_code=region,
        source="涉企收费举报",
    )  # fmt: skip
    return {"id": kept.pk, "name": kept.name}


def _number() -> str:
    """A number nobody can guess: it opens the answer to whoever knows it."""
    return "".join(secrets.choice(_SIGNS) for _ in range(12))


def _refuse_again(register: Register, values: Mapping[str, Any]) -> None:
    same = Entry.objects.filter(
        register=register, values__receipt=values["receipt"], values__paid=values["paid"]
    )
    for entry in same:
        if plain(entry.values["charge"]) == plain(values["charge"]):
            raise JigaiError(
                "report-twice",
                f"票据 {values['receipt']} 的“{values['charge']}”已有人举报，正在办理",
                "凭原来的回执号查结果；是另一笔收费的，核对票据号",
            )  # fmt: skip


def _tell_office(entry: Entry) -> None:
    for person in people_with(EDIT, entry.region_code):
        send_notice(
            user=person, event="charge-reported", title=f"收到涉企收费举报：{entry.title}",
            body=entry.values.get("list_says") or "", url=reverse("charge-report", args=[entry.pk]),
        )  # fmt: skip


def answer_report(
    *, entry: int, state: str, answer: str, by: User, access: Access, refunded: int | None = None,
    document: str = "", version: int | None = None,
) -> Entry:  # fmt: skip
    """Record what became of a report. ``refunded`` in fen, for 已退还 only.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a step that does not follow from
    the present state, no answer, a refund without amount or above what was paid, a report changed
    since ``version``.
    """
    access.require(EDIT)
    with transaction.atomic():
        found = Entry.objects.select_for_update(of=("self",)).select_related(
            "register__current"
        ).get(pk=entry, register__code=REPORTS)  # fmt: skip
        if not covers(access, EDIT, found.region_code):
            raise Denied("out-of-reach", "这件举报不在您的数据权限之内", "请联系所在地经办人")
        if version is not None and version != found.version:
            raise JigaiError(
                "entry-changed", "这件举报刚被别人办理过", "刷新页面，看过新的内容再办"
            )
        _refuse_elsewhere(found)
        _check_step(found, state, answer, refunded)
        values = {**found.values, "state": state, "answer": answer.strip()}
        if refunded is not None:
            values["refunded"] = refunded
        record(
            entry=found, kind=CHANGE, effective=timezone.localdate(), by=by, values=values,
            reason=f"{STATES[state]}：{answer.strip()}", document=document,
        )  # fmt: skip
    return found


def settle_report(
    *, entry: int, state: str, answer: str, by: User | None, refunded: int | None = None,
    document: str = "",
) -> Entry:  # fmt: skip
    """Write down what came of a report that was handled as a matter elsewhere (``document``).

    Whoever calls has checked who may. Raises :class:`JigaiError` without an answer, and for a
    refund above what was paid.
    """
    with transaction.atomic():
        rows = Entry.objects.select_for_update(of=("self",)).select_related("register__current")
        found = rows.get(pk=entry, register__code=REPORTS)
        if not answer.strip():
            raise JigaiError("no-answer", "没有写答复", "写明核查的情况和依据，举报人能看到")
        if refunded and refunded > found.values["amount"]:
            raise JigaiError("refund-more", "退还金额大于所缴金额", "核对金额")
        values = {**found.values, "state": state, "answer": answer.strip()}
        if refunded:
            values["refunded"] = refunded
        record(
            entry=found, kind=CHANGE, effective=timezone.localdate(), by=by, values=values,
            reason=f"{STATES[state]}：{answer.strip()}"[:400], document=document,
        )  # fmt: skip
    return found


def _refuse_elsewhere(found: Entry) -> None:
    handling = handling_of(found)
    if handling is not None:
        raise JigaiError(
            "report-in-case", f"这件举报作为办件 {handling.number} 办理（{handling.word}）",
            "在办件里登记结论和答复，办结后自动写回这里",
        )  # fmt: skip


def _check_step(found: Entry, state: str, answer: str, refunded: int | None) -> None:
    now = found.values["state"]
    if state not in NEXT[now]:
        allowed = "、".join(STATES[one] for one in NEXT[now]) or "没有下一步，已办结"
        raise JigaiError(
            "report-step",
            f"这件举报{STATES[now]}，不能改成{STATES.get(state, state)}",
            f"可以办：{allowed}",
        )
    if not answer.strip():
        raise JigaiError("no-answer", "没有写答复", "写明核查的情况和依据，举报人凭回执号能看到")
    if state == REFUNDED and not refunded:
        raise JigaiError("no-refund", "没有写退还金额", "填写实际退还的金额")
    if state != REFUNDED and refunded:
        raise JigaiError("no-refund", "只有“已退还”才填退还金额", "先核查属实，退还后再登记")
    if refunded and refunded > found.values["amount"]:
        raise JigaiError("refund-more", "退还金额大于所缴金额", "核对金额")


def report_of(number: str) -> Entry | None:
    """The report of a number, as its holder may ask for it."""
    wanted = number.strip().upper()
    return Entry.objects.filter(
        register__code=REPORTS, key=wanted.casefold(), state=Entry.State.LISTED
    ).first()  # fmt: skip
