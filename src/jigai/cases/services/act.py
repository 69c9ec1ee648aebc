"""The one way anything is done to a case: lock, check, do, record, set the clocks, tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from jigai.cases.access import desk_of, holds, relations_of
from jigai.cases.flow.verbs import VERBS, refusal
from jigai.cases.gates import GateClosed
from jigai.cases.models import Case, Task
from jigai.cases.services.advance import advance
from jigai.cases.services.ask_gates import keep_refusal
from jigai.cases.services.clocks import settle_clocks
from jigai.cases.services.deed import Deed, TaskKind, TaskState
from jigai.cases.services.deeds import (
    acceptance,
    clocks,
    correct,
    decide,
    draft,
    extra,
    hand,
    share,
    stop,
    supply,
)
from jigai.cases.services.meanwhile import (
    delegation_not_over,
    not_done_meanwhile,
    not_taken_meanwhile,
)
from jigai.core.access import Access, Denied
from jigai.core.models import User
from jigai.core.platform_calendar import platform_calendar
from jigai.errors import JigaiError

# What somebody may do whose opinion was asked for (加签).
_SIGNER = ("agree", "disagree", "transfer", "delegate", "claim")
Doing = Callable[[Deed], None]
DOINGS: dict[str, Doing] = {
    "save": draft.save, "submit": draft.submit,
    "claim": hand.claim, "transfer": hand.transfer, "delegate": hand.delegate,
    "add_signer": share.add_signer, "copy": share.copy, "urge": share.urge,
    "accept": acceptance.accept, "refuse_acceptance": acceptance.refuse_acceptance,
    "agree": decide.agree, "disagree": decide.disagree, "send_back": decide.send_back,
    "correct": correct.correct, "supply": supply.supply,
    "withdraw": stop.withdraw, "recall": stop.recall, "void": stop.void,
    "pause": clocks.pause, "resume": clocks.resume, "extend": clocks.extend,
    "supply_deferred": extra.supply_deferred, "visit": extra.visit,
}  # fmt: skip


def act(
    *, case: int, verb: str, by: User, access: Access, task: int | None = None, reason: str = "",
    seen: int | None = None, **data: Any,
) -> Case:  # fmt: skip
    """Use a verb on a case; ``data`` is what the verb's own form brings.

    ``task`` names the task acted on where one has several in the case; ``seen`` is the version of
    the case the person looked at. Raises :class:`Denied` for an outsider and :class:`JigaiError`
    for what the table of verbs, the step or the data forbid, each with what to do instead.
    """
    try:
        with transaction.atomic():
            found = locked_case(case)
            deed = _deed(found, verb, by, access, reason, data)
            _require(deed, task, seen)
            DOINGS[verb](deed)
            finish(deed)
    except GateClosed as closed:
        keep_refusal(closed, timezone.localdate(), by)
        raise
    return found


def locked_case(pk: int) -> Case:
    """The case, for this transaction only: whoever else wants to act on it waits."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("release", "procedure", "enterprise", "started_by")
        .get(pk=pk)
    )


def finish(deed: Deed) -> None:
    """Open what can be opened now, set the clocks and store; the last part of every deed."""
    advance(deed)
    settle_clocks(deed.case, deed.calendar, deed.today)
    deed.case.version += 1
    deed.case.save()


def _deed(
    case: Case, verb: str, by: User, access: Access, reason: str, data: dict[str, Any]
) -> Deed:
    tasks = list(
        Task.objects.filter(case=case).select_related(
            "step", "department", "enterprise", "person", "acted_by"
        )
    )
    return Deed(
        case, verb, by, access, desk_of(access), tasks, timezone.localdate(), platform_calendar(),
        reason.strip(), data, rule=VERBS[verb],
    )  # fmt: skip


def _require(deed: Deed, task: int | None, seen: int | None) -> None:
    assert deed.access is not None and deed.desk is not None and deed.rule is not None
    relations = relations_of(deed.case, deed.access, deed.tasks, deed.desk)
    if deed.rule.task and not relations & deed.rule.relations:
        delegation_not_over(deed, task)
    if not relations:
        raise Denied("out-of-reach", "这件办件不在您的查看范围之内", "请联系承办单位")
    if deed.rule.task:
        not_done_meanwhile(deed, task)
        if "supervisor" not in relations & deed.rule.relations:
            not_taken_meanwhile(deed, task)
    if said := refusal(deed.verb, deed.case.state, relations):
        raise JigaiError("verb-refused", *said)
    if deed.rule.reason and not deed.reason:
        raise JigaiError("no-reason", f"{deed.rule.word}要写理由", "写明事由，会记入流转记录")
    if deed.rule.task:
        deed.task = _own_task(deed, task, "supervisor" in relations)
    if seen is not None and seen != deed.case.version:
        raise JigaiError(
            "case-changed", "这件办件刚被别人办理过，和您看到的已不一样",
            "刷新页面，看过新的内容再办",
        )  # fmt: skip


def _own_task(deed: Deed, task: int | None, supervisor: bool) -> Task:
    desk, rule = deed.desk, deed.rule
    assert desk is not None and rule is not None
    reach = supervisor and "supervisor" in rule.relations
    open_ = [t for t in deed.tasks if t.state == TaskState.OPEN and t.kind != TaskKind.COPY]
    own = [t for t in open_ if (task is None or t.pk == task) and (reach or holds(t, desk))]
    if not own:
        raise JigaiError("no-task", f"您在这件办件里没有可以{rule.word}的待办", "刷新页面")
    if len({t.step_id for t in own}) > 1:
        names = "、".join(str(t.step) for t in own)
        raise JigaiError("which-task", f"您有几项待办：{names}", "从其中一项进入办理")
    found = sorted(own, key=lambda t: (not holds(t, desk), t.person_id is None, t.pk))[0]
    if found.kind == TaskKind.SIGN and deed.verb not in _SIGNER:
        raise JigaiError("signer-only", f"加签人不能{rule.word}", "加签人只签意见，由主办人办理")
    return found
