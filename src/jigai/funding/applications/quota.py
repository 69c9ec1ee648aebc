"""申报数量: how many projects an enterprise may apply for, and who holds its places.

A document with a limit gives the parameters ``general_quota`` (an enterprise) and ``lead_quota``
(one that leads a consortium) and the readings below; without them nothing is limited. What is
handed in and neither refused nor withdrawn holds a place under every reading; the readings differ
in what a refused one does.

- ``quota_consumption`` — a: a refused one holds its place, b: if it had been accepted, c: no.
- ``quota_year`` — a: the year of application, b: each round on its own.
- ``lead_quota_rule`` — a: one consortium and one of its own, b: two consortia, c: any two.
- ``member_quota_rule`` — b: joining a consortium takes the member's own place.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from jigai.core.models import Enterprise
from jigai.errors import JigaiError
from jigai.funding.applications.states import FILLING
from jigai.funding.models import Application, ApplicationStep, ConsortiumMember, Round
from jigai.policies.confirmations import latest_confirmations
from jigai.policies.standing import settled_on
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_parameters, choose_readings
from jigai.rules.schema import DatedValue, Parameter

EXCEPTION = "quota_exception_approved"
PROJECT, CONSORTIUM = "project", "consortium"


@dataclass(frozen=True, slots=True)
class Rule:
    """The limit as the round's document and readings put it."""

    general: int
    lead: int
    clause: str
    consumption: str
    year: str
    leading: str
    member: str

    def limit(self, subject: str, own: int, led: int) -> int:
        """Places for a project, or for a consortium it leads, beside ``own`` projects and ``led``
        consortia that already hold one."""
        if subject == CONSORTIUM:
            return self.lead - self.general if self.leading == "a" else self.lead - own
        if not led:
            return self.general
        left = max(self.lead - led, 0)
        return left if self.leading == "c" else min(self.general, left)


@dataclass(frozen=True, slots=True)
class Places:
    """What an application finds: the limit of its kind and who holds the places."""

    rule: Rule
    limit: int
    taken: list[Application]

    @property
    def full(self) -> bool:
        """Whether there is no place left."""
        return len(self.taken) >= self.limit


def rule_of(round_: Round) -> Rule | None:
    """The limit under the readings the round was sealed with; ``None`` where there is none."""
    pack = model_of(round_.pack).pack
    known = all_parameters(pack)
    if "general_quota" not in known or pack.measures.selection is None:
        return None
    settled = settled_on(pack, round_.as_of)
    approved = settled.values()
    general, lead = (
        _whole(known.get(name), approved.get(name), round_.as_of)
        for name in ("general_quota", "lead_quota")
    )
    if general is None:
        return None
    read = choose_readings(pack, {**settled.options(), **round_.readings})
    return Rule(
        general, lead if lead is not None else general, pack.measures.selection.clause,
        *(read.get(name, "a") for name in
          ("quota_consumption", "quota_year", "lead_quota_rule", "member_quota_rule")),
    )  # fmt: skip


def places_of(application: Application) -> Places | None:
    """The places of its kind; ``None`` where nothing is limited or an exception was approved."""
    rule = rule_of(application.round)
    if rule is None or _excepted(application):
        return None
    rows = list(_taken(application, rule))
    own = _distinct([row for row in rows if row.consortium_id is None])
    led = _distinct([row for row in rows if row.consortium_id is not None])
    if application.consortium_id is not None:
        return Places(rule, rule.limit(CONSORTIUM, len(own), len(led)), led)
    if rule.member == "b":
        own += _joined(application, rule)
    return Places(rule, rule.limit(PROJECT, len(own), len(led)), own)


def require_place(application: Application) -> None:
    """Raise :class:`JigaiError` naming the held places and the clause when none is left.

    The caller has locked the applicant by :func:`lock_applicant`, or two could take the last place.
    """
    found = places_of(application)
    if found is not None and found.full:
        raise JigaiError("quota-full", *refusal(found))


def refusal(found: Places) -> tuple[str, str]:
    """What is said when there is no place, and what can be done."""
    held = "；".join(f"{r.number}《{r.title}》（{r.get_state_display()}）" for r in found.taken)
    counted = "个批次" if found.rule.year == "b" else "年"
    return (
        f"按条款 {found.rule.clause}，每{counted}可申报 {found.limit} 项，"
        + (f"名额已被占用：{held}" if held else "没有名额"),
        "可以撤回其中一项再提交；确有必要多报的，由推进工作组书面批准后再提交",
    )


def lock_applicant(application: Application) -> None:
    """Hand-ins of one enterprise wait for each other, so that a place is never taken twice."""
    firms = Enterprise.objects.filter(pk=application.enterprise_id).order_by("pk")
    list(firms.select_for_update(no_key=True).values_list("pk"))


def _whole(stated: Parameter | None, approved: DatedValue | None, day: dt.date) -> int | None:
    """A whole parameter on a day: as the document states it, or as somebody approved it."""
    dated = [v for v in (stated.values if stated else ()) if v.since <= day]
    standing = [v.value for v in dated if v.to is None or day <= v.to]
    text = standing[-1] if standing else approved.value if approved else ""
    return int(text) if text.isdigit() else None


def _excepted(application: Application) -> bool:
    if application.project_id is None:
        return False
    year, region = application.round.year, application.region_code
    rows = latest_confirmations(year, region, timezone.now())
    mine = rows.filter(term=EXCEPTION, subject=PROJECT, subject_key=str(application.project_id))
    return any(row.value is True for row in mine)


def _taken(application: Application, rule: Rule) -> QuerySet[Application]:
    rows = _of_period(application, rule).filter(enterprise=application.enterprise_id)
    return rows.exclude(pk=application.pk).exclude(_same_subject(application)).order_by("id")


def _of_period(application: Application, rule: Rule) -> QuerySet[Application]:
    """Applications under the same document that hold a place in the same year or round."""
    round_ = application.round
    rows = Application.objects.exclude(state__in=[*FILLING, "withdrawn"])
    rows = rows.filter(round__pack__slug=round_.pack.slug, round__region_code=round_.region_code)
    rows = rows.filter(round=round_) if rule.year == "b" else rows.filter(round__year=round_.year)
    if rule.consumption == "a":
        return rows
    if rule.consumption == "c":
        return rows.exclude(state="refused")
    accepted = ApplicationStep.objects.filter(application=OuterRef("pk"), state="review")
    return rows.filter(~Q(state="refused") | Exists(accepted))


def _same_subject(application: Application) -> Q:
    """Two measures of one project take one place."""
    if application.project_id is not None:
        return Q(project=application.project_id)
    return Q(consortium=application.consortium_id)


def _joined(application: Application, rule: Rule) -> list[Application]:
    """Consortia it joined without leading, where a member spends its own place."""
    pools = ConsortiumMember.objects.filter(enterprise=application.enterprise_id, duplicate=False)
    rows = _of_period(application, rule).filter(consortium__in=pools.values("consortium"))
    return _distinct(list(rows.exclude(enterprise=application.enterprise_id).order_by("id")))


def _distinct(rows: list[Application]) -> list[Application]:
    return list({row.subject_key or row.pk: row for row in reversed(rows)}.values())[::-1]
