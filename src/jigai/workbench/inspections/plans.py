"""Writes, publishes and draws plans of inspection."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.cases.access import SUPERVISE
from jigai.cases.flow.draw import Quota, draw, is_promised, list_hash, score
from jigai.cases.models import InspectionPick, InspectionPlan, InspectionSubject
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.addressees import reaches
from jigai.workbench.inspections.population import population_of

CODE = "inspection"
# Each pick begins a case at once; more than an office can visit is a plan badly made.
MOST_PICKS = 100
MOST_SUBJECTS = 50_000
_HASH = re.compile(r"[0-9a-f]{64}")
JOINT = {"market": "市场监督管理", "ecology": "生态环境"}
FIELDS = (
    "name", "region_code", "basis", "period_from", "period_to", "subject", "filters", "number",
    "permille", "strata", "joint", "exempt_after", "seed_kind", "seed_source", "seed_day",
    "commitment",
)  # fmt: skip
State: Any = InspectionPlan.State
SeedKind: Any = InspectionPlan.SeedKind


def save_plan(
    *, values: dict[str, Any], by: User, access: Access, plan: int | None = None,
    version: int | None = None,
) -> InspectionPlan:  # fmt: skip
    """A new plan, or a changed one while nothing is published.

    Raises :class:`Denied` for a region out of reach and :class:`JigaiError` for a plan already
    published or changed meanwhile, and for values that do not go together.
    """
    access.require(SUPERVISE)
    if not reaches(access, SUPERVISE, str(values["region_code"])):
        raise Denied("out-of-reach", "不能为这个地区订抽查计划", "选择您所在的地区")
    with transaction.atomic():
        row = _locked(plan, access) if plan else InspectionPlan(created_by=by, version=0)
        if version is not None and version != row.version:
            raise JigaiError("plan-changed", "这个计划刚被别人改过", "刷新页面，看过新的内容再改")
        _require(row, State.DRAFT, "已经公布名单的计划不能再改", "另订一个计划")
        for name in FIELDS:
            if name in values:
                setattr(row, name, values[name])
        _check(row)
        row.version += 1
        row.save()
    return row


def _check(plan: InspectionPlan) -> None:
    if plan.period_to < plan.period_from:
        raise JigaiError("plan-period", "检查期的止日早于起日", "核对日期")
    if (plan.number is None) == (plan.permille is None):
        raise JigaiError("plan-quota", "抽取数量和比例要填一样，也只填一样", "填写其中一样")
    if plan.strata and plan.number is not None:
        raise JigaiError("plan-strata", "分层的按比例抽，不能同时写数量", "改填比例，或不分层")
    shares = [share for share in (plan.permille, *plan.strata.values()) if share is not None]
    if any(not 0 < share <= 1000 for share in shares) or (plan.number or 1) < 1:
        raise JigaiError("plan-quota", "数量要大于零，比例在 0.1% 到 100% 之间", "核对")
    if not plan.seed_source.strip():
        raise JigaiError("plan-seed", "没有写种子出处", "写明取哪一个公开数，或散列由谁保管原文")
    if plan.seed_kind == SeedKind.COMMIT and not _HASH.fullmatch(plan.commitment):
        raise JigaiError(
            "plan-commitment", "没有填种子的散列", "由保管人算出原文的 SHA-256（64 位十六进制）交来"
        )
    if plan.seed_kind == SeedKind.PUBLIC and plan.seed_day is None:
        raise JigaiError("plan-seed-day", "没有填公开数产生的日期", "填写公布名单以后的一天")


def publish_plan(*, plan: int, by: User, access: Access) -> InspectionPlan:
    """Freeze the population and publish its hash; nothing of the plan changes any more.

    Raises :class:`JigaiError` for a seed that could be known today, nobody to draw from, or more
    picks than can be visited.
    """
    with transaction.atomic():
        row = _locked(plan, access)
        _require(row, State.DRAFT, "名单已经公布过", "刷新页面")
        _check(row)
        today = timezone.localdate()
        if row.seed_kind == SeedKind.PUBLIC and (row.seed_day or today) <= today:
            raise JigaiError(
                "seed-known", f"公开数 {row.seed_day} 已经产生，公布名单以后才产生的才能用",
                "改成以后某一天的公开数",
            )  # fmt: skip
        people, exempted = population_of(row, access)
        _check_size(row, len(people))
        InspectionSubject.objects.bulk_create(
            [
                InspectionSubject(plan=row, key=one.key, name=one.name[:300], ref=one.ref,
                                  stratum=one.stratum, enterprise_id=one.enterprise)
                for one in people
            ],
            batch_size=2000,
        )  # fmt: skip
        row.population_size, row.exempted = len(people), exempted
        row.population_sha256 = list_hash((one.key, one.stratum) for one in people)
        row.state, row.published_at, row.published_by = State.PUBLISHED, timezone.now(), by
        expected = len(draw("", [(one.key, one.stratum) for one in people], quota_of(row)))
        if expected > MOST_PICKS:
            raise JigaiError(
                "plan-many", f"按这个比例要抽 {expected} 个，一次最多 {MOST_PICKS} 个",
                "降低比例，或分成几个计划",
            )  # fmt: skip
        row.version += 1
        row.save()
    return row


def _check_size(plan: InspectionPlan, size: int) -> None:
    if size == 0:
        raise JigaiError("plan-empty", "范围里没有可以抽的对象", "放宽地区、行业或日期")
    if size > MOST_SUBJECTS:
        raise JigaiError(
            "plan-large", f"范围里有 {size} 个，一次最多 {MOST_SUBJECTS} 个", "按行业或日期分开"
        )
    if plan.number is not None and plan.number > size:
        raise JigaiError("plan-quota", f"要抽 {plan.number} 个，范围里只有 {size} 个", "减少数量")


def quota_of(plan: InspectionPlan) -> Quota:
    """How many are drawn."""
    return Quota(plan.number, plan.permille, plan.strata)


def subjects_of(plan: InspectionPlan) -> list[tuple[str, str]]:
    """Keys and strata as published."""
    return list(plan.subjects.order_by("key").values_list("key", "stratum"))


def draw_plan(*, plan: int, seed: str, by: User, access: Access) -> InspectionPlan:
    """Draw with the seed as told, and begin a case for each pick.

    Raises :class:`JigaiError` before the day of the seed, for a seed that is not the promised one,
    or a list that is no longer the published one.
    """
    with transaction.atomic():
        row = _locked(plan, access)
        _require(row, State.PUBLISHED, "这个计划现在不能抽取", "先公布名单；抽过的不能再抽")
        told = _seed(row, seed, timezone.localdate())
        people = subjects_of(row)
        if list_hash(people) != row.population_sha256:
            raise JigaiError("list-changed", "名单和公布的散列对不上，不能抽取", "请联系平台管理员")
        row.seed, row.state, row.drawn_by, row.drawn_at = told, State.DRAWN, by, timezone.now()
        row.version += 1
        row.save()
        _begin(row, draw(told, people, quota_of(row)))
    return row


def _seed(plan: InspectionPlan, seed: str, today: dt.date) -> str:
    told = seed.strip()
    if not told or len(told) > 200:
        raise JigaiError("no-seed", "没有填种子，或太长", "照公开的写，200 字以内")
    if plan.seed_kind == SeedKind.PUBLIC and plan.seed_day and today < plan.seed_day:
        raise JigaiError("seed-early", f"公开数要到 {plan.seed_day} 才产生", "到那一天再抽")
    if plan.seed_kind == SeedKind.COMMIT and not is_promised(told, plan.commitment):
        raise JigaiError("seed-broken", "原文和先前公布的散列对不上", "核对原文，一个字都不能差")
    return told


def _begin(plan: InspectionPlan, keys: list[str]) -> None:
    procedure = own_procedure(CODE)
    by_key = {
        row.key: row for row in plan.subjects.filter(key__in=keys).select_related("enterprise")
    }
    for place, key in enumerate(keys, 1):
        subject = by_key[key]
        case = open_case(
            procedure=procedure, by=None, region=plan.region_code,
            key=f"inspection:{plan.pk}:{place}", title=f"{plan.name}：{subject.name}"[:300],
            values=_values(plan, subject),
        )  # fmt: skip
        InspectionPick.objects.create(
            plan=plan, subject=subject, place=place, score=score(plan.seed, key), case=case
        )


def _values(plan: InspectionPlan, subject: InspectionSubject) -> dict[str, Any]:
    firm = subject.enterprise
    # The enterprise stands among the values, not as applicant: nobody withdraws their inspection.
    return {
        "heading": f"{plan.name}：{subject.name}"[:300],
        "subject": f"{subject.name}（{subject.key}）",
        "firm": {"id": firm.pk, "name": firm.name, "uscc": firm.uscc} if firm else None,
        "basis": plan.basis, "period": f"{plan.period_from} 至 {plan.period_to}",
        "with_market": "market" in plan.joint, "with_ecology": "ecology" in plan.joint,
    }  # fmt: skip


def _locked(plan: int, access: Access) -> InspectionPlan:
    access.require(SUPERVISE)
    row = InspectionPlan.objects.select_for_update().filter(pk=plan).first()
    if row is None or not reaches(access, SUPERVISE, row.region_code):
        raise Denied("out-of-reach", "这个计划不在您的数据权限之内", "请联系订计划的单位")
    return row


def _require(plan: InspectionPlan, state: str, said: str, hint: str) -> None:
    if plan.state != state:
        raise JigaiError("plan-state", said, hint)
