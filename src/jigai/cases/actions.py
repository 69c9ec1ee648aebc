"""What a person may do with a case now: the verbs with their forms, the usual ones first."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.cases.access import holds
from jigai.cases.flow.shapes import Step
from jigai.cases.flow.verbs import Verb, allowed
from jigai.cases.flow.walk import before
from jigai.cases.forms import DeedForm, deferred_of, pause_kinds
from jigai.cases.models import Task
from jigai.cases.services.deed import TaskKind
from jigai.cases.viewer import Viewer

# Those that settle the step stand on top; the others are folded away below them.
DECIDING = ("accept", "agree", "disagree", "refuse_acceptance", "correct", "send_back", "claim",
            "supply_deferred")  # fmt: skip
DANGER = frozenset({"refuse_acceptance", "disagree", "withdraw", "void"})
SIGNER = frozenset({"agree", "disagree", "transfer", "delegate", "claim"})
# These have a page of their own.
ON_OWN_PAGE = frozenset({"save", "submit", "supply"})


@dataclass(frozen=True, slots=True)
class Action:
    """One verb with its form. ``opened``: unfolded when the page loads."""

    verb: str
    word: str
    form: DeedForm
    danger: bool
    opened: bool
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The verbs for one task (or for the case as a whole), and other tasks one has in it."""

    task: Task | None
    step: Step | None
    deciding: tuple[Action, ...]
    more: tuple[Action, ...]
    others: tuple[Task, ...]

    def __bool__(self) -> bool:
        return bool(self.deciding or self.more)


def chosen_task(view: Viewer, wanted: int | None) -> Task | None:
    """The open task named in the address, else one's own one that is due first.

    Who oversees may name anybody's.
    """
    reach = view.running if "supervisor" in view.relations else view.open_tasks
    named = next((task for task in reach if task.pk == wanted), None)
    if named is not None or not view.open_tasks:
        return named
    dated = [task for task in view.open_tasks if task.due is not None]
    if dated:
        return min(dated, key=lambda task: (task.due, task.pk))
    return view.open_tasks[0]


def panel_of(view: Viewer, wanted: int | None = None, bound: DeedForm | None = None) -> Panel:
    """The panel. ``bound`` is a form that came back with a problem: it is shown as it was filled
    in, and unfolded."""
    task = chosen_task(view, wanted)
    step = view.spec.step(task.step.code) if task is not None and task.step is not None else None
    rules = [r for r in allowed(view.case.state, view.relations) if _fits(r, view, task, step)]
    found = [_action(rule, view, task, step, bound) for rule in rules]
    order = {verb: place for place, verb in enumerate(DECIDING)}
    deciding = sorted((a for a in found if a.verb in order), key=lambda a: order[a.verb])
    more = [a for a in found if a.verb not in order]
    if deciding and not any(a.opened for a in found):
        deciding[0] = _opened(deciding[0])
    others = tuple(
        t for t in view.open_tasks
        if task is None or (t.pk != task.pk and t.step_id != task.step_id)
    )  # fmt: skip
    return Panel(task, step, tuple(deciding), tuple(more), others)


def _action(
    rule: Verb, view: Viewer, task: Task | None, step: Step | None, bound: DeedForm | None
) -> Action:
    back = bound is not None and bound.verb == rule.code
    form = bound if back and bound is not None else DeedForm(rule.code, view, task)
    word = form.word if form.ends else _word(rule, step)
    confirm = f"确定{word}？会记入流转记录。" if rule.code in DANGER else ""
    return Action(rule.code, word, form, rule.code in DANGER, back, confirm)


def _opened(action: Action) -> Action:
    return Action(action.verb, action.word, action.form, action.danger, True, action.confirm)


def _word(rule: Verb, step: Step | None) -> str:
    if rule.code == "agree" and step is not None and step.deed == "task":
        return "办理完毕"
    if rule.code == "agree" and step is not None and step.mode == "vote":
        return "投票（同意或弃权）"
    return rule.word


def _fits(rule: Verb, view: Viewer, task: Task | None, step: Step | None) -> bool:
    """Whether a verb the table allows makes sense for this step and this task."""
    verb = rule.code
    if verb in ON_OWN_PAGE:
        return False
    if rule.task and not _has_task(rule, view, task):
        return False
    if task is not None and task.kind == TaskKind.SIGN and rule.task and verb not in SIGNER:
        return False
    test = _TESTS.get(verb)
    return test(view, task, step) if test else True


def _has_task(rule: Verb, view: Viewer, task: Task | None) -> bool:
    """A task of one's own; who oversees may hand on anybody's once it is named."""
    if task is None:
        return False
    own = any(task.pk == one.pk for one in view.open_tasks)
    return own or "supervisor" in rule.relations & view.relations


def _accepting(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return step is not None and step.accepts


def _deciding(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return step is not None and not step.accepts


def _may_disagree(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return step is not None and not step.accepts and step.deed != "task"


def _may_go_back(view: Viewer, task: Task | None, step: Step | None) -> bool:
    codes = before(view.spec, step.id) if step is not None else ()
    return any(not view.spec.step(code).accepts for code in codes)


def _may_claim(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return task is not None and task.person_id is None and task.enterprise_id is None


def _may_extend(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return view.case.extensions.count() < view.spec.extension.times


def _may_pause(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return bool(pause_kinds(view, step)) and task is not None and not _paused(task)


def _paused(task: Task) -> bool:
    return task.step is not None and task.step.pauses.filter(ends__isnull=True).exists()


def _may_resume(view: Viewer, task: Task | None, step: Step | None) -> bool:
    open_ = [p for p in view.case.pauses.all() if p.ends is None and p.kind != "correction"]
    here = task.step_id if task is not None else None
    return any("supervisor" in view.relations or p.step_id in (None, here) for p in open_)


def _may_correct(view: Viewer, task: Task | None, step: Step | None) -> bool:
    """For a licence once, at acceptance (行政许可法 32); else as often as the procedure says."""
    asked = view.case.corrections.count()
    if view.spec.is_licensing:
        return step is not None and step.accepts and not asked
    return asked < view.spec.correction.times


def _may_visit(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return view.spec.counts_visits


def _may_delegate(view: Viewer, task: Task | None, step: Step | None) -> bool:
    """What is done for another is not handed on by the deputy."""
    return task is not None and holds(task, view.desk) == "handler"


def _may_defer(view: Viewer, task: Task | None, step: Step | None) -> bool:
    return bool(deferred_of(view))


_TESTS = {
    "accept": _accepting, "refuse_acceptance": _accepting, "agree": _deciding,
    "disagree": _may_disagree, "send_back": _may_go_back, "claim": _may_claim,
    "extend": _may_extend, "pause": _may_pause, "resume": _may_resume, "correct": _may_correct,
    "supply_deferred": _may_defer, "visit": _may_visit, "delegate": _may_delegate,
}  # fmt: skip
