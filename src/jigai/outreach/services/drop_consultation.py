"""A prepared round is not made public after all."""

from __future__ import annotations

from typing import Any

import pghistory
from django.db import transaction

from jigai.errors import JigaiError
from jigai.outreach.models import Consultation

Status: Any = Consultation.Status


def drop_consultation(*, consultation: int, reason: str) -> Consultation:
    """Put a prepared round aside; whoever decides so elsewhere has been checked there.

    Raises :class:`JigaiError` once it is public: what was announced runs to its end.
    """
    with transaction.atomic(), pghistory.context(reason=reason.strip()[:200]):
        found = Consultation.objects.select_for_update().get(pk=consultation)
        if found.status != Status.DRAFT:
            raise JigaiError(
                "public-already", f"“{found.title}”{found.get_status_display()}，不能撤回或作废",
                "已经公开的征求意见要答复并公示完；需要时延长公开期",
            )  # fmt: skip
        found.status = Status.DROPPED
        found.version += 1
        found.save()
    return found
