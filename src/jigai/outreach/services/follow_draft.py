"""A draft that was opened for comment is issued: its rounds lead to that version, to no other."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import transaction

from jigai.outreach import rounds
from jigai.outreach.models import Consultation
from jigai.policies.models import PackDraft

Status: Any = Consultation.Status


def final_of_draft(draft: PackDraft) -> int:
    """Register the issued version as the final one of every published round; how many there were.

    Whoever issues the draft has been checked there.
    """
    if draft.issued_id is None or draft.consulted_id is None:
        return 0
    rows = Consultation.objects.filter(proposal=draft.consulted_id, status=Status.PUBLISHED)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    with transaction.atomic(), pghistory.context(reason="起草稿印发，登记定稿"):
        for pk in keys:
            rounds.hold(pk)
            item = Consultation.objects.select_for_update().get(pk=pk)
            item.final, item.status = draft.issued, Status.FINAL
            item.version += 1
            item.save()
    return len(keys)
