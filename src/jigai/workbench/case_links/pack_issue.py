"""Drafts of policy documents run as cases: what is done on either page is done, once, on both."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse

from jigai.cases.about import About, register_about
from jigai.cases.addressable import register_capability
from jigai.cases.hooks import register_hook, register_step_hook, register_undone_hook
from jigai.cases.models import Case, CaseStep
from jigai.cases.services.act import act
from jigai.cases.services.follow import follow_back, follow_step, hold_case
from jigai.cases.services.open_case import open_case, own_procedure
from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.outreach.models import Consultation
from jigai.outreach.services.follow_draft import final_of_draft
from jigai.policies.editor.life import DraftWay, register_draft_way
from jigai.policies.editor.selectors import DRAFT, ISSUE
from jigai.policies.editor.services.issue_draft import issue_draft
from jigai.policies.editor.services.move_draft import (
    finish_draft,
    heard_draft,
    review_draft,
    submit_draft,
)
from jigai.policies.editor.services.settle_draft import give_up, take_back
from jigai.policies.models import PackDraft

CODE, ABOUT = "pack-issue", "pack-draft:"
State: Any = PackDraft.State
_STEPS = {
    "submitted": "prepare", "reviewed": "review", "heard": "consult", "finished": "finish",
    "issued": "issue",
}  # fmt: skip


def register() -> None:
    """Follow drafts, and carry out what is decided in their cases."""
    register_capability(DRAFT)
    register_capability(ISSUE)
    register_draft_way(DraftWay(hold, moved, where))
    register_about(ABOUT.removesuffix(":"), about)
    register_step_hook(CODE, "prepare", prepared_here)
    register_step_hook(CODE, "review", reviewed_here)
    register_step_hook(CODE, "consult", heard_here)
    register_step_hook(CODE, "finish", finished_here)
    register_step_hook(CODE, "issue", issued_here)
    for step in ("prepare", "review", "consult", "finish"):
        register_undone_hook(CODE, step, undone_here)
    register_hook(CODE, "ended", ended_here)
    # A round of comments is a case of its own: when its adoption is published, this one goes on.
    register_step_hook("public-consultation", "publish", published_there)


# From the page of the draft to the case


def hold(draft: int) -> None:
    """Lock the case before the draft, as whoever comes from the case does."""
    hold_case(f"{ABOUT}{draft}")


def moved(draft: PackDraft, moment: str, by: User, reason: str) -> None:
    """Let the case follow."""
    case = case_of(draft, by, moment)
    if case is None:
        return
    if moment == "returned":
        step = "prepare" if draft.state == State.DRAFTING else "finish"
        follow_back(case=case.pk, step=step, by=by, reason=reason)
    elif moment == "withdrawn":
        if case.is_running:
            act(case=case.pk, verb="withdraw", by=by, access=access_of(by), reason=reason)
    else:
        follow_step(case=case.pk, step=_STEPS[moment], by=by, values=_values(draft))
    if moment == "issued":
        final_of_draft(draft)


def case_of(draft: PackDraft, by: User, moment: str) -> Case | None:
    """The case of a draft; opened when it is first handed in."""
    found = Case.objects.filter(key=f"{ABOUT}{draft.pk}").first()
    if found is not None or moment == "withdrawn":
        return found
    return open_case(
        procedure=own_procedure(CODE), by=by, region=draft.region_code,
        key=f"{ABOUT}{draft.pk}", title=draft.title, values=_values(draft),
    )  # fmt: skip


def _values(draft: PackDraft) -> dict[str, Any]:
    found: dict[str, Any] = {
        "heading": draft.title, "slug": draft.slug, "consults": draft.consults,
        "no_consultation": draft.no_consultation, "frozen": draft.frozen,
    }  # fmt: skip
    version = draft.issued
    if version is not None:
        found["number"] = version.number or ""
        days = {"issued": version.issued, "effective_from": version.valid_from,
                "effective_to": version.valid_to}  # fmt: skip
        found |= {key: day.isoformat() for key, day in days.items() if day}
    return found


# From the case to the draft


def prepared_here(case: Case, row: CaseStep, by: User | None) -> None:
    """起草送审 done in the case hands the draft in."""
    draft = _draft(case)
    if by is not None and draft.state == State.DRAFTING:
        submit_draft(draft=draft.pk, by=by, access=access_of(by))


def reviewed_here(case: Case, row: CaseStep, by: User | None) -> None:
    """审核 in the case passes the review or sends the draft back."""
    draft = _draft(case)
    if by is None or draft.state != State.REVIEW:
        return
    if row.result == "agree":
        review_draft(draft=draft.pk, by=by, access=access_of(by))
    else:
        take_back(draft=draft.pk, to=State.DRAFTING, by=by, reason=_reason(case))


def heard_here(case: Case, row: CaseStep, by: User | None) -> None:
    """公开征求意见 is only done when the adoption is published."""
    draft = _draft(case)
    if draft.state != State.CONSULTATION:
        return
    if not _published(draft):
        raise JigaiError(
            "not-published", "还没有公示采纳情况", "到征求意见页答复、公示，这一步随之办结"
        )
    if by is not None:
        heard_draft(draft=draft.pk, by=by)


def finished_here(case: Case, row: CaseStep, by: User | None) -> None:
    """修改定稿 done in the case hands the final text in."""
    draft = _draft(case)
    if by is not None and draft.state == State.REVISING:
        finish_draft(draft=draft.pk, by=by, access=access_of(by))


def issued_here(case: Case, row: CaseStep, by: User | None) -> None:
    """印发 in the case issues the draft, with what is written there."""
    draft = _draft(case)
    if by is None or draft.state != State.ISSUING:
        return
    if row.result != "agree":
        take_back(draft=draft.pk, to=State.REVISING, by=by, reason=_reason(case))
        return
    issued, begins = _day(case, "issued"), _day(case, "effective_from")
    if issued is None or begins is None:
        raise JigaiError("no-dates", "没有填写成文日期和施行日期", "填写后再同意")
    issue_draft(
        draft=draft.pk, number=str(case.values.get("number") or ""), issued=issued,
        effective_from=begins, effective_to=_day(case, "effective_to"), by=by,
        access=access_of(by),
    )  # fmt: skip


def undone_here(case: Case, row: CaseStep, by: User | None) -> None:
    """What is to be done again in the case is open again in the draft; not what is public."""
    draft = _draft(case)
    if draft.state == State.ISSUED:
        raise JigaiError("issued", "已经印发，不能退回", "要改的另起一份，替代它")
    if row.code in ("review", "consult", "prepare") and _opened(draft):
        raise JigaiError(
            "public-already", f"“{row.name}”之后已经公开征求意见，不能退回或取回",
            "在修改定稿时改",
        )  # fmt: skip
    if by is None:
        return
    if row.code == "prepare":
        take_back(draft=draft.pk, to=State.DRAFTING, by=by, reason=_reason(case))
    elif row.code == "finish" and draft.state == State.ISSUING:
        take_back(draft=draft.pk, to=State.REVISING, by=by, reason=_reason(case))
    elif row.code == "review" and draft.state in (State.CONSULTATION, State.REVISING):
        take_back(draft=draft.pk, to=State.REVIEW, by=by, reason=_reason(case))


def ended_here(case: Case, by: User | None) -> None:
    """Withdrawn or voided in the case: the draft is given up, unless the public has seen it."""
    draft = _draft(case)
    if draft.state in (State.ISSUED, State.WITHDRAWN):
        return
    if draft.state == State.CONSULTATION and _opened(draft):
        raise JigaiError(
            "public-already", "正在公开征求意见，不能撤回或作废", "答复、公示以后再撤回"
        )
    give_up(draft=draft.pk, reason=_reason(case))


def published_there(case: Case, row: CaseStep, by: User | None) -> None:
    """The adoption of comments on a draft is published: the final text may be written."""
    pk = case.about.removeprefix("consultation:")
    rows = Consultation.objects.filter(pk=int(pk)) if pk.isdigit() else Consultation.objects.none()
    found = rows.values_list("proposal_id", flat=True).first()
    draft = PackDraft.objects.filter(consulted=found, state=State.CONSULTATION).first()
    if found is not None and draft is not None and row.result == "agree" and by is not None:
        heard_draft(draft=draft.pk, by=by)


def _published(draft: PackDraft) -> bool:
    done = (Consultation.Status.PUBLISHED, Consultation.Status.FINAL)
    return Consultation.objects.filter(proposal=draft.consulted_id, status__in=done).exists()


def _opened(draft: PackDraft) -> bool:
    unseen = (Consultation.Status.DRAFT, Consultation.Status.DROPPED)
    rows = Consultation.objects.filter(proposal=draft.consulted_id).exclude(status__in=unseen)
    return draft.consulted_id is not None and rows.exists()


def _draft(case: Case) -> PackDraft:
    rows = PackDraft.objects.select_related("issued").defer("files", "issued__files")
    return rows.get(pk=int(case.about.removeprefix(ABOUT)))


def _reason(case: Case) -> str:
    last = case.records.exclude(reason="").order_by("-id").first()
    return last.reason if last else "在办件里退回"


def _day(case: Case, name: str) -> dt.date | None:
    value = case.values.get(name)
    return dt.date.fromisoformat(value) if value else None


# Links


def where(draft: int) -> tuple[str, str] | None:
    """Number and address of the case."""
    found = Case.objects.filter(key=f"{ABOUT}{draft}").values_list("number", flat=True).first()
    return (found, reverse("case-detail", args=[found])) if found else None


def about(pk: int) -> About | None:
    """The draft itself."""
    title = PackDraft.objects.filter(pk=pk).values_list("title", flat=True).first()
    return About("起草稿", title, reverse("draft-detail", args=[pk])) if title else None
