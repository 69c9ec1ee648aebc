"""Long work of rounds: telling enterprises, and working out who is offered what."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from jigai.core.jobs import JobContext, Outcome, job
from jigai.core.models import User
from jigai.core.notice_events import Event, register_events
from jigai.core.services.send_notice import send_notice
from jigai.funding.models import Round
from jigai.funding.rounds.access import people_addressed
from jigai.funding.rounds.services.offer_applications import offer_applications
from jigai.funding.rounds.services.open_round import OFFER, TELL

OPENED, OFFERED = "round-opened", "round-offered"
register_events(Event(OPENED, "申报批次开放"), Event(OFFERED, "免申即享待确认"))


@job(TELL, quiet=True, cancel="已经发出的通知不收回，其余的不再发。")
def tell_enterprises(context: JobContext) -> Outcome:
    """Tell everybody who may apply in the region of a round that it is open."""
    round_ = Round.objects.get(pk=context.params["round"])
    closes = timezone.localtime(round_.closes_at)
    people = list(people_addressed(round_.region_code))
    body = f"{round_.get_mode_display()}，截止 {closes:%Y-%m-%d %H:%M}。"
    count = _tell(people, OPENED, f"申报批次开放：{round_.name}", body, round_)
    return Outcome(result={"told": count}, told=[("通知", count)])


@job(OFFER, cancel="已经生成的待确认申报保留，其余的再次启动后生成。")
def offer(context: JobContext) -> Outcome:
    """Work out the list of a round of 免申即享 and tell those on it."""
    round_ = Round.objects.select_related("pack").get(pk=context.params["round"])
    count = offer_applications(round_=round_, by=context.job.owner, progress=context.progress)
    firms = round_.applications.filter(state="draft").order_by().values("enterprise")
    people = people_addressed(round_.region_code).filter(assignments__enterprise__in=firms)
    closes = timezone.localtime(round_.closes_at)
    body = f"按已有数据您单位符合条件，{closes:%Y-%m-%d %H:%M} 前确认即可享受；不确认视为不申请。"
    told = _tell(people, OFFERED, f"免申即享待确认：{round_.name}", body, round_)
    return Outcome(
        result={"offers": count, "told": told, "round": round_.pk},
        told=[("待确认", count), ("通知", told)],
        url=reverse("round-detail", args=[round_.pk]),
    )


def _tell(people: Iterable[User], event: str, title: str, body: str, round_: Round) -> int:
    url = reverse("round-detail", args=[round_.pk])
    return sum(
        send_notice(user=person, event=event, title=title, body=body, url=url) is not None
        for person in people
    )
