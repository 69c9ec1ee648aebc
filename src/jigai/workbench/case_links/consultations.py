"""Rounds of comments run as cases: what is done on either page is done, once, on both."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from jigai.cases.about import About, register_about
from jigai.cases.addressable import register_capability
from jigai.cases.hooks import register_hook, register_step_hook, register_undone_hook
from jigai.cases.models import Case, CaseStep
from jigai.cases.services.follow import follow_back, follow_step, follow_values, hold_case
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.access import access_of
from jigai.core.models import User
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError
from jigai.outreach.consultation_period import period_words
from jigai.outreach.consultation_selectors import MANAGE, waiting
from jigai.outreach.models import Consultation, ConsultationAnswer
from jigai.outreach.rounds import RoundWay, register_round_way
from jigai.outreach.services.drop_consultation import drop_consultation
from jigai.outreach.services.open_consultation import open_consultation
from jigai.outreach.services.publish_adoption import publish_adoption

CODE, ABOUT = "public-consultation", "consultation:"
Status: Any = Consultation.Status


def register() -> None:
    """Follow rounds, and carry out what is decided in their cases."""
    register_capability(MANAGE)
    register_round_way(RoundWay(hold, moved, where))
    register_about(ABOUT.removesuffix(":"), about)
    register_step_hook(CODE, "open", opened_here)
    register_step_hook(CODE, "answer", answered_here)
    register_step_hook(CODE, "publish", published_here)
    register_undone_hook(CODE, "open", not_undone)
    register_undone_hook(CODE, "publish", not_undone)
    register_hook(CODE, "closed", closed_here)
    register_hook(CODE, "ended", closed_here)


# From the page of the round to the case


def hold(consultation: int) -> None:
    """Lock the case before the round, as whoever comes from the case does."""
    hold_case(f"{ABOUT}{consultation}")


def moved(item: Consultation, moment: str, by: User) -> None:
    """Let the case follow."""
    case = case_of(item)
    if moment == "extended":
        follow_values(case=case.pk, values=_values(item), by=by, reason="延长公开期")
        if timezone.localdate() <= item.period_to:
            follow_back(case=case.pk, step="collect", by=by, reason="延长公开期，继续征求意见")
    elif moment != "drafted":
        catch_up(item, case)


def case_of(item: Consultation) -> Case:
    """The case of a round; opened now for one prepared before rounds were cases."""
    found = Case.objects.filter(key=f"{ABOUT}{item.pk}").first()
    return found or open_case(
        procedure=own_procedure(CODE), by=item.created_by, region=item.region_code,
        key=f"{ABOUT}{item.pk}", title=item.title, values=_values(item),
    )  # fmt: skip


def catch_up(item: Consultation, case: Case) -> None:
    """Bring the case to where the round stands, each step by whoever did it there."""
    if item.status in (Status.DRAFT, Status.DROPPED):
        return
    follow_step(case=case.pk, step="open", by=item.opened_by)
    public = item.status in (Status.PUBLISHED, Status.FINAL)
    over = public or timezone.localdate() > item.period_to
    if over and _stands_at(case, "collect"):
        follow_step(case=case.pk, step="collect", by=None, reason="公开期满")
    last = _last_answer(item)
    all_answered = last is not None and not waiting(item).exists()
    if (public or all_answered) and _stands_at(case, "answer"):
        follow_step(case=case.pk, step="answer", by=last.answered_by if last else item.created_by)
    if public:
        follow_step(case=case.pk, step="publish", by=item.published_by, values=_values(item))


def _stands_at(case: Case, step: str) -> bool:
    return case.steps.filter(code=step, state=CaseStep.State.ACTIVE).exists()


def _last_answer(item: Consultation) -> ConsultationAnswer | None:
    rows = ConsultationAnswer.objects.filter(consultation=item).select_related("answered_by")
    return rows.order_by("-answered_at", "-id").first()


def _values(item: Consultation) -> dict[str, Any]:
    shown = {
        "heading": item.title, "clauses": "、".join(item.clauses), "contact": item.contact,
        "intro": item.intro, "period": period_words(item, platform_calendar()),
        "draft": item.draft.title if item.draft else item.proposal.title,
    }  # fmt: skip
    days = ("period_from", "period_to", "publicity_from", "publicity_to", "archive_to")
    return shown | {name: day.isoformat() for name in days if (day := getattr(item, name))}


# From the case to the round


def opened_here(case: Case, row: CaseStep, by: User | None) -> None:
    """批准公开 in the case opens the round."""
    item = _item(case)
    if row.result == "agree" and by is not None and item.status == Status.DRAFT:
        open_consultation(consultation=item.pk, by=by, access=access_of(by))


def answered_here(case: Case, row: CaseStep, by: User | None) -> None:
    """整理答复 is only finished when nothing waits."""
    item = _item(case)
    left = waiting(item).count()
    if left and item.status == Status.OPEN:
        raise JigaiError(
            "unanswered", f"还有 {left} 条意见没有答复", "到征求意见页逐条答复，再办理完毕"
        )


def published_here(case: Case, row: CaseStep, by: User | None) -> None:
    """批准公示 in the case publishes the adoption, for the days written there."""
    item = _item(case)
    if row.result != "agree" or by is None or item.status != Status.OPEN:
        return
    since, to = _day(case, "publicity_from"), _day(case, "publicity_to")
    if since is None or to is None:
        raise JigaiError("no-publicity", "没有填写公示期", "填写公示期起止，再同意")
    publish_adoption(
        consultation=item.pk, publicity_from=since, publicity_to=to, by=by,
        access=access_of(by), archive_to=_day(case, "archive_to"),
    )  # fmt: skip


def not_undone(case: Case, row: CaseStep, by: User | None) -> None:
    """What the public has seen is not undone by sending the case back."""
    item = _item(case)
    before = Status.DRAFT if row.code == "open" else Status.OPEN
    if item.status not in (Status.DRAFT, before):
        raise JigaiError(
            "public-already", f"“{row.name}”已经作出并对外公开，不能退回或取回",
            "需要时延长公开期，或在后面的步骤写明",
        )  # fmt: skip


def closed_here(case: Case, by: User | None) -> None:
    """Refused, withdrawn or voided before anything is public: the round is put aside; later it
    cannot be."""
    item = _item(case)
    refused = case.state != Case.State.DONE or case.result == Case.Result.REFUSED
    if refused and item.status != Status.DROPPED:
        last = case.records.exclude(reason="").order_by("-id").first()
        drop_consultation(consultation=item.pk, reason=last.reason if last else "未批准公开")


def _item(case: Case) -> Consultation:
    rows = Consultation.objects.select_related("draft", "proposal", "created_by").defer(
        "draft__files", "proposal__files"
    )
    return rows.get(pk=int(case.about.removeprefix(ABOUT)))


def _day(case: Case, name: str) -> dt.date | None:
    value = case.values.get(name)
    return dt.date.fromisoformat(value) if value else None


# Links, and what there was before


def where(consultation: int) -> tuple[str, str] | None:
    """Number and address of the case."""
    found = Case.objects.filter(key=f"{ABOUT}{consultation}").values_list("number", flat=True)
    number = found.first()
    return (number, reverse("case-detail", args=[number])) if number else None


def about(pk: int) -> About | None:
    """The round itself."""
    title = Consultation.objects.filter(pk=pk).values_list("title", flat=True).first()
    return About("征求意见", title, reverse("consultation-detail", args=[pk])) if title else None


def open_missing() -> int:
    """Cases for rounds on their way that have none, brought to where each stands; the number."""
    keys = Case.objects.filter(key__startswith=ABOUT).values_list("key", flat=True)
    known = [int(key.removeprefix(ABOUT)) for key in keys]
    rows = Consultation.objects.filter(status__in=[Status.DRAFT, Status.OPEN]).exclude(pk__in=known)
    found = list(rows.select_related("draft", "proposal", "created_by").order_by("pk"))
    for item in found:
        catch_up(item, case_of(item))
    return len(found)
