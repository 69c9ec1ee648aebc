"""Draws up a version of a round's list, by a rule that people choose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.screens import formats
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.decisions.access import MAKE, require_at
from jigai.funding.decisions.candidates import candidates
from jigai.funding.decisions.frozen import hash_of
from jigai.funding.decisions.shares import ENOUGH, Given, Wanted, effects, share
from jigai.funding.models import DecisionLine, DecisionList, Round
from jigai.funding.pending_checks import checks_at_once

BATCH = 5000


def make_list(
    *, round_: int, stage: str, rule: str, reason: str, by: User, access: Access
) -> DecisionList:
    """A draft with its lines: what was reviewed, by a rule chosen with a reason.

    Raises :class:`JigaiError` where nothing can be put on a list, and for a rule that does not
    fit: the money reaches, or it does not and nobody has chosen what to do about it.
    """
    with transaction.atomic(), checks_at_once():
        row = Round.objects.select_for_update(of=("self",)).select_related("programme__book").get(
            pk=round_
        )  # fmt: skip
        require_at(access, MAKE, row.region_code)
        found = candidates(row)
        if not found.wanted:
            raise JigaiError(
                "nothing-reviewed", "没有可以列入名单的申报",
                "审核完毕、有金额且没有待重算的申报才能列入",
            )  # fmt: skip
        budget = balances(row.programme).available
        told = effects(found.wanted, budget)
        _require_chosen(rule, reason, told, found.asked, budget)
        given = share(found.wanted, budget, rule)
        return write_list(
            round_=row, stage=stage, rule=rule, reason=reason, by=by, budget=budget,
            effects=told, lines=_lines(found.wanted, given, found.names),
        )  # fmt: skip


def _require_chosen(rule: str, reason: str, told: dict[str, Any], asked: int, budget: int) -> None:
    if rule not in told and ENOUGH in told:
        raise JigaiError("money-reaches", "资金足够，不需要削减、排队或停发", "选“资金足够”")
    if rule not in told:
        short = formats.yuan(asked - budget)
        raise JigaiError(
            "budget-short", f"预算不够，差 {short} 元，文件没有写怎样处理",
            "在按比例削减、排队、停发里选一种并写明理由，或先追加预算",
        )  # fmt: skip
    if rule != ENOUGH and not reason.strip():
        raise JigaiError("no-reason", "选择资金不足的处理方式要写理由", "写明为什么这样处理")


Line = tuple[int, str, int, Given]


def _lines(wanted: Iterable[Wanted], given: dict[int, Given], names: dict[int, str]) -> list[Line]:
    return [(one.key, names[one.key], one.fen, given[one.key]) for one in wanted]


def write_list(
    *, round_: Round, stage: str, rule: str, reason: str, by: User, budget: int,
    effects: dict[str, Any], lines: list[Line], follows: DecisionList | None = None,
) -> DecisionList:  # fmt: skip
    """The next version of a round's list, with its lines frozen; the round is locked."""
    last = DecisionList.objects.filter(round=round_).aggregate(last=Max("number"))["last"] or 0
    told = [
        (place, key, name[:200], asked, got.fen, got.words[:300])
        for place, (key, name, asked, got) in enumerate(lines, start=1)
    ]
    row = DecisionList.objects.create(
        round=round_, number=last + 1, stage=stage, rule=rule, rule_reason=reason.strip()[:400],
        budget_fen=budget, asked_fen=sum(one[3] for one in told),
        total_fen=sum(one[4] for one in told), effects=effects, root_hash=hash_of(told),
        follows=follows, made_by=by,
    )  # fmt: skip
    DecisionLine.objects.bulk_create(
        (
            DecisionLine(decision_list=row, place=place, application_id=key, name=name,
                         reviewed_fen=asked, decided_fen=fen, remark=words)
            for place, key, name, asked, fen, words in told
        ),
        batch_size=BATCH,
    )  # fmt: skip
    return row
