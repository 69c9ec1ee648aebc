"""Another person approves or refuses what was proposed; only then it happens."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.registers.access import APPROVE, covers
from jigai.registers.entry_values import prepare_one
from jigai.registers.extras import has_checks, hold_for_checks
from jigai.registers.lifecycle import READMIT
from jigai.registers.models import Entry, Proposal, Register
from jigai.registers.reviewing import review_way
from jigai.registers.services.propose_entry import refuse_twin
from jigai.registers.services.record_event import record

State = Proposal.State


def decide_proposal(
    *, proposal: int, approve: bool, by: User, access: Access, answer: str = ""
) -> Proposal:
    """Approve, so that it takes effect from its date, or refuse with a reason; by way of the review
    where another room carries it, which may ask for more than this one opinion.

    Raises :class:`Denied` out of reach or for one's own proposal, and :class:`JigaiError` once it
    is decided, for a refusal without reason, for an entry changed since it was proposed and for
    values that do not fit the schema of today.
    """
    found = Proposal.objects.select_related("entry", "proposed_by").get(pk=proposal)
    _require_may(found, found.entry, by, access)
    way = review_way()
    if way is None:
        return settle_proposal(
            proposal=proposal, approve=approve, by=by, access=access, answer=answer
        )
    way.decide(found, approve, by, access, answer)
    found.refresh_from_db()
    return found


def settle_proposal(
    *, proposal: int, approve: bool, by: User, access: Access, answer: str = ""
) -> Proposal:
    """The doing itself, at the end of the review; checks and raises as :func:`decide_proposal`."""
    with transaction.atomic():
        hold_for_checks(Register.objects.get(entries__proposals=proposal))
        found = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal)
        entry = (
            Entry.objects.select_for_update(of=("self",))
            .select_related("register__current", "edition")
            .get(pk=found.entry_id)
        )
        _require_may(found, entry, by, access)
        if approve:
            _carry_out(entry, found, by)
        else:
            _refuse(entry, answer)
        found.state = State.APPROVED if approve else State.REFUSED
        found.decided_by, found.decided_at = by, timezone.now()
        found.answer = answer.strip()[:400]
        found.save()
    return found


def may_decide(found: Proposal, by: User, access: Access) -> bool:
    """Whether a person may: holds the capability there, did not propose it, and does not act with
    the rights of whoever did."""
    return found.proposed_by_id != by.pk and covers(
        access, APPROVE, found.entry.region_code, without=str(found.proposed_by or "")
    )


def _require_may(found: Proposal, entry: Entry, by: User, access: Access) -> None:
    access.require(APPROVE)
    if not covers(access, APPROVE, entry.region_code):
        raise Denied("out-of-reach", "这个条目不在您的审核范围之内", "请联系管理单位")
    hint = "请另一位有审核权限的人办理"
    if found.proposed_by_id == by.pk:
        raise Denied("own-proposal", "不能审核自己提出的事项", hint)
    if not may_decide(found, by, access):
        raise Denied("own-proposal", "不能受提出人委托审核他提出的事项", hint)
    if found.state != State.PENDING:
        raise JigaiError("not-pending", f"这件事项{found.get_state_display()}", "刷新页面")


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
