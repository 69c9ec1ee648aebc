"""Sends a document to its addressees and says to those who hold an older one to stop using it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.jobs import start_job
from jigai.core.models import User
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError
from jigai.outreach.distribution_standing import Standing, standing_on
from jigai.outreach.models import Distribution
from jigai.outreach.services.draft_distribution import locked_draft
from jigai.outreach.services.end_distribution import NOTIFY, end_distribution


def send_distribution(*, distribution: int, by: User, access: Access) -> Distribution:
    """Put the document into every addressee's inbox; notices follow in the background.

    The document is compared with what holds now: a version that has been replaced since the draft
    was begun is not sent. One whose validity has run out is sent as what it is. Raises
    :class:`JigaiError` for those and for a list without addressees.
    """
    with transaction.atomic():
        draft = locked_draft(distribution, access)
        if not draft.deliveries.exists():
            raise JigaiError("no-addressees", "还没有主送或抄送单位", "先加收文单位")
        verdict = standing_on(draft)
        if not verdict.valid and verdict.standing != Standing.EXPIRED:
            raise JigaiError(
                "not-valid", f"这份文件{verdict.word}（{verdict.reason}），不能再发",
                "放弃这份拟稿，发送现行的文件",
            )  # fmt: skip
        now = timezone.now()
        draft.status, draft.sent_by, draft.sent_at = Distribution.Status.SENT, by, now
        draft.due = platform_calendar().add_workdays(timezone.localdate(now), draft.sign_days)
        if not verdict.valid:
            draft.standing, draft.ended_at = verdict.standing, now
            draft.ended_reason = verdict.reason
        draft.save()
        _end_older(draft, by)
        start_job(kind=NOTIFY, title=f"发文通知：{draft.title}"[:200], owner=by,
                  params={"distribution": draft.pk})  # fmt: skip
    return draft


def _end_older(sent: Distribution, by: User) -> None:
    """Older sendings end now, or, ended already, learn where the new one lies."""
    older = Distribution.objects.filter(status=Distribution.Status.SENT).exclude(pk=sent.pk)
    if sent.replaces_id is not None:
        end_distribution(
            distribution=sent.replaces_id, standing=Standing.REVISED, successor=sent, by=by,
            reason=standing_on(older.get(pk=sent.replaces_id)).reason,
        )  # fmt: skip
    if sent.slug and sent.standing == Standing.VALID:
        same = older.filter(slug=sent.slug, region_code=sent.region_code)
        same.filter(
            standing=Standing.REVISED, successor__isnull=True, successor_pack=sent.pack_id
        ).update(successor=sent)
        for row in same.filter(standing=Standing.VALID).exclude(pack=sent.pack_id):
            verdict = standing_on(row)
            end_distribution(
                distribution=row.pk, standing=Standing.REVISED, pack=sent.pack, successor=sent,
                by=by, reason=verdict.reason,
            )  # fmt: skip
