"""Awards that came through a round: entered when they may be paid, each project once.

A document may reward a project (a demonstration project) like a title. Such a measure is applied
for in a round; its money moves with the application, the award only follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.applications.states import FILLING, OVER
from jigai.funding.models import Application, AwardGrant
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.rules.model import Model
from jigai.rules.schema_programme import Recognition

State: Any = Application.State
Award: Any = AwardGrant.State


def rewarded_by(model: Model) -> dict[str, Recognition]:
    """Measures on projects that reward a recognition of the document, by code."""
    return {
        code: row
        for row in model.pack.recognitions
        for code in row.grants
        if (measure := model.measures.get(code)) is not None and measure.subject == "project"
    }


def awards_follow(applications: Sequence[int], to: str) -> None:
    """Do to the awards of applications what their new state means; two statements for most."""
    if to == State.CLEARED:
        _enter(applications)
    elif to in (State.DECIDED, State.HELD, State.REFUSED):
        rows = AwardGrant.objects.filter(application__in=applications, state=Award.APPROVED)
        rows.update(state=Award.CANCELLED, note="申报退回审定或不予支持", version=F("version") + 1)
    elif to == State.PAID:
        arrived = Application.objects.filter(pk=OuterRef("application")).values("paid_on")
        rows = AwardGrant.objects.filter(application__in=applications, state=Award.APPROVED)
        rows.update(
            state=Award.PAID, paid_on=Subquery(arrived), version=F("version") + 1,
            paid_document="随批次拨付",
        )  # fmt: skip


def _enter(applications: Sequence[int]) -> None:
    rows = Application.objects.filter(pk__in=applications, project__isnull=False)
    kinds = rows.order_by("measure__code", "round").values_list("measure__code", "round")
    wanted: dict[tuple[str, int], Recognition] = {}
    for code, round_ in kinds.distinct():
        if found := rewarded_by(_model_of(round_)).get(code):
            wanted[code, round_] = found
    if not wanted:
        return
    living = AwardGrant.objects.filter(application__in=applications).exclude(state=Award.CANCELLED)
    entered = set(living.values_list("application", flat=True))
    told = rows.filter(measure__code__in={code for code, _round in wanted}, decided_fen__gt=0)
    told = told.select_related("round__programme", "measure").order_by("id")
    for row in told.defer("round__pack__files"):
        found = wanted.get((row.measure.code, row.round_id))
        if found is not None and row.pk not in entered:
            _make(row, found)


def _model_of(round_: int) -> Model:
    return model_of(PackVersion.objects.defer("files").get(rounds=round_))


def _make(row: Application, found: Recognition) -> None:
    fund = row.round.programme
    try:
        with transaction.atomic():
            AwardGrant.objects.create(
                programme=fund, region_code=row.region_code, enterprise_id=row.enterprise_id,
                pack=fund.pack, measure=row.measure.code, measure_name=row.measure.name,
                clause=row.measure.clause, title=found.id, source=source_of(row),
                level=found.levels[0] if len(found.levels) == 1 else "",
                amount_fen=row.decided_fen, application=row, state=Award.APPROVED,
                proposed_by_id=row.round.created_by_id,
                basis={"name": found.name, "day": row.round.as_of.isoformat(), "steps": []},
            )  # fmt: skip
    except IntegrityError:
        raise JigaiError(
            "already-awarded",
            f"{row.number}：{already_awarded(row)}",
            "核对两笔是不是同一个项目；重复的一笔退回审定，不予支持",
        ) from None


def source_of(row: Application) -> str:
    """What the award is given for: the project under this recognition."""
    return f"project:{row.project_id}:{row.measure.code}"


def already_awarded(row: Application) -> str:
    """Why the project gets no second award for the same; empty where nothing is in the way."""
    if row.project_id is None or row.measure.code not in rewarded_by(model_of(row.round.pack)):
        return ""
    rows = AwardGrant.objects.filter(pack=row.round.programme.pack, source=source_of(row))
    held = rows.exclude(state=Award.CANCELLED).exclude(application=row.pk).first()
    if held is not None:
        on = formats.day(timezone.localtime(held.proposed_at).date())
        return (
            f"这个项目已在 {on} 按“{held.measure_name}”奖励 {formats.yuan(held.amount_fen)} 元"
            f"（第 {held.pk} 号，{held.get_state_display()}），一个项目只奖一次"
        )
    others = Application.objects.filter(
        project=row.project_id, measure__code=row.measure.code,
        round__programme__pack=row.round.programme.pack,
    ).exclude(state__in=(*FILLING, *OVER))  # fmt: skip
    other = others.exclude(pk=row.pk).order_by("id").first()
    return "" if other is None else (
        f"这个项目已在 {other.number} 里申请同一项奖励（{other.get_state_display()}），"
        "一个项目只奖一次"
    )  # fmt: skip
