"""Ends the use of a document that was sent: revised, replaced, repealed or run out."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access, Denied
from jigai.core.jobs import start_job
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach.distribution_people import SEND, distributions_for
from jigai.outreach.distribution_standing import Standing, standing_on
from jigai.outreach.models import Distribution
from jigai.policies.models import PackVersion

NOTIFY = "distribution-notify"


def end_distribution(
    *, distribution: int, standing: Distribution.Standing, reason: str, by: User | None,
    pack: PackVersion | None = None, successor: Distribution | None = None,
) -> bool:  # fmt: skip
    """Mark a sending as no longer to be used and tell every addressee in the background.

    ``False`` where it had ended before: the first reason stays, and nobody is told twice.
    """
    with transaction.atomic():
        found = Distribution.objects.select_for_update(of=("self",)).get(pk=distribution)
        if found.status != Distribution.Status.SENT or found.standing != Standing.VALID:
            return False
        found.standing, found.ended_at = standing, timezone.now()
        found.ended_reason, found.ended_by = reason[:300], by
        found.successor_pack, found.successor = pack, successor
        found.save()
        start_job(kind=NOTIFY, title=f"停用通知：{found.title}"[:200], owner=by,
                  params={"distribution": found.pk})  # fmt: skip
    return True


def repeal_distribution(*, distribution: int, reason: str, by: User, access: Access) -> None:
    """A person says that a document is repealed, and by what.

    Raises :class:`Denied` out of reach and :class:`JigaiError` for one not in use.
    """
    if not distributions_for(access, SEND).filter(pk=distribution).exists():
        raise Denied("out-of-reach", "这份发文不在您的数据权限之内")
    if not reason.strip():
        raise JigaiError("no-reason", "没有写废止依据", "写明由哪份文件废止")
    if not end_distribution(
        distribution=distribution, standing=Standing.REPEALED, reason=reason.strip(), by=by
    ):
        raise JigaiError("not-in-use", "这份发文没有发出，或已经停用", "刷新页面查看状态")


def end_overtaken(day: date | None = None) -> int:
    """End every sending whose document no longer stands; the number of them.

    Run after a version has been installed and every few hours, for validity ends without anybody
    doing anything.
    """
    ended = 0
    rows = Distribution.objects.filter(status=Distribution.Status.SENT, standing=Standing.VALID)
    for row in rows.order_by("id"):
        verdict = standing_on(row, day)
        if not verdict.valid:
            ended += end_distribution(
                distribution=row.pk, standing=verdict.standing, reason=verdict.reason, by=None,
                pack=verdict.pack, successor=verdict.successor,
            )  # fmt: skip
    return ended
