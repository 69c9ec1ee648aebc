"""A draft as a whole: begin one, look at it, say who it is."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from jigai.core.access import Denied, requires
from jigai.core.screens import formats
from jigai.core.screens.detail_parts import parts_of
from jigai.core.screens.menu import url_of
from jigai.errors import JigaiError
from jigai.policies.editor.begin import begin_files, versions_for
from jigai.policies.editor.checks import quick_look
from jigai.policies.editor.forms.new import (
    IdentityForm,
    IssueForm,
    ReasonForm,
    StartForm,
    SubmitForm,
)
from jigai.policies.editor.identity import identity_fields, read_identity, with_identity
from jigai.policies.editor.life import where_followed
from jigai.policies.editor.parts import FILE_TITLES, all_files
from jigai.policies.editor.selectors import DRAFT, ISSUE, may
from jigai.policies.editor.services.save_draft import DraftConflict, mark, save_draft
from jigai.policies.editor.services.start_draft import start_draft
from jigai.policies.editor.states import WAY, State
from jigai.policies.editor.views.shared import find, may_write, once, page, problem_rows
from jigai.policies.editor.writers import writers
from jigai.policies.force import force_on
from jigai.policies.models import PackDraft
from jigai.policies.money_view import shown_money
from jigai.policies.proposals import sees_subjects, unfinished_job

SHOWN_PROBLEMS = 30


@requires(DRAFT)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Begin a draft; ``?base=`` chooses an installed document, ``?way=`` how."""
    versions = versions_for()
    first = {"base": request.GET.get("base", ""), "way": request.GET.get("way", "amend"),
             "region": request.access.home_region}  # fmt: skip
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, versions=versions, initial=first)
    if data is not None and form.is_valid():
        try:
            return redirect(once(request, lambda: _begin(request, form.cleaned_data)))
        except Denied as problem:
            form.add_error("region" if form.cleaned_data["region"] else "base", str(problem))
        except JigaiError as problem:
            form.add_error(None, str(problem))
    status = 422 if data is not None else 200
    return render(request, "policies/draft/new.html", {"form": form}, status=status)


def _begin(request: Any, given: dict[str, Any]) -> str:
    base, files = begin_files(given)
    draft = start_draft(
        base=base, files=files, title=given["title"], by=request.user, access=request.access,
        note=given["note"],
    )  # fmt: skip
    messages.success(request, "起草稿已建好，可以用表单改，也可以用文本改")
    return reverse("draft-detail", args=[draft.pk])


@requires(DRAFT, ISSUE)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """Where it stands, what is wrong with it, what it changes, and what can be done next."""
    draft = find(request, pk)
    return render(request, "policies/draft/detail.html", overview(request, draft))


def overview(request: Any, draft: PackDraft, **more: Any) -> dict[str, Any]:
    """The context of the page; ``more`` are forms with what was typed."""
    looked = quick_look(draft.slug, draft.files)
    proposal = draft.proposal
    issues = request.access.can(ISSUE) and may(request.access, ISSUE, draft.slug, draft.region_code)
    names = proposal is not None and sees_subjects(request.access, proposal.money)
    context = {
        "errors": looked.errors, "warnings": len(looked.problems) - len(looked.errors),
        "problems": problem_rows(draft, looked.problems[:SHOWN_PROBLEMS]),
        "files": _files(draft, looked.problems),
        "way": _way(draft), "proposal": proposal, "followed": where_followed(draft.pk),
        "job": unfinished_job(proposal) if proposal else None,
        "money": shown_money(proposal.money, names=names) if proposal else {},
        "sections": proposal.changes.get("sections", []) if proposal else [],
        "wrote": request.user.pk in writers(draft), "issues": issues,
        "force": force_on(draft.issued, timezone.localdate()) if draft.issued else None,
        "identity": _identity(draft), "period": _period(draft), **_who(draft),
        **_links(request, draft),
        "refused": None, "state_url": reverse("draft-state", args=[draft.pk]),
        "parts": parts_of("draft", draft.pk, request.access),
        "submit_form": SubmitForm(), "reason_form": ReasonForm(),
        "issue_form": IssueForm(initial=_issue_initial(draft)),
        "can_withdraw": may_write(request, draft) or _handed_in(draft, request.user.pk),
    }  # fmt: skip
    return page(request, draft, "overview", **(context | more))


