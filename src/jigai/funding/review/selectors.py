"""What the pages of a review show: opinions, amounts of both bases, materials, standing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jigai.cases.models import CaseStep, Task
from jigai.core.access import Access
from jigai.core.models import EvidenceFile
from jigai.funding.applications.selectors import applications_for, own_enterprises
from jigai.funding.compute.claims import AUDITED, BASES, CLAIMED
from jigai.funding.models import Application, Round
from jigai.funding.review.auditors import has_audited
from jigai.funding.review.services.check_evidence import items_of
from jigai.funding.review.words import OPINIONS, VIEW
from jigai.policies.models import Decision

RESULTS = {"agree": ("confirmed", "同意"), "disagree": ("rejected", "不同意")}


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a department said: the step's name, its look and word, who, and in which words."""

    name: str
    look: str
    word: str
    by: str
    words: str


def opinions_of(application: Application) -> list[Opinion]:
    """The opinions of departments in the order of the procedure; two queries."""
    if application.case_id is None:
        return []
    rows = CaseStep.objects.filter(case=application.case_id, code__in=list(OPINIONS))
    steps = {row.code: row for row in rows.order_by("round", "id")}
    done = Task.objects.filter(
        step__in=[row.pk for row in steps.values()], state=Task.State.DONE, kind="handle"
    )
    tasks = {t.step_id: t for t in done.select_related("acted_by", "department").order_by("id")}
    return [_opinion(step, tasks.get(step.pk)) for step in
            sorted(steps.values(), key=lambda s: s.place)]  # fmt: skip


def _opinion(step: CaseStep, task: Task | None) -> Opinion:
    if task is None or step.state != CaseStep.State.DONE:
        return Opinion(step.name, "pending", "未答复", "", "")
    look, word = RESULTS.get(step.result, ("info", step.result))
    by = f"{task.department or ''} {task.acted_by or ''}".strip()
    return Opinion(step.name, look, word, by, task.opinion)


def opinion_counts(cases: Iterable[int | None]) -> dict[int, tuple[int, int, int]]:
    """By case: opinions given, of them against, and asked; one query."""
    rows = CaseStep.objects.filter(
        case__in=[pk for pk in cases if pk], code__in=list(OPINIONS), state__in=("done", "active")
    )
    told = rows.order_by().values("case").annotate(
        given=Count("pk", filter=Q(state="done")),
        against=Count("pk", filter=Q(state="done", result="disagree")), asked=Count("pk"),
    )  # fmt: skip
    return {one["case"]: (one["given"], one["against"], one["asked"])
            for one in told.order_by("case")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """One basis: its name, the base and what it gives in fen, the decision with the steps."""

    name: str
    base: int | None
    amount: int | None
    decision: int | None


def amounts_of(application: Application) -> list[Amount]:
    """Both figures side by side, each with the decision of the latest run on that base."""
    traces = _traces(application)
    return [
        Amount("申报", application.claimed_fen, application.computed_fen, traces.get(CLAIMED)),
        Amount("审定", application.audited_fen, application.reviewed_fen, traces.get(AUDITED)),
    ]


def _traces(application: Application) -> dict[str, int]:
    rows = Decision.objects.filter(
        run__population__round=str(application.round_id), subject=application.measure.subject,
        subject_key=application.subject_key,
    )  # fmt: skip
    told = rows.order_by("run_id").values_list("run__population__basis", "pk")
    names = {word: code for code, word in BASES.items()}
    return {names[basis]: pk for basis, pk in told if basis in names}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check: id, name, whether it is asked for, its files, and what was found."""

    id: str
    name: str
    required: bool
    files: tuple[EvidenceFile, ...]
    state: str
    words: str


def checklist(application: Application) -> list[Item]:
    """Materials with their files, then the sections, with what was found of each; two queries."""
    held = {row.item: row for row in application.checks.order_by("id")}
    given = {str(k): v if isinstance(v, list) else [v] for k, v in application.evidence.items()}
    keys = {pk for files in given.values() for pk in files if isinstance(pk, int)}
    files = EvidenceFile.objects.in_bulk(keys)
    needed = {str(one["id"]): bool(one.get("required")) for one in application.measure.evidence}
    found = []
    for item, name in items_of(application).items():
        row = held.get(item)
        mine = tuple(files[pk] for pk in given.get(item, []) if pk in files)
        state, words = (row.state, row.words) if row else ("", "")
        found.append(Item(item, name, needed.get(item, False), mine, state, words))
    return found


def may_look(application: Application, access: Access) -> bool:
    """Whether somebody of the administration or its auditor; an applicant has another page."""
    if has_audited(application, access):
        return True
    if not access.can(VIEW):
        return False
    if application.enterprise_id in own_enterprises(access, VIEW):
        return False
    return applications_for(access).filter(pk=application.pk).exists()


def in_review(access: Access) -> QuerySet[Application]:
    """Applications the administration has in its hands up to the list."""
    rows = applications_for(access, VIEW)
    firms = own_enterprises(access, VIEW)
    return rows.exclude(enterprise__in=firms).exclude(state__in=("draft", "signing", "withdrawn"))


def standing(round_: Round) -> list[tuple[str, str, int]]:
    """Applications of a round by state: code, word, number."""
    rows = Application.objects.filter(round=round_).exclude(state__in=("draft", "signing"))
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")).order_by("state"))
    return [(str(code), str(word), counts[code])
            for code, word in Application.State.choices if code in counts]  # fmt: skip


def verdicts(round_: Round) -> list[tuple[int | None, int]]:
    """Live applications of a round by the verdict of the latest run: code, number."""
    rows = Application.objects.filter(round=round_).exclude(
        state__in=("draft", "signing", "withdrawn", "refused")
    )
    told = rows.order_by().values_list("decision__verdict").annotate(n=Count("pk"))
    return sorted(told, key=lambda one: (one[0] is None, one[0] or 0))
