"""撤回、取回、作废."""

from __future__ import annotations

from jigai.cases.flow.graph import descendants
from jigai.cases.models import CaseStep, Task
from jigai.cases.services.advance import close, latest_steps
from jigai.cases.services.deed import CaseResult, CaseState, Deed, StepState, TaskKind, TaskState
from jigai.cases.services.deeds.decide import DECISIONS, go_back
from jigai.cases.services.give_tasks import give_tasks, kept_address
from jigai.cases.services.tell import tell_applicant, tell_tasks
from jigai.errors import JigaiError


def withdraw(deed: Deed) -> None:
    """撤回 by the applicant, until the final decision has been made."""
    final = [s for s in deed.spec.steps if s.deed == "decision" and not s.accepts]
    steps = latest_steps(deed.case)
    if final and final[-1].id in steps and steps[final[-1].id].state == StepState.DONE:
        raise JigaiError(
            "decided", f"“{final[-1].name}”已经作出，不能撤回", "对决定有异议的，按告知的途径提出"
        )
    _end(deed, CaseState.WITHDRAWN, "申请人已撤回")


def void(deed: Deed) -> None:
    """作废 by whoever oversees."""
    _end(deed, CaseState.VOID, "办件已作废")
    tell_applicant(deed.case, "您的办件已作废", deed.reason)


def _end(deed: Deed, state: str, words: str) -> None:
    waiting = [t for t in deed.tasks if t.state == TaskState.OPEN and t.kind != TaskKind.COPY]
    deed.note()
    close(deed, CaseResult.NONE, state)
    tell_tasks(deed.case, waiting, "case-moved", words, deed.reason, but=deed.by)


def recall(deed: Deed) -> None:
    """取回 one's own last decision, as long as nobody behind it has decided or taken anything.

    A finished step is done again in a new round; opinions that others gave in it stand.
    """
    task = _own_last(deed)
    step = task.step
    assert step is not None
    shape = deed.spec.step(step.code)
    if shape.accepts:
        raise JigaiError(
            "accepted", "受理已经告知申请人，不能取回", "不符合条件的，在后面的步骤写明"
        )
    deed.task = task
    if step.state == StepState.ACTIVE:
        task.state = TaskState.CANCELLED
        task.save(update_fields=["state"])
        new = [_again(deed, task, step)]
    elif step.state == StepState.DONE:
        _nothing_behind(deed, step)
        new = _reopened(deed, task, step)
    else:
        raise JigaiError("gone-back", f"“{step.name}”已经退回重办", "在新的一轮里办理")
    deed.note(round=new[0].step.round if new and new[0].step else step.round)
    tell_tasks(deed.case, new, "case-task", f"已取回，重新办理：{step.name}", but=deed.by)


def _own_last(deed: Deed) -> Task:
    assert deed.by is not None
    own = [
        t for t in deed.tasks
        if t.acted_by_id == deed.by.pk and t.state == TaskState.DONE and t.step is not None
        and t.kind == TaskKind.HANDLE and t.decision in DECISIONS
    ]  # fmt: skip
    if not own:
        raise JigaiError("nothing-own", "您在这件办件里没有可以取回的决定", "退回的不能取回")
    return max(own, key=lambda t: (t.done_at, t.pk))


def _nothing_behind(deed: Deed, step: CaseStep) -> None:
    behind = descendants(deed.spec.steps, step.code)
    for task in deed.tasks:
        at = task.step
        if at is None or at.code not in behind or task.kind == TaskKind.COPY:
            continue
        if at.state not in (StepState.ACTIVE, StepState.DONE):
            continue
        if task.state == TaskState.DONE:
            raise JigaiError(
                "done-behind", f"后面的“{at.name}”已由{task.acted_by}办理，不能取回",
                "请后面的步骤退回",
            )  # fmt: skip
        if task.state == TaskState.OPEN and task.department_id and task.person_id:
            raise JigaiError(
                "taken-behind", f"后面的“{at.name}”已由{task.person}领办，不能取回",
                "请后面的步骤退回",
            )  # fmt: skip


def _reopened(deed: Deed, task: Task, step: CaseStep) -> list[Task]:
    go_back(deed, step.code)
    new = CaseStep.objects.create(
        case=deed.case, code=step.code, name=step.name, place=step.place, round=step.round + 1,
        days=step.days, started_on=deed.today,
    )  # fmt: skip
    shape = deed.spec.step(step.code)
    if shape.mode == "any":
        give_tasks(deed, new, shape)
        return []
    others = Task.objects.filter(step=step, state=TaskState.DONE).exclude(pk=task.pk)
    others.update(step=new)
    return [_again(deed, task, new)]


def _again(deed: Deed, task: Task, step: CaseStep) -> Task:
    return Task.objects.create(
        case=deed.case, step=step, kind=task.kind, department_id=task.department_id,
        enterprise_id=task.enterprise_id, person_id=task.person_id, due=step.due,
        **kept_address(task),
    )  # fmt: skip
