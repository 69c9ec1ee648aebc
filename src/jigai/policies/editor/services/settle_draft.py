"""What a decision made elsewhere does to a draft; who may has been checked there."""

from __future__ import annotations

import pghistory
from django.db import transaction

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.editor import life
from jigai.policies.editor.states import State
from jigai.policies.models import PackDraft
from jigai.policies.stored_packs import files_hash


def take_back(*, draft: int, to: str, by: User, reason: str) -> PackDraft:
    """Put a draft back to an earlier state with the reason. Again changes nothing.

    Raises :class:`JigaiError` for one that is issued or given up, and for going back to a review of
    a text that has been written on since.
    """
    with transaction.atomic(), pghistory.context(reason=f"退回：{reason}"[:200]):
        found = _locked(draft)
        if found.state == to:
            return found
        if found.state in (State.ISSUED, State.WITHDRAWN):
            raise JigaiError("not-now", f"起草稿{found.get_state_display()}，不能退回", "另起一份")
        if to == State.REVIEW and files_hash(found.files) != found.frozen:
            raise JigaiError("text-changed", "定稿已经改过，不能退回审核", "退回起草送审")
        found.state, found.returned = to, reason.strip()[:400]
        if to in (State.DRAFTING, State.REVIEW):
            found.consulted = None
        found.save()
    return found


def give_up(*, draft: int, reason: str) -> PackDraft:
    """Mark a draft as given up. Raises :class:`JigaiError` for one that is issued."""
    with transaction.atomic(), pghistory.context(reason=f"撤回：{reason}"[:200]):
        found = _locked(draft)
        if found.state == State.ISSUED:
            raise JigaiError("issued", "已经印发，不能撤回", "要废止的另发文件")
        found.state, found.returned = State.WITHDRAWN, reason.strip()[:400]
        found.save()
    return found


def _locked(draft: int) -> PackDraft:
    life.hold(draft)
    return PackDraft.objects.select_for_update(of=("self",)).get(pk=draft)
