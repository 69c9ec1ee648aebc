"""The work behind 应享名单: a whole population under every measure, in the background."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.models import User
from jigai.policies.models import PackVersion
from jigai.policies.providers import Population
from jigai.workbench.models import AudienceEntry
from jigai.workbench.navigator.mirror.gather import gather
from jigai.workbench.navigator.mirror.record import record_list

JOB = "audience"


@job(JOB)
def make_list(context: JobContext) -> None:
    """Sort and store; the list and the end of the job are one transaction."""
    given = context.params
    pack = PackVersion.objects.get(pk=given["pack"])
    day = dt.date.fromisoformat(given["day"])
    population = Population(given["region"], given["year"], timezone.now())
    gathered = gather(pack, population, day, context.progress)
    context.progress("存入名单", 0.92)
    with transaction.atomic():
        by = User.objects.filter(pk=context.job.owner_id).first()
        made = record_list(gathered=gathered, pack=pack, population=population, day=day, by=by)
        told = [
            (str(AudienceEntry.Group(group).label),
             sum(row.get(group, 0) for row in made.summary.values()))
            for group in AudienceEntry.Group.values
        ]  # fmt: skip
        if made.simulation:
            told.append(("仅模拟", made.simulation))
        url = reverse("audience-detail", args=[made.pk])
        context.finish(Outcome({"audience": made.pk}, url, told))
