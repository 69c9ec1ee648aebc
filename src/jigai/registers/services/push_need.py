"""The office pushes a need to institutions; each signs for it and reports what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.access.duties import in_force
from jigai.core.models import Assignment, Institution, User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.registers.access import EDIT, covers
from jigai.registers.entry_values import prepare_one
from jigai.registers.lifecycle import CHANGE
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.record_event import record
from jigai.registers.special.financing import (
    ACCEPTED,
    CREDITED,
    LENT,
    PUSHED,
    RECEIVED,
    REFUSED,
    STATES,
    check_outcome,
)
from jigai.registers.special.stored_financing import (
    CONSENTS,
    PUSHES,
    consented_pairs,
    needs_today,
    pushes_to,
)

_DAYS = {ACCEPTED: "accepted_on", CREDITED: "credited_on", LENT: "lent_on", REFUSED: "refused_on"}


def push_need(*, need: int, institutions: Sequence[int], by: User, access: Access) -> list[Entry]:
    """Push a need to institutions its enterprise consented to; those that have it are left out.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for a need that does not hold, no
    institution, or one without consent: then none is pushed.
    """
    access.require(EDIT)
    register = register_by_code(PUSHES)
    with transaction.atomic():
        Register.objects.select_for_update().get(pk=register.pk)
        found = needs_today().filter(pk=need).first()
        if found is None:
            raise JigaiError("no-need", "这项需求不在有效期内，或还没有审核入册", "刷新页面")
        if not covers(access, EDIT, found.region_code):
            raise Denied("out-of-reach", "这项需求不在您的数据权限之内", "请联系所在地经办人")
        chosen = list(Institution.objects.filter(pk__in=institutions).order_by("pk"))
        if not chosen:
            raise JigaiError("no-institution", "没有选金融机构", "选一家或几家企业已同意的机构")
        _refuse_without_consent(found, chosen)
        new = [bank for bank in chosen if not _has(register, found, bank)]
        today = timezone.localdate()
        rows = [Admission(_row(register, found, bank), today, None, "平台推送") for bank in new]
        made = admit_entries(register=register, admissions=rows, by=by, reason="推送")
        transaction.on_commit(lambda: _tell(new))
    return made


def _refuse_without_consent(need: Entry, chosen: list[Institution]) -> None:
    consented = consented_pairs([need.pk])
    without = [bank.name for bank in chosen if (need.pk, str(bank.pk)) not in consented]
    if without:
        raise JigaiError(
            "no-consent", f"企业没有同意推送给{'、'.join(without)}", "请企业先在平台上授权"
        )


def _has(register: Register, need: Entry, bank: Institution) -> bool:
    return Entry.objects.filter(
        register=register, values__need__id=need.pk, values__institution_id=str(bank.pk)
    ).exists()


def _row(register: Register, need: Entry, bank: Institution) -> Any:
    return prepare_one(register, {
        "need": {"id": need.pk, "name": need.title}, "enterprise": need.values["enterprise"],
        "institution": bank.name, "institution_id": str(bank.pk), "state": PUSHED,
        "pushed_on": timezone.localdate().isoformat(),
    })  # fmt: skip


def _tell(banks: list[Institution]) -> None:
    """Those who act for the institutions; the notice says nothing of the enterprise."""
    held = Assignment.objects.filter(in_force(), institution__in=banks, user__is_active=True)
    people = User.objects.filter(pk__in=held.values("user")).order_by("id")
    for person in people:
        send_notice(
            user=person, event="financing-pushed", title="收到一项融资需求，请签收",
            body="签收后能看到全部内容，并回填结果", url=reverse("financing-desk"),
        )  # fmt: skip


def receive_push(*, push: int, by: User, access: Access) -> Entry:
    """The institution signs for a need. Raises :class:`Denied` where it may not see it (any more)
    and :class:`JigaiError` when it was signed for before."""
    with transaction.atomic():
        found = _locked(push, access)
        if found.values["state"] != PUSHED:
            raise JigaiError("received-before", "这项需求已经签收", "刷新页面")
        _write(found, by, "签收", {"state": RECEIVED, "received_on": _today()})
    return found


def report_outcome(
    *, push: int, state: str, by: User, access: Access, amount: int | None = None,
    reason: str = "", version: int | None = None,
) -> Entry:  # fmt: skip
    """What became of a need at the institution; ``amount`` in fen for 授信 and 放款.

    Raises :class:`Denied` where the institution may not see the need (any more) and
    :class:`JigaiError` for a step that does not follow, no amount or reason, or a push changed
    since ``version``.
    """
    with transaction.atomic():
        found = _locked(push, access)
        if version is not None and version != found.version:
            raise JigaiError("entry-changed", "这项需求刚被别人回填过", "刷新页面，看过再填")
        check_outcome(found.values, state, amount, reason)
        changes: dict[str, Any] = {"state": state, _DAYS[state]: _today()}
        if amount:
            changes[state] = amount
        if reason.strip():
            changes["reason"] = reason.strip()
        told = STATES[state] + (f"：{reason.strip()}" if reason.strip() else "")
        _write(found, by, told, changes)
        transaction.on_commit(lambda: _tell_enterprise(found))
    return found


def _locked(push: int, access: Access) -> Entry:
    # A consent withdrawn at this moment is either seen here or waits until this is done.
    Register.objects.select_for_update().get(code=CONSENTS)
    if push not in {row.pk for row in pushes_to(access)}:
        raise Denied("out-of-reach", "这项需求没有推送给您的机构，或企业已撤回同意")
    rows = Entry.objects.select_for_update(of=("self",)).select_related("register__current")
    return rows.get(pk=push)


def _today() -> str:
    return timezone.localdate().isoformat()


def _write(found: Entry, by: User, told: str, changes: dict[str, Any]) -> None:
    record(
        entry=found, kind=CHANGE, effective=timezone.localdate(), by=by, reason=told,
        values={**found.values, **changes},
    )  # fmt: skip


def _tell_enterprise(found: Entry) -> None:
    held = Assignment.objects.filter(
        in_force(), enterprise=found.enterprise_id, user__is_active=True
    )
    for person in User.objects.filter(pk__in=held.values("user")).order_by("id"):
        values = found.values
        send_notice(
            user=person, event="financing-outcome",
            title=f"融资需求有了结果：{values['institution']} {STATES[values['state']]}",
            body=values.get("reason") or "", url=reverse("financing-desk"),
        )  # fmt: skip
