"""Sections with forms: the list of their entries, one entry, checked while somebody types."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import requires
from jigai.errors import JigaiError
from jigai.policies.editor.checks import Looked, quick_look
from jigai.policies.editor.forms import FORMS, EntryForm
from jigai.policies.editor.forms.measure import MeasureForm
from jigai.policies.editor.lines import lines_of
from jigai.policies.editor.names import FUNCTIONS, names_of
from jigai.policies.editor.parts import PARTS, Part, Plain, Unreadable, entries, entry, examples
from jigai.policies.editor.rows import HEADS, conflict_rows, section_rows
from jigai.policies.editor.selectors import DRAFT, ISSUE
from jigai.policies.editor.services.save_draft import DraftConflict, mark
from jigai.policies.editor.services.save_entry import changed_files, delete_entry, save_entry
from jigai.policies.editor.telling import measure_lines
from jigai.policies.editor.typed_examples import example_of
from jigai.policies.editor.views.shared import find, once, page, part_of, problem_rows
from jigai.policies.models import PackDraft

TABLE_WORDS = {
    "facts": ("条款里的数", "原文里的每个数一行；不用的写理由"),
    "values": ("取值", "一个起日一行，到下一个起日为止一直有效；未定的不写"),
    "options": ("选项", "每种理解一行；公式里写词"),
    "caps": ("封顶", ""),
}


@requires(DRAFT, ISSUE)
@require_GET
def section(request: Any, pk: int, name: str) -> HttpResponse:
    """The entries of a section, with what the linter says of each."""
    draft = find(request, pk)
    part = part_of(name)
    looked = quick_look(draft.slug, draft.files)
    try:
        rows = section_rows(draft, part, looked)
        broken = None
    except Unreadable as problem:
        rows, broken = [], problem
    file = f"{draft.slug}/{part.file}"
    context = page(
        request, draft, name, part=part, rows=rows, broken=broken,
        heads=HEADS[part.code],
        problems=problem_rows(draft, looked.of_file(file)[:30]),
    )  # fmt: skip
    return render(request, "policies/draft/section.html", context)


@requires(DRAFT, ISSUE)
@require_http_methods(["GET", "POST"])
def item(request: Any, pk: int, name: str, code: str = "") -> HttpResponse:
    """One entry: its form, what it says in plain words, what is wrong with it."""
    draft = find(request, pk)
    part = part_of(name)
    stored = entry(draft.slug, draft.files, part, code) if code else None
    if code and stored is None and request.method == "GET":
        raise Http404("no such entry")
    looked = quick_look(draft.slug, draft.files)
    data = request.POST if request.method == "POST" else None
    form = _form(draft, part, stored, data, looked)
    conflict = None
    if data is not None and form.is_valid():
        try:
            return redirect(once(request, lambda: _save(request, draft, part, code, form, looked)))
        except DraftConflict as other:
            conflict = other.draft
        except JigaiError as problem:
            form.add_error(None, str(problem))
    seen = mark(stored) if data is None else data.get("seen", "")
    context = page(
        request, draft, name, part=part, code=code, form=form, seen=seen, conflict=None,
        tables=_tables(form), live=False, valid=False,
        **_beside(draft, part, code, looked),
    )  # fmt: skip
    if conflict is not None:
        now = entry(draft.slug, conflict.files, part, code) if code else None
        context |= {
            "conflict": conflict, "conflict_rows": conflict_rows(form, now), "seen": mark(now),
        }  # fmt: skip
    status = 422 if data is not None else 200
    return render(request, "policies/draft/item.html", context, status=status)


def _tables(form: EntryForm) -> list[dict[str, Any]]:
    """The tables of rows inside an entry, with what they are for."""
    return [
        {"formset": rows, "title": TABLE_WORDS[name][0], "help": TABLE_WORDS[name][1]}
        for name, rows in form.rows.items()
    ]


def _form(
    draft: PackDraft, part: Part, stored: Plain | None, data: Any, looked: Looked
) -> EntryForm:  # fmt: skip
    options: dict[str, Any] = {
        "entry": stored if stored is not None else _first(draft, part),
        "clauses": _clauses(draft), "taken": _taken(draft, part, stored),
    }  # fmt: skip
    if part.code == "measures":
        options |= {
            "gates": _gates(looked), "since": _since(looked),
            "profiles": [
                str(row.get("name")) for _f, _p, row in examples(draft.slug, draft.files)
                if row.get("profile")
            ],
        }  # fmt: skip
    return FORMS[part.code](data, **options)


def _first(draft: PackDraft, part: Part) -> Plain:
    """What a new entry begins with."""
    if part.code == "measures":
        numbers = [str(row.get("number", "")) for row in _entries(draft, part)]
        return {"number": str(max((int(n) for n in numbers if n.isdigit()), default=0) + 1)}
    return {"status": "stated"} if part.code == "parameters" else {}


def _entries(draft: PackDraft, part: Part) -> list[Plain]:
    try:
        return entries(draft.slug, draft.files, part)
    except Unreadable:
        return []


def _taken(draft: PackDraft, part: Part, stored: Plain | None) -> list[str]:
    codes = [str(row.get("id", "")) for row in _entries(draft, part)]
    if stored is not None:
        codes.remove(str(stored.get("id", "")))
    return codes


def _clauses(draft: PackDraft) -> list[tuple[str, str]]:
    rows = _entries(draft, PARTS["clauses"])
    return [(str(r.get("id", "")), f"{r.get('id', '')} {r.get('heading', '')}"[:60]) for r in rows]


def _gates(looked: Looked) -> list[tuple[str, str]]:
    gates = looked.model.gates.values() if looked.model else []
    return [(gate.id, f"{gate.name}（{gate.clause}）") for gate in gates]


def _since(looked: Looked) -> Any:
    return looked.model.pack.identity.effective_from if looked.model else None


def _beside(draft: PackDraft, part: Part, code: str, looked: Looked) -> dict[str, Any]:
    """What stands beside the form: words, problems, names for formulas, its examples."""
    names = names_of(looked.model) if looked.model else []
    found: dict[str, Any] = {
        "problems": problem_rows(draft, _problems_of(draft, part, code, looked)[:20]),
        "lines": [],
        "examples": [],
        "names": [[n.word, n.kind, n.note] for n in names],
        "functions": [list(row) for row in FUNCTIONS],
    }
    if part.code == "measures" and code:
        model = looked.model
        told = model is not None and not model.problems and code in model.measures
        found["lines"] = measure_lines(model, code) if told and model is not None else []
        found["examples"] = [
            {"file": file, "name": row.get("name", "")}
            for file, _place, row in examples(draft.slug, draft.files)
            if row.get("measure") == code
        ]
    return found


def _problems_of(draft: PackDraft, part: Part, code: str, looked: Looked) -> list[Any]:
    """Problems in the lines of the entry, and those of the file where it is not known which."""
    file = f"{draft.slug}/{part.file}"
    span = lines_of(draft.files.get(file, ""), part, code)
    return [
        p for p in looked.problems
        if p.place.file == file and (span is None or span[0] <= p.place.line <= span[1])
    ]  # fmt: skip


def _written(
    draft: PackDraft, form: EntryForm, looked: Looked
) -> tuple[Plain, list[Plain], list[Plain]]:  # fmt: skip
    """The entry, new parameters and new examples as they are to be written."""
    value = form.plain()
    if not isinstance(form, MeasureForm):
        return value, [], []
    parameters = form.new_parameters()
    typed = form.new_examples()
    if typed and looked.model is None:
        raise JigaiError("no-scope", "还认不出词汇，样例先不能写", "先在文本里改好读不下去的地方")
    listed = [
        example_of(row, measure=str(value["id"]), clause=str(value["clause"]),
                   scope=looked.model.scope)
        for row in typed if looked.model is not None
    ]  # fmt: skip
    return value, parameters, listed


def _save(
    request: Any, draft: PackDraft, part: Part, code: str, form: EntryForm, looked: Looked
) -> str:  # fmt: skip
    value, parameters, typed = _written(draft, form, looked)
    saved = save_entry(
        draft=draft, part=part, code=code, value=value, seen=request.POST.get("seen", ""),
        by=request.user, access=request.access, parameters=parameters, examples=typed,
    )  # fmt: skip
    errors = quick_look(saved.slug, saved.files).errors
    if errors:
        messages.warning(request, f"已保存，内容没有丢失；还有 {len(errors)} 处要改，见右侧")
    else:
        messages.success(request, "已保存，文本同步更新")
    return reverse("draft-item", args=[draft.pk, part.code, value["id"]])


@requires(DRAFT)
@require_POST
def check_item(request: Any, pk: int, name: str, code: str = "") -> HttpResponse:
    """What the form as typed would say, and what is wrong with it; nothing is stored."""
    draft = find(request, pk)
    part = part_of(name)
    stored = entry(draft.slug, draft.files, part, code) if code else None
    looked = quick_look(draft.slug, draft.files)
    form = _form(draft, part, stored, request.POST, looked)
    context: dict[str, Any] = {
        "draft": draft,
        "part": part,
        "form": form,
        "live": True,
        "valid": False,
        "examples": [],
        "code": code,
    }
    if form.is_valid():
        try:
            value, parameters, typed = _written(draft, form, looked)
            files = draft.files | changed_files(
                draft.slug, draft.files, part, code, value, parameters, typed
            )
        except JigaiError as problem:
            form.add_error(None, str(problem))
        else:
            shown = PackDraft(slug=draft.slug, files=files)
            now = quick_look(draft.slug, files)
            context |= _beside(shown, part, str(value["id"]), now) | {"valid": True}
    return render(request, "policies/draft/item_side.html", context)


@requires(DRAFT)
@require_POST
def delete(request: Any, pk: int, name: str, code: str) -> HttpResponse:
    """Take an entry out."""
    draft = find(request, pk)
    part = part_of(name)

    def act() -> str:
        delete_entry(
            draft=draft, part=part, code=code, seen=request.POST.get("seen", ""), by=request.user,
            access=request.access,
        )  # fmt: skip
        messages.success(request, f"已删去{part.title}“{code}”，需要时可以从版本记录找回")
        return reverse("draft-section", args=[draft.pk, part.code])

    return redirect(once(request, act))
