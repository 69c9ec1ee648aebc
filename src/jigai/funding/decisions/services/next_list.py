"""The version for the next meeting, made from one that was approved to go on."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.decisions.access import MAKE, require_at
from jigai.funding.decisions.services.locked import locked_list
from jigai.funding.decisions.services.make_list import write_list
from jigai.funding.decisions.shares import Given
from jigai.funding.models import DecisionList

STAGES: list[str] = [str(code) for code in DecisionList.Stage.values]


def next_list(
    *, decision_list: int, stage: str, changes: Mapping[int, tuple[int, str]], by: User,
    access: Access,
) -> DecisionList:  # fmt: skip
    """A draft with the lines of a version that goes on, some of them changed: ``changes`` are
    application to (fen, reason). 0 takes a line off; nobody gets more than was reviewed.

    Raises :class:`JigaiError` for a version that binds already or has a successor, a stage that is
    not a later one, a change without a reason, or more than the budget holds.
    """
    with transaction.atomic():
        before = locked_list(decision_list, "approved", None)
        require_at(access, MAKE, before.round.region_code)
        _require(before, stage)
        lines = list(
            before.lines.order_by("place").values_list(
                "application", "name", "reviewed_fen", "decided_fen", "remark"
            )
        )
        unknown = set(changes) - {line[0] for line in lines}
        if unknown:
            raise JigaiError("unknown-line", "要改的申报不在这一版名单里", "刷新页面")
        told = [(pk, name, asked, _given(changes.get(pk), asked, fen, words, name))
                for pk, name, asked, fen, words in lines]  # fmt: skip
        budget = balances(before.round.programme).available
        if sum(one[3].fen for one in told) > budget:
            raise JigaiError("budget-short", "调整以后超过可用预算", "调低金额，或先追加预算")
        return write_list(
            round_=before.round, stage=stage, rule=before.rule, reason=before.rule_reason, by=by,
            budget=budget, effects=before.effects, lines=told, follows=before,
        )  # fmt: skip


def _require(before: DecisionList, stage: str) -> None:
    if before.binding:
        raise JigaiError("list-binds", "这一版名单已经生效，不再报下一环节", "需要时另拟名单")
    if STAGES.index(stage) <= STAGES.index(before.stage):
        raise JigaiError("stage-order", "下一版名单的环节要在这一版之后", "选后面的环节")
    if before.followed_by.exclude(state="refused").exists():
        raise JigaiError("has-next", "这一版名单已经有下一版", "打开下一版名单")


def _given(change: tuple[int, str] | None, asked: int, fen: int, words: str, name: str) -> Given:
    if change is None or change[0] == fen:
        return Given(fen, words)
    wanted, reason = change
    if not 0 <= wanted <= asked:
        raise JigaiError(
            "beyond-reviewed", f"{name}：审定金额只能在零到审核金额之间", "改低，或不调整"
        )
    if not reason.strip():
        raise JigaiError("no-reason", f"{name}：调整金额要写理由", "写明调整的依据")
    return Given(wanted, reason.strip())
