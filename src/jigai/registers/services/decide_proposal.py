"""Another person approves or refuses what was proposed; only then it happens."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.services.send_notice import send_notice
from jigai.errors import JigaiError
from jigai.registers.access import APPROVE, covers
from jigai.registers.entry_values import prepare_one
from jigai.registers.extras import has_checks, hold_for_checks
from jigai.registers.lifecycle import KINDS, READMIT
from jigai.registers.models import Entry, Proposal, Register
from jigai.registers.services.propose_entry import refuse_twin
from jigai.registers.services.record_event import record

State = Proposal.State


def decide_proposal(
    *, proposal: int, approve: bool, by: User, access: Access, answer: str = ""
) -> Proposal:
    """Approve, so that it takes effect from its date, or refuse with a reason.

    Raises :class:`Denied` out of reach or for one's own proposal, and :class:`JigaiError` once it
    is decided, for a refusal without reason, for an entry changed since it was proposed and for
    values that do not fit the schema of today.
    """
    access.require(APPROVE)
    with transaction.atomic():
        hold_for_checks(Register.objects.get(entries__proposals=proposal))
        found = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal)
        entry = (
            Entry.objects.select_for_update(of=("self",))
            .select_related("register__current", "edition")
            .get(pk=found.entry_id)
        )
        if not covers(access, APPROVE, entry.region_code):
            raise Denied("out-of-reach", "这个条目不在您的审核范围之内", "请联系管理单位")
        if found.proposed_by_id == by.pk:
            raise Denied("own-proposal", "不能审核自己提出的事项", "请另一位有审核权限的人办理")
        if found.state != State.PENDING:
            raise JigaiError("not-pending", f"这件事项{found.get_state_display()}", "刷新页面")
        if approve:
            _carry_out(entry, found, by)
        else:
            _refuse(entry, answer)
        found.state = State.APPROVED if approve else State.REFUSED
        found.decided_by, found.decided_at = by, timezone.now()
        found.answer = answer.strip()[:400]
        found.save()
        transaction.on_commit(lambda: _tell(found))
    return found


def _carry_out(entry: Entry, found: Proposal, by: User) -> None:
    if found.seen != entry.version:
        raise JigaiError(
            "entry-changed", "提出之后条目又改动过", "退回，请提出人按现在的内容重新提出"
        )
    values: dict[str, Any] | None = found.values
    if values is not None:
        row = prepare_one(entry.register, values, entry=entry.pk)
        refuse_twin(entry.register, entry.edition, row.key, apart=entry.pk)
        values = row.values
    elif found.kind == READMIT and has_checks(entry.register):
        prepare_one(entry.register, entry.values, entry=entry.pk)
    record(
        entry=entry, kind=found.kind, effective=found.effective, reason=found.reason,
        document=found.document, by=by, values=values,
    )  # fmt: skip


def _refuse(entry: Entry, answer: str) -> None:
    if not answer.strip():
        raise JigaiError("no-reason", "不同意要写理由", "写明哪里不符合、怎样补正")
    if entry.state == Entry.State.PROPOSED:
        entry.state, entry.reason = Entry.State.REFUSED, answer.strip()[:400]
        entry.version += 1
        entry.save(update_fields=["state", "reason", "version"])


def _tell(found: Proposal) -> None:
    if found.proposed_by is None:
        return
    word = "已通过" if found.state == State.APPROVED else "未通过"
    send_notice(
        user=found.proposed_by, event="register-decided",
        title=f"{KINDS[found.kind]}{word}：{found.entry.register} {found.entry}",
        body=found.answer, url=reverse("entry-detail", args=[found.entry_id]),
    )  # fmt: skip
