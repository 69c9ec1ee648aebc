"""Tells everybody who works on a chain that one of its tasks is late; once for each task."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlencode

from django.db import transaction
from django.urls import reverse

from jigai.core.models import Notice
from jigai.core.services.send_notice import send_notice
from jigai.policies.addressees import people_with
from jigai.registers.access import EDIT
from jigai.registers.special.chain_tasks import Chain, Warned
from jigai.registers.special.stored_chain_tasks import late_chains

EVENT = "chain-late"


def warn_chains(day: dt.date) -> int:
    """Send what has not been told yet; the number sent.

    The code of the task is told, its name and who carries it out are not: they may be out of the
    reader's reach.
    """
    with transaction.atomic():
        return sum(
            _tell(chain, warned, regions)
            for chain, regions in late_chains(day)
            for warned in chain.warned
        )


def _tell(chain: Chain, warned: Warned, regions: set[str]) -> int:
    task = warned.late.task
    title = f"任务链有环节滞后：{chain.name} {task.code}"[:200]
    # A term that is put off and missed again is told again.
    body = f"限期 {task.due}，整链有风险；按现在的计划，末项至少推迟 {warned.moves} 天"
    mark = f"限期 {task.due}，"
    url = f"{reverse('chain-task-chain')}?{urlencode({'chain': chain.name})}"
    people = {p.pk: p for region in sorted(regions) for p in people_with(EDIT, region)}
    told = set(
        Notice.objects.filter(
            event=EVENT, title=title, body__startswith=mark, user__in=list(people)
        ).values_list("user_id", flat=True)
    )  # fmt: skip
    sent = [
        send_notice(user=person, event=EVENT, title=title, body=body, url=url)
        for pk, person in people.items() if pk not in told
    ]  # fmt: skip
    return len([one for one in sent if one is not None])
