"""A credit record is disclosed, used, repaired or objected to; the record itself stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.policies.addressees import people_with
from jigai.registers.access import APPLY, APPROVE, EDIT, covers
from jigai.registers.entry_values import prepare_one
from jigai.registers.lifecycle import CHANGE, REMOVE
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.record_event import record as write_event
from jigai.registers.special.credit import (
    GRANTED,
    OBJECTION,
    PENDING,
    REFUSED,
    REPAIR,
    check_repair,
    disclosed_until,
)
from jigai.registers.special.stored_credit import (
    DISCLOSURES,
    RECORDS,
    REQUESTS,
    USES,
    disclosures_of,
    is_disclosed,
    kind_of,
)

WORDS = {REPAIR: "信用修复", OBJECTION: "异议"}


def disclose_record(
    *, record: int, by: User, access: Access, unit: str, basis: str
) -> Entry:  # fmt: skip
    """Disclose a record from today until the term of its kind is over.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a record disclosed before, one
    whose term is over already, or without ``unit`` or ``basis``.
    """
    access.require(APPROVE)
    if not unit.strip() or not basis.strip():
        raise JigaiError("no-basis", "披露要写单位和依据", "写明披露单位和文件依据")
    register = register_by_code(DISCLOSURES)
    with transaction.atomic():
        found = _locked(record)
        _reach(found, access, APPROVE)
        before = disclosures_of([record]).get(record)
        if before is not None:
            raise JigaiError("disclosed-before", "这条记录披露过，不能再次披露", "查看披露的经过")
        kind, today = kind_of(found), timezone.localdate()
        until = disclosed_until(found.values, kind, today)
        if until is not None and until < today:
            raise JigaiError("disclosure-over", f"披露期限 {until} 已过，不能再披露", "只保存记录")
        row = prepare_one(register, {
            "enterprise": found.values["enterprise"], "type": kind["name"],
            "record": {"id": found.pk, "name": found.title}, "nature": kind["nature"],
            "standing": kind["standing"], "disclosed_by": unit.strip(), "basis": basis.strip(),
            "until": until.isoformat() if until else None,
        })  # fmt: skip
        admission = Admission(row, today, None, basis.strip())
        return admit_entries(register=register, admissions=[admission], by=by, reason="披露")[0]


def use_record(
    *, record: int, by: User, access: Access, used_by: str, purpose: str, basis: str,
    until: dt.date | None = None,
) -> Entry:  # fmt: skip
    """Note that a record is used. Raises :class:`Denied` out of reach and :class:`JigaiError` for
    one that is not disclosed (any more), or a term that ends before today."""
    access.require(EDIT)
    register, today = register_by_code(USES), timezone.localdate()
    with transaction.atomic():
        found = _locked(record)
        _reach(found, access, EDIT)
        if not is_disclosed(disclosures_of([record]).get(record), today):
            raise JigaiError("not-disclosed", "这条记录今天没有在披露，不能使用", "查看披露的经过")
        if until is not None and until < today:
            raise JigaiError("use-until", f"使用期限 {until} 已过", "核对日期")
        row = prepare_one(register, {
            **_whose(found), "used_by": used_by, "purpose": purpose, "basis": basis,
            "used_on": today.isoformat(), "until": until.isoformat() if until else None,
            "turn": _turn(register, record),
        })  # fmt: skip
        admission = Admission(row, today, None, basis)
        return admit_entries(register=register, admissions=[admission], by=by, reason="使用")[0]


def ask_about_record(*, record: int, kind: str, said: str, by: User, access: Access) -> Entry:
    """The enterprise asks for repair or objects.

    Raises :class:`Denied` for anybody else and :class:`JigaiError` while another request about the
    record waits, without a reason, and for repair of what is not disclosed.
    """
    register, today = register_by_code(REQUESTS), timezone.localdate()
    with transaction.atomic():
        found = _locked(record)
        mine = {g.enterprise_id for g in access.granting(APPLY) if g.enterprise_id}
        if found.enterprise_id is None or found.enterprise_id not in mine:
            raise Denied("not-own-record", "只有记录所属的企业可以申请", "请由该企业的经办人办理")
        if not said.strip():
            raise JigaiError("no-reason", "没有写理由", "写明怎样纠正的，或哪里不对")
        same = Entry.objects.filter(register=register, values__record__id=record)
        if same.filter(values__state=PENDING).exists():
            raise JigaiError("already-pending", "这条记录已有一件待决定", "等它决定以后再提出")
        if kind == REPAIR and not is_disclosed(disclosures_of([record]).get(record), today):
            raise JigaiError("not-disclosed", "这条记录没有在披露，不用修复", "查看披露的经过")
        row = prepare_one(register, {
            **_whose(found), "about": found.title, "kind": kind, "said": said.strip(),
            "asked_on": today.isoformat(), "state": PENDING, "turn": _turn(register, record),
        })  # fmt: skip
        admission = Admission(row, today, None, "企业申请")
        made = admit_entries(register=register, admissions=[admission], by=by, reason="提出")[0]
        transaction.on_commit(lambda: _tell_office(found, kind))
    return made


def decide_request(
    *, request: int, state: str, answer: str, by: User, access: Access, document: str = "",
    version: int | None = None,
) -> Entry:  # fmt: skip
    """Grant or refuse. Granted, disclosure ends today and the record stays with what was decided.

    Raises :class:`Denied` out of reach and :class:`JigaiError` once decided, without a reason, for
    a repair before the shortest term is over, or a request changed since ``version``.
    """
    access.require(APPROVE)
    with transaction.atomic():
        found = _locked(request, REQUESTS)
        _reach(found, access, APPROVE)
        if version is not None and version != found.version:
            raise JigaiError("entry-changed", "这件申请刚被别人办理过", "刷新页面，看过再办")
        if found.values["state"] != PENDING or state not in (GRANTED, REFUSED):
            raise JigaiError("decided-before", "这件申请已经决定", "刷新页面查看结果")
        if not answer.strip():
            raise JigaiError("no-answer", "没有写决定的理由", "写明理由，企业看得到")
        today = timezone.localdate()
        told = f"{WORDS[found.values['kind']]}{'准予' if state == GRANTED else '不予'}"
        if state == GRANTED:
            _stop(found, told, document, by, today)
        values = {**found.values, "state": state, "answer": answer.strip(),
                  "decided_on": today.isoformat()}  # fmt: skip
        if document.strip():
            values["document"] = document.strip()
        write_event(entry=found, kind=CHANGE, effective=today, by=by, values=values,
                    reason=f"{told}：{answer.strip()}", document=document)  # fmt: skip
        transaction.on_commit(lambda: _tell_asker(found, told))
    return found


def _stop(found: Entry, told: str, document: str, by: User, today: dt.date) -> None:
    """End the disclosure; the record keeps its place and says why."""
    record = _locked(found.values["record"]["id"])
    disclosure = disclosures_of([record.pk]).get(record.pk)
    if is_disclosed(disclosure, today) and disclosure is not None:
        if found.values["kind"] == REPAIR:
            check_repair(kind_of(record), disclosure.starts, today)
        shown = _locked(disclosure.pk, DISCLOSURES)
        write_event(entry=shown, kind=REMOVE, effective=today, by=by, reason=told,
                    document=document)  # fmt: skip
    write_event(entry=record, kind=CHANGE, effective=today, by=by, values=record.values,
                reason=f"{told}，停止披露，记录保存", document=document)  # fmt: skip


def _locked(pk: int, code: str = RECORDS) -> Entry:
    rows = Entry.objects.select_for_update(of=("self",)).select_related("register__current")
    found = rows.filter(pk=pk, register__code=code, state=Entry.State.LISTED).first()
    if found is None:
        raise JigaiError("no-record", "没有这条记录，或还没有审核入册", "从列表重新打开")
    return found


def _reach(found: Entry, access: Access, capability: str) -> None:
    if not covers(access, capability, found.region_code):
        raise Denied("out-of-reach", "这条记录不在您的数据权限之内", "请联系所在地的信用主管部门")


def _whose(found: Entry) -> dict[str, Any]:
    return {"record": {"id": found.pk, "name": found.title},
            "enterprise": found.values["enterprise"]}  # fmt: skip


def _turn(register: Register, record: int) -> str:
    """Rows about one record are told apart by number; the record's row is locked meanwhile."""
    rows = Entry.objects.filter(register=register, values__record__id=record)
    return f"{record}-{rows.count() + 1}"


def _tell_office(found: Entry, kind: str) -> None:
    for person in people_with(APPROVE, found.region_code):
        send_notice(
            user=person, event="credit-asked", title=f"收到{WORDS[kind]}申请：{found.title}",
            url=reverse("credit-record", args=[found.pk]),
        )  # fmt: skip


def _tell_asker(found: Entry, told: str) -> None:
    if found.created_by is not None:
        send_notice(
            user=found.created_by, event="credit-decided", title=f"{told}：{found.title}",
            body=found.values.get("answer") or "",
            url=reverse("credit-record", args=[found.values["record"]["id"]]),
        )  # fmt: skip
