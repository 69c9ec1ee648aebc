"""Long work of notices: publishing a list too long for one request."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.jobs.start import start_job
from jigai.core.models import Job, User
from jigai.errors import JigaiError
from jigai.funding.models import DecisionList
from jigai.funding.publicity.services.publish_list import publish_list

PUBLISH = "publicity-publish"
# Rows one request publishes while somebody waits; more take minutes.
AT_ONCE = 2000


@job(PUBLISH, cancel="已经开始写入的会整批写完或整批不写；没有公示的可以再次发布。")
def publish(context: JobContext) -> Outcome:
    """Publish a long list for whoever asked, with the rights they have now."""
    owner, given = context.job.owner, context.params
    if owner is None:
        raise JigaiError("no-owner", "发布公示的账号已经不存在", "由有权限的人重新发布")
    context.progress("写入公示行并出具文书", 0.1)
    notice = publish_list(
        decision_list=DecisionList.objects.get(pk=given["list"]), by=owner,
        access=access_of(owner), starts_on=dt.date.fromisoformat(given["starts_on"]),
        contact=given["contact"],
    )  # fmt: skip
    return Outcome(
        result={"publicity": notice.pk}, url=reverse("publicity-detail", args=[notice.pk]),
        told=[("公示", notice.number)],
    )  # fmt: skip


def start_publishing(row: DecisionList, by: User, starts_on: dt.date, contact: str) -> Job:
    """Queue the publication of a long list."""
    params = {"list": row.pk, "starts_on": starts_on.isoformat(), "contact": contact}
    return start_job(kind=PUBLISH, title=f"公示：{row.round.name}", owner=by, params=params)
