"""Takes back, while it is still a draft, that a material will follow later."""

from __future__ import annotations

from collections.abc import Collection

from jigai.cases.models import Case, CaseEvidence


def drop_promises(*, case: int, items: Collection[str]) -> int:
    """These materials are not promised for later any more; how many were.

    Called in the transaction in which the draft is saved; a case that was handed in keeps its
    promises.
    """
    rows = CaseEvidence.objects.filter(
        case=case, case__state=Case.State.DRAFT, item__in=items, state=CaseEvidence.State.DEFERRED
    )
    return rows.delete()[0]