def _way(draft: PackDraft) -> list[tuple[str, str]]:
    """The steps with ``done``, ``now`` or ``later``; no consultation, no such step."""
    steps = [s for s in WAY if s != State.CONSULTATION or draft.consults]
    if draft.state not in steps:
        return [(step.label, "later") for step in steps]
    here = steps.index(draft.state)
    return [
        (s.label, "done" if i < here else "now" if i == here else "later")
        for i, s in enumerate(steps)
    ]


def _files(draft: PackDraft, problems: list[Any]) -> list[dict[str, Any]]:
    counts: dict[str, int] = {}
    for problem in problems:
        counts[problem.place.file] = counts.get(problem.place.file, 0) + 1
    return [
        {"name": name, "title": title, "count": counts.get(f"{draft.slug}/{name}", 0)}
        for name, title, written in all_files(draft.slug, draft.files) if written
    ]  # fmt: skip


def _identity(draft: PackDraft) -> dict[str, Any]:
    try:
        return identity_fields(read_identity(draft.slug, draft.files))
    except JigaiError:
        return {}


def _period(draft: PackDraft) -> str:
    found = _identity(draft)
    begins, ends = found.get("effective_from"), found.get("effective_to")
    return f"{begins or '未定'} 至 {ends or '没有期限'}"


def _handed_in(draft: PackDraft, person: int) -> bool:
    """Whether this person handed it in and nobody has decided yet."""
    waits = draft.state in (State.REVIEW, State.ISSUING)
    return waits and person == draft.submitted_by_id


def _who(draft: PackDraft) -> dict[str, str]:
    began, saved = formats.moment(draft.created_at), formats.moment(draft.updated_at)
    return {
        "created_words": f"{draft.created_by.name}，{began}",
        "updated_words": f"{draft.updated_by.name}，{saved}（第 {draft.version} 稿）",
    }


def _links(request: Any, draft: PackDraft) -> dict[str, str]:
    """Pages of other rooms about this draft; empty where there is none or nobody may open it."""
    sandbox = url_of("sandbox-new") if request.access.can("sandbox.use") else ""
    asks = draft.state == State.CONSULTATION and request.access.can("consultation.manage")
    consultation = url_of("consultation-new") if asks else ""
    return {
        "sandbox_url": f"{sandbox}?draft={draft.pk}" if sandbox else "",
        "consultation_url": f"{consultation}?subject=p{draft.consulted_id}" if consultation else "",
    }


@requires(DRAFT, ISSUE)
@require_GET
def state(request: Any, pk: int) -> HttpResponse:
    """The progress of the check; when nothing is running any more the page is loaded again."""
    draft = find(request, pk)
    job = unfinished_job(draft.proposal) if draft.proposal else None
    if job is None:
        return HttpResponse(headers={"HX-Refresh": "true"})
    url = reverse("draft-state", args=[draft.pk])
    return render(request, "policies/draft/progress.html", {"job": job, "state_url": url})


def _issue_initial(draft: PackDraft) -> dict[str, Any]:
    found = _identity(draft)
    return {
        "number": found.get("number"), "issued": found.get("issued") or timezone.localdate(),
        "effective_from": found.get("effective_from"), "effective_to": found.get("effective_to"),
    }  # fmt: skip


@requires(DRAFT)
@require_http_methods(["GET", "POST"])
def identity(request: Any, pk: int) -> HttpResponse:
    """Who the document is: the form of ``pack.yaml``."""
    draft = find(request, pk)
    plain = read_identity(draft.slug, draft.files)
    data = request.POST if request.method == "POST" else None
    form = IdentityForm(data, initial=identity_fields(plain))
    conflict = None
    if data is not None and form.is_valid():
        seen = data.get("seen", "")
        try:
            return redirect(once(request, lambda: _save_identity(request, draft, form, seen)))
        except DraftConflict as other:
            conflict = other.draft
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = page(
        request, draft, "overview", form=form, conflict=conflict, title=FILE_TITLES["pack.yaml"],
        seen=mark(plain) if data is None or conflict else data.get("seen", ""),
    )  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "policies/draft/identity.html", context, status=status)


def _save_identity(request: Any, draft: PackDraft, form: IdentityForm, seen: str) -> str:
    save_draft(
        draft=draft.pk, by=request.user, access=request.access, what="文件身份",
        seen=lambda files: mark(read_identity(draft.slug, files)) == seen,
        write=lambda files: with_identity(draft.slug, files, form.cleaned_data),
    )  # fmt: skip
    messages.success(request, "已保存")
    return reverse("draft-detail", args=[draft.pk])
