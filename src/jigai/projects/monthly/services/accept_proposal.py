"""A person takes the proposed figures of a report whose unit was suspect."""

from __future__ import annotations

import pghistory
from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.models import MonthlyReport, Project
from jigai.projects.monthly.access import check_fill
from jigai.projects.monthly.locks import Locks
from jigai.projects.monthly.parameters import limits
from jigai.projects.monthly.proposals import Proposal, propose
from jigai.projects.monthly.recheck import recheck
from jigai.projects.monthly.services.report_quiet import reached
from jigai.projects.monthly.stored import entry_of


def proposal_of(report: MonthlyReport) -> Proposal | None:
    """What the figures of a report that was not taken over probably are."""
    if report.accepted:
        return None
    project = report.project
    entry = entry_of(report, project.total_fen)
    return propose(entry, reached(project, report.year, report.month), limits())


def accept_proposal(
    *, report: int, current_fen: int | None, cumulative_fen: int | None, by: User, access: Access
) -> MonthlyReport:
    """Take over the proposed figures, which must be the ones that were shown.

    Raises :class:`Denied` out of reach, :class:`JigaiError` for a locked month, or where the
    proposal is another one by now.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, reason="采纳单位建议值"):
        row = MonthlyReport.objects.select_for_update(of=("self",)).get(pk=report)
        check_fill(Project.objects.select_for_update(of=("self",)).get(pk=row.project_id), access)
        Locks(row.year, hold=True).refuse(row.region_code, row.month)
        made = proposal_of(row)
        if made is None or (made.current, made.cumulative) != (current_fen, cumulative_fen):
            raise JigaiError("other-proposal", "建议值已经变了，没有采纳", "刷新后再看")
        row.current_fen, row.cumulative_fen = made.current, made.cumulative
        row.accepted, row.flags = True, []
        row.confirmed = f"{made.mistake}，按建议值改正"
        row.version += 1
        row.save()
        recheck([row.project_id], row.year, limits())
        row.refresh_from_db()
    return row


def confirm_report(*, report: int, reason: str, by: User, access: Access) -> MonthlyReport:
    """Say why a report holds in spite of what the checks found.

    Raises :class:`Denied` out of reach, :class:`JigaiError` without a reason, for a locked month or
    a report that is not taken over.
    """
    if not reason.strip():
        raise JigaiError("no-reason", "须写明原因", "写清为什么数据无误")
    with transaction.atomic(), pghistory.context(user=by.pk, reason="确认月报疑问"):
        row = MonthlyReport.objects.select_for_update(of=("self",)).get(pk=report)
        check_fill(Project.objects.get(pk=row.project_id), access)
        Locks(row.year, hold=True).refuse(row.region_code, row.month)
        if not row.accepted:
            raise JigaiError("not-taken", "这条月报没有采用，不能确认", "先改正数据或采纳建议值")
        row.confirmed = reason.strip()[:400]
        row.version += 1
        row.save()
    return row
