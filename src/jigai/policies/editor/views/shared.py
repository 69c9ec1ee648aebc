"""What every page of a draft needs: the draft within reach, its tabs, sending once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.policies.editor.lists import LOOKS
from jigai.policies.editor.parts import PARTS, Part, entries
from jigai.policies.editor.selectors import DRAFT, drafts_for, may
from jigai.policies.models import PackDraft
from jigai.rules.errors import Problem


def find(request: Any, pk: int) -> PackDraft:
    """The draft, or 404 out of reach."""
    found: PackDraft = get_object_or_404(drafts_for(request.access), pk=pk)
    return found


def part_of(name: str) -> Part:
    """A section that has forms, or 404."""
    if name not in PARTS:
        raise Http404("no such section")
    return PARTS[name]


def may_write(request: Any, draft: PackDraft) -> bool:
    """Whether this person may write in it now."""
    reach = may(request.access, DRAFT, draft.slug, draft.region_code)
    return draft.is_open and request.access.can(DRAFT) and reach


def page(request: Any, draft: PackDraft, tab: str, **more: Any) -> dict[str, Any]:
    """The context of every page of a draft."""
    return {
        "draft": draft, "look": LOOKS[draft.state], "tab": tab, "tabs": _tabs(draft),
        "writes": may_write(request, draft), **more,
    }  # fmt: skip


def _tabs(draft: PackDraft) -> list[tuple[str, str, str]]:
    pk = draft.pk
    found = [("overview", "概况", reverse("draft-detail", args=[pk]))]
    for code, part in PARTS.items():
        found.append(
            (code, part.title + _count(draft, part), reverse("draft-section", args=[pk, code]))
        )
    return [
        *found,
        ("text", "文本", reverse("draft-text", args=[pk])),
        ("read", "通读", reverse("draft-read", args=[pk])),
        ("check", "检查与样例", reverse("draft-check", args=[pk])),
    ]


def _count(draft: PackDraft, part: Part) -> str:
    try:
        return f" {len(entries(draft.slug, draft.files, part))}"
    except JigaiError:
        return " ?"


def problem_rows(draft: PackDraft, problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Findings as they are shown: files without the folder, which is always the same."""
    folder = f"{draft.slug}/"
    return [
        {
            "severity": p.severity, "message": p.message, "fix": p.fix, "clause": p.clause,
            "file": p.place.file.removeprefix(folder), "line": p.place.line,
            "column": p.place.column,
        }
        for p in problems
    ]  # fmt: skip


def once(request: Any, act: Callable[[], str]) -> str:
    """Carry a form out exactly once."""
    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)
