"""同意、不同意、退回."""

from __future__ import annotations

from jigai.cases import hooks
from jigai.cases.flow.walk import again, before, verdict
from jigai.cases.models import CaseStep, Task
from jigai.cases.services.advance import close, end_open
from jigai.cases.services.ask_gates import ask_gates
from jigai.cases.services.deed import CaseResult, Deed, StepState, TaskKind, TaskState
from jigai.cases.services.write_values import write_values
from jigai.errors import JigaiError

DECISIONS = {"agree": "同意", "disagree": "不同意", "abstain": "弃权"}


def agree(deed: Deed) -> None:
    """同意; for a vote also 弃权, for a task without decision that it is done."""
    decision = str(deed.data.get("decision") or "agree")
    if decision not in DECISIONS or (decision == "abstain" and deed.shape.mode != "vote"):
        raise JigaiError("bad-decision", f"这一步没有“{decision}”这种意见", "重新选择")
    _decide(deed, decision)


def disagree(deed: Deed) -> None:
    """不同意, with the reason."""
    if deed.shape.deed == "task":
        raise JigaiError("no-refusal", f"“{deed.shape.name}”只有办理，没有不同意", "需要时退回")
    _decide(deed, "disagree")


def _decide(deed: Deed, decision: str) -> None:
    if deed.shape.accepts:
        raise JigaiError("is-acceptance", "这一步是受理", "用“受理”“补正”或“不予受理”")
    assert deed.task is not None
    # Whoever was asked for an opinion (加签) gives that; the form is the handler's.
    if deed.task.kind != TaskKind.SIGN:
        write_values(deed)
    if decision == "agree":
        # A gate stands in the way of an agreement; whoever refuses because of it must be able to.
        ask_gates(deed.case, "decide", deed.today, deed.by)
    deed.settle(decision)
    deed.note(decision=decision)
    signing = [t for t in _tasks_of(deed) if t.kind == TaskKind.SIGN]
    if any(t.state == TaskState.OPEN for t in signing):
        return
    found = verdict(deed.shape, _decisions(deed))
    if not found:
        return
    finish_step(deed, deed.step, found)
    if found == "disagree" and deed.shape.refuse != "record":
        _refused(deed)


def _tasks_of(deed: Deed) -> list[Task]:
    return list(Task.objects.filter(step=deed.step).exclude(state=TaskState.CANCELLED))


def _decisions(deed: Deed) -> list[str]:
    return [t.decision for t in _tasks_of(deed) if t.kind == TaskKind.HANDLE]


def finish_step(deed: Deed, step: CaseStep, result: str) -> None:
    """A step is done: what waited in it is over, a pause in it too."""
    Task.objects.filter(step=step, state=TaskState.OPEN).exclude(kind=TaskKind.COPY).update(
        state=TaskState.CANCELLED
    )
    step.pauses.filter(ends__isnull=True).update(ends=deed.today)
    step.state, step.result, step.done_on = StepState.DONE, result, deed.today
    step.save(update_fields=["state", "result", "done_on"])
    hooks.run_step_hooks(deed.case, step, deed.by)


def _refused(deed: Deed) -> None:
    if deed.shape.refuse == "end":
        close(deed, CaseResult.REFUSED)
    else:
        go_back(deed, deed.shape.refuse.removeprefix("return:"))


def send_back(deed: Deed) -> None:
    """退回 to any earlier step: it and all that follows it are done again, in a new round."""
    target = str(deed.data.get("to") or "")
    possible = before(deed.spec, deed.step.code)
    if target not in possible:
        names = "、".join(deed.spec.step(one).name for one in possible) or "没有更早的步骤"
        raise JigaiError("bad-target", "不能退回到这一步", f"可以退回：{names}")
    if deed.spec.step(target).accepts:
        raise JigaiError("accepted", "已经受理，不能退回受理", "退回受理之后的步骤，或不同意")
    deed.settle("back")
    deed.note(to=target)
    go_back(deed, target)


def go_back(deed: Deed, target: str) -> None:
    """Reopen a step and everything behind it; branches that do not hang on it go on."""
    codes = frozenset(again(deed.spec, target))
    end_open(deed, StepState.RETURNED, codes)
    latest: dict[str, CaseStep] = {}
    for row in deed.case.steps.filter(code__in=codes).order_by("round"):
        latest[row.code] = row
    for row in latest.values():
        if row.state in (StepState.DONE, StepState.SKIPPED):
            row.state = StepState.RETURNED
            row.save(update_fields=["state"])
            hooks.run_undone_hooks(deed.case, row, deed.by)
