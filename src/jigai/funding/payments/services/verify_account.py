"""Somebody else compares an account with its proof."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied, check
from jigai.core.models import Enterprise, User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.funding.models import BankAccount
from jigai.funding.payments.accounts import check_holder, masked
from jigai.funding.payments.selectors import ACCOUNT_REACH, VERIFY

State: Any = BankAccount.State


def verify_account(
    *, account: int, agrees: bool, by: User, access: Access, note: str = ""
) -> BankAccount:
    """Accept an account, which retires the one before, or refuse it with a reason.

    Raises :class:`Denied` for who proposed it or who cannot reach it, and :class:`JigaiError` for
    one that is decided already, a refusal without reason, or a holder who is not the enterprise.
    """
    access.require(VERIFY)
    with transaction.atomic():
        owner = BankAccount.objects.get(pk=account).enterprise_id
        enterprise = Enterprise.objects.select_for_update().get(pk=owner)
        row = BankAccount.objects.select_for_update().get(pk=account)
        check(row, access, VERIFY, ACCOUNT_REACH)
        _may(row, agrees, note, by)
        if agrees:
            # The register may have changed since it was proposed.
            check_holder(enterprise, row.holder)
            _retire(enterprise)
        row.state = State.VERIFIED if agrees else State.REFUSED
        row.note, row.verified_by, row.verified_at = note.strip(), by, timezone.now()
        row.save(update_fields=["state", "note", "verified_by", "verified_at"])
        transaction.on_commit(lambda: _tell(row))
    return row


def _may(row: BankAccount, agrees: bool, note: str, by: User) -> None:
    if row.proposed_by_id == by.pk:
        raise Denied("same-person", "账户的提交和核对须由两个人办理", "请另一位同事核对")
    if row.state != State.PROPOSED:
        raise JigaiError(
            "account-state", f"这个账户{row.get_state_display()}，不能再核对", "刷新页面查看状态"
        )
    if not agrees and not note.strip():
        raise JigaiError("no-reason", "没有写不相符的地方", "写明哪里与证明材料不一致")


def _retire(enterprise: Enterprise) -> None:
    # Row by row: the history names every one of them.
    rows = BankAccount.objects.filter(enterprise=enterprise, state=State.VERIFIED)
    for older in rows.order_by("id"):
        older.state = State.RETIRED
        older.save(update_fields=["state"])


def _tell(row: BankAccount) -> None:
    word = "已核对" if row.state == State.VERIFIED else "不相符"
    send_notice(
        user=row.proposed_by, event="account-checked",
        title=f"收款账户{word}：{row.bank} {masked(row.number)}",
        body=row.note or ("以后的拨付付到这个账户" if word == "已核对" else ""),
        url=reverse("account-detail", args=[row.pk]),
    )  # fmt: skip
