"""Work in the background: notices of documents, and the daily look at what no longer stands."""

from __future__ import annotations

from django.db import transaction
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app

from jigai.core.jobs import JobContext, Outcome, job, start_job
from jigai.core.platform_calendar import platform_calendar
from jigai.outreach.models import Distribution
from jigai.outreach.services.end_distribution import NOTIFY, end_overtaken
from jigai.outreach.services.remind_distribution import remind_overdue, tell_addressees
from jigai.policies.models import PackVersion

CHECK = "distribution-check"


@job(NOTIFY, quiet=True, cancel="已经通知的不撤回；没有通知到的仍在收文里。")
def notify(context: JobContext) -> Outcome:
    """Tell the addressees of one sending."""
    sent = Distribution.objects.get(pk=context.params["distribution"])
    told, without = tell_addressees(sent, context)
    url = reverse("distribution-detail", args=[sent.pk])
    words = [("已通知单位", told), ("没有账号、须线下送达", without)]
    return Outcome({"told": told, "without": without}, url, words)


@job(CHECK, quiet=True)
def check(context: JobContext) -> Outcome:
    """End what a newly installed version has overtaken."""
    ended = end_overtaken()
    return Outcome({"ended": ended}, reverse("distribution-list"), [("停用的发文", ended)])


@app.periodic(cron="23 0,6 * * *")
@app.task(name="jigai.outreach.documents", pass_context=False)
def by_the_clock(timestamp: int) -> None:
    """Twice a day: validity that ran out, and receipts that are late."""
    end_overtaken()
    if platform_calendar().is_workday(timezone.localdate()):
        remind_overdue()


def watch_versions() -> None:
    """Look at what was sent whenever a document's version becomes current."""
    post_save.connect(_installed, sender=PackVersion, dispatch_uid="distribution-check")


def _installed(instance: PackVersion, **_signal: object) -> None:
    in_use = Distribution.objects.filter(
        status=Distribution.Status.SENT, standing=Distribution.Standing.VALID
    )
    if instance.is_current and in_use.exists():
        transaction.on_commit(
            lambda: start_job(kind=CHECK, title="核对已发文件的效力", owner=None)
        )  # fmt: skip
