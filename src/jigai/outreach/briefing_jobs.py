"""Work in the background: notices of briefings."""

from __future__ import annotations

from django.urls import reverse

from jigai.core.jobs import JobContext, Outcome, job
from jigai.outreach.models import Briefing
from jigai.outreach.services.publish_briefing import NOTIFY, deliver


@job(NOTIFY, quiet=True, cancel="已经通知的不撤回；没有通知到的可以在页面上再提醒。")
def notify(context: JobContext) -> Outcome:
    """Tell the enterprises of one briefing."""
    found = Briefing.objects.select_related("host").get(pk=context.params["briefing"])
    told, without = (0, 0) if found.status == Briefing.Status.CANCELLED else deliver(found, context)
    url = reverse("briefing-detail", args=[found.pk])
    return Outcome({"told": told, "without": without}, url,
                   [("已送达企业", told), ("无联系方式", without)])  # fmt: skip
