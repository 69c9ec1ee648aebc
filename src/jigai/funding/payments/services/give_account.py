"""An enterprise says to which account it wants to be paid."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse

from jigai.core.access import Access, Denied
from jigai.core.models import Enterprise, EvidenceFile, User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.models import BankAccount
from jigai.funding.payments.accounts import (
    check_holder,
    checked_branch,
    checked_number,
    masked,
)
from jigai.funding.payments.selectors import GIVE, VERIFY
from jigai.policies.addressees import people_with

State: Any = BankAccount.State


def give_account(
    *, enterprise: Enterprise, holder: str, bank: str, number: str, by: User, access: Access,
    branch_no: str = "", evidence: EvidenceFile | None = None,
) -> BankAccount:  # fmt: skip
    """Propose an account; one that still waits to be checked is taken back by it.

    Raises :class:`Denied` for somebody else's enterprise and :class:`JigaiError` for an account in
    another name, a number that cannot be one, or the account that is verified already.
    """
    access.require(GIVE)
    if not any(grant.enterprise_id == enterprise.pk for grant in access.granting(GIVE)):
        raise Denied("out-of-reach", "只能提交本企业的收款账户", "请由该企业的经办人提交")
    held_in, digits = check_holder(enterprise, holder), checked_number(number)
    branch = checked_branch(branch_no)
    if not bank.strip():
        raise JigaiError("no-bank", "没有填开户银行", "填到支行，例如“某某银行某某支行”")
    with transaction.atomic():
        # Two people of one enterprise at once: one after the other.
        Enterprise.objects.select_for_update().get(pk=enterprise.pk)
        rows = BankAccount.objects.filter(enterprise=enterprise)
        if rows.filter(state=State.VERIFIED, number=digits, holder=held_in).exists():
            raise JigaiError(
                "account-there", f"账户 {masked(digits)} 已经核对过，正在使用", "不用再提交"
            )
        for older in rows.filter(state=State.PROPOSED).order_by("id"):
            older.state, older.note = State.RETIRED, "又提交了新的账户"
            older.save(update_fields=["state", "note"])
        row = BankAccount.objects.create(
            enterprise=enterprise, holder=held_in, bank=bank.strip(), branch_no=branch,
            number=digits, evidence=evidence, proposed_by=by,
        )  # fmt: skip
        transaction.on_commit(lambda: _tell(row))
    return row


def _tell(row: BankAccount) -> None:
    for person in people_with(VERIFY, row.enterprise.region_code):
        if person.pk != row.proposed_by_id:
            send_notice(
                user=person, event="account-given", title=f"待核对收款账户：{row.enterprise}",
                body=f"{row.bank} {masked(row.number)}",
                url=reverse("account-detail", args=[row.pk]),
            )  # fmt: skip
