"""Gate ``joint-acceptance`` and what a failed acceptance brings: 先建后验 has consequences."""

from __future__ import annotations

from jigai.cases.gates import FAIL, PASS, Answer, Question
from jigai.cases.models import Case, CaseStep, Task
from jigai.cases.services.revoke_conclusion import take_back
from jigai.core.models import User

GATE, PERMIT, JOINT, RESULT = "joint-acceptance", "permit", "joint", "first_result"
SYSTEM, SOURCE = "build-then-verify", "先建后验准予先建"
FAILED_BASIS = "承诺书第三条：整改一次仍不合格的撤销准予"


def permit_of(case: Case) -> Case | None:
    """The permit to build first that the acceptance is about, of the same enterprise."""
    number = str(case.values.get(PERMIT) or "").strip()
    rows = Case.objects.select_related("procedure", "enterprise", "started_by")
    found = rows.filter(number=number, enterprise=case.enterprise).first()
    return found if found and SYSTEM in found.procedure.systems else None


def joint_acceptance(question: Question) -> Answer:
    """There is a permit in force; a summary may not say "passed" over a department's no."""
    case = question.case
    permit = permit_of(case)
    if permit is None:
        words = f"没有本企业编号为“{case.values.get(PERMIT) or '—'}”的准予先建"
        return Answer(FAIL, words, SOURCE, question.on)
    if permit.state != Case.State.DONE or permit.result != Case.Result.AGREED:
        words = f"{permit.number} {permit.get_state_display()}，没有有效的准予"
        return Answer(FAIL, words, SOURCE, question.on)
    against = refusing(case)
    if against and case.values.get(RESULT) == "passed":
        return Answer(FAIL, f"{'、'.join(against)}验收不通过，汇总不能写通过", "联合验收意见",
                      question.on)  # fmt: skip
    return Answer(PASS, f"{permit.number} 准予先建有效", SOURCE, question.on)


def refusing(case: Case) -> list[str]:
    """The departments that said no in the latest round of the joint acceptance."""
    last = CaseStep.objects.filter(case=case, code=JOINT).order_by("-round").first()
    if last is None:
        return []
    tasks = Task.objects.filter(step=last, decision="disagree").select_related("department")
    return [str(task.department) for task in tasks.order_by("id")]


def end_permit(case: Case, by: User | None) -> None:
    """A second failure ends the permit; called when a case closes."""
    if GATE not in case.release.spec.gates or case.result != Case.Result.REFUSED:
        return
    permit = permit_of(case)
    if permit is None:
        return
    held = Case.objects.select_for_update(of=("self",)).select_related(
        "procedure", "started_by"
    ).get(pk=permit.pk)  # fmt: skip
    if held.state == Case.State.DONE and held.result == Case.Result.AGREED:
        take_back(held, f"竣工联合验收 {case.number} 不予通过", FAILED_BASIS, by)
