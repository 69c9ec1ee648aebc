"""An enterprise lets one institution see one need, or takes that back."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import Institution, User
from jigai.errors import JigaiError
from jigai.registers.access import APPLY
from jigai.registers.entry_values import prepare_one
from jigai.registers.lifecycle import READMIT, REMOVE
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.record_event import record
from jigai.registers.special.stored_financing import CONSENTS, needs_today


def give_consent(*, need: int, institution: int, by: User, access: Access) -> Entry:
    """From now on the institution may see the need, once it is pushed to it.

    Raises :class:`Denied` for anybody but the enterprise of the need and :class:`JigaiError` for a
    need that does not hold or an institution that does not exist.
    """
    register = register_by_code(CONSENTS)
    with transaction.atomic():
        Register.objects.select_for_update().get(pk=register.pk)
        found = _own_need(need, access)
        bank = Institution.objects.filter(pk=institution, kind=Institution.Kind.BANK).first()
        if bank is None:
            raise JigaiError("no-institution", "没有这家金融机构", "从列表里选")
        stored = _stored(register, need, institution)
        today = timezone.localdate()
        if stored is None:
            row = prepare_one(register, {
                "need": {"id": found.pk, "name": found.title}, "institution": bank.name,
                "enterprise": {"id": found.enterprise_id}, "institution_id": str(bank.pk),
            })  # fmt: skip
            return admit_entries(
                register=register, admissions=[Admission(row, today, None, "企业授权")], by=by,
                reason="企业同意",
            )[0]  # fmt: skip
        if stored.state != Entry.State.LISTED:
            record(entry=stored, kind=READMIT, effective=today, by=by, reason="企业再次同意")
        return stored


def withdraw_consent(*, need: int, institution: int, by: User, access: Access) -> Entry:
    """From this moment the institution sees nothing of the need; what it reported before stays.

    Raises :class:`Denied` for anybody but the enterprise and :class:`JigaiError` without a consent.
    """
    register = register_by_code(CONSENTS)
    with transaction.atomic():
        Register.objects.select_for_update().get(pk=register.pk)
        _own_need(need, access, held=False)
        stored = _stored(register, need, institution)
        if stored is None or stored.state != Entry.State.LISTED:
            raise JigaiError("no-consent", "没有可以撤回的同意", "刷新页面查看现在的授权")
        record(
            entry=stored, kind=REMOVE, effective=timezone.localdate(), by=by, reason="企业撤回同意"
        )
        return stored


def _own_need(need: int, access: Access, held: bool = True) -> Entry:
    rows = needs_today() if held else Entry.objects.filter(register__code="financing-needs")
    found = rows.filter(pk=need).first()
    if found is None:
        raise JigaiError("no-need", "这项需求不在有效期内，或还没有审核入册", "先登记融资需求")
    mine = {g.enterprise_id for g in access.granting(APPLY) if g.enterprise_id}
    if found.enterprise_id is None or found.enterprise_id not in mine:
        raise Denied("not-own-need", "只有需求所属的企业可以授权或撤回", "请由该企业的经办人办理")
    return found


def _stored(register: Register, need: int, institution: int) -> Entry | None:
    rows = Entry.objects.select_for_update(of=("self",)).select_related("register__current")
    return rows.filter(
        register=register, values__need__id=need, values__institution_id=str(institution)
    ).first()  # fmt: skip
