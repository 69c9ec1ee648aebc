"""One entry: enter it, see it, change it, decide what was proposed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from jigai.core.access import Denied, requires
from jigai.core.evidence import store_evidence
from jigai.core.evidence.cite import cite
from jigai.core.models import EvidenceFile
from jigai.core.screens.detail_parts import parts_of
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.registers.access import (
    APPLY,
    APPROVE,
    EDIT,
    VIEW,
    covers,
    is_official,
    may_edit,
    visible_entries,
    visible_registers,
)
from jigai.registers.entry_page import details_of, life_of
from jigai.registers.entry_states import STATES, states_of
from jigai.registers.forms import ChangeForm, DecideForm, EntryForm, EventForm, PlacingForm
from jigai.registers.history import history_of
from jigai.registers.lifecycle import CHANGE, KINDS
from jigai.registers.models import Entry, Proposal, Register
from jigai.registers.own_ways import refuse_general_way
from jigai.registers.reviewing import where_reviewed
from jigai.registers.selectors import problems_of_entries
from jigai.registers.services.decide_proposal import decide_proposal, may_decide
from jigai.registers.services.propose_entry import (
    ALLOWED,
    propose_entry,
    propose_event,
    withdraw_proposal,
)
from jigai.registers.views.registers import register_or_404

_DAY = dt.timedelta(days=1)
# A review may take more than one opinion.
_SAID = {"confirmed": "已通过", "rejected": "已退回并通知提出人",
         "pending": "意见已记入办件，等待下一步办理"}  # fmt: skip


def _entry(request: Any, pk: int) -> Entry:
    rows = visible_entries(request.access).select_related(
        "register__current", "edition", "enterprise", "batch__file", "created_by"
    )
    entry: Entry = get_object_or_404(rows, pk=pk)
    if not visible_registers(request.access).filter(pk=entry.register_id).exists():
        raise Denied("out-of-reach", "这个名录不对您开放")
    return entry


@requires(EDIT, APPLY)
@require_http_methods(["GET", "POST"])
def new(request: Any, slug: str) -> HttpResponse:
    """Propose an entry, or apply for one's own enterprise."""
    register = register_or_404(request, slug)
    refuse_general_way(register)
    if register.state != Register.State.PUBLISHED:
        raise JigaiError("register-not-published", f"“{register.name}”还没有发布", "先发布名录")
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    applies = not is_official(request.access)
    form = EntryForm(register, data, files, stored=_own(request, register) if applies else None)
    placing = PlacingForm(register, data)
    if data is not None and form.is_valid() and placing.is_valid():
        try:
            return redirect(_propose(request, register, form, placing))
        except Denied:
            raise
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {"register": register, "form": form, "placing": placing, "applies": applies}
    return render(request, "registers/entry_new.html", context, status=200 if data is None else 422)


def _own(request: Any, register: Register) -> dict[str, Any]:
    """The applicant's own enterprise in the field of the subject."""
    held = [g for g in request.access.granting(APPLY) if g.enterprise_id]
    if not held or not register.schema.subject:
        return {}
    return {register.schema.subject: {"id": held[0].enterprise_id, "name": held[0].holder}}


def _propose(request: Any, register: Register, form: EntryForm, placing: PlacingForm) -> str:
    def act() -> str:
        values = _with_files(request, register, form)
        given = placing.cleaned_data
        entry = propose_entry(
            register=register, values=values, by=request.user, access=request.access,
            effective=given["effective"], edition=given.get("edition"), source=given["source"],
            document=given["document"],
        )  # fmt: skip
        _cite(request, entry, values)
        messages.success(request, "已提交，等待另一位有审核权限的人审核")
        _tell_notes(request, form)
        return reverse("entry-detail", args=[entry.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


def _tell_notes(request: Any, form: EntryForm) -> None:
    for note in form.notes:
        messages.info(request, note)


def _with_files(request: Any, register: Register, form: EntryForm) -> dict[str, Any]:
    """The values with evidence files stored and named by number."""
    values = dict(form.values)
    for name, upload in form.uploads.items():
        file = store_evidence(
            stream=upload.file, name=upload.name, owner=request.user,
            region_code=register.region_code, source=f"名录 {register.name}",
        )  # fmt: skip
        values[name] = {"id": file.pk, "name": file.name}
    return values


def _cite(request: Any, entry: Entry, values: dict[str, Any]) -> None:
    for item in entry.register.schema.fields:
        one = values.get(item.id)
        if item.type == "file" and one and one.get("id"):
            cite(
                file=EvidenceFile.objects.get(pk=one["id"]), kind="register-entry", key=entry.pk,
                label=f"{entry.register} {entry}", purpose=item.label, by=request.user,
                url=reverse("entry-detail", args=[entry.pk]),
            )  # fmt: skip


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """The entry with its life, its history and what may be done."""
    entry = _entry(request, pk)
    return render(request, "registers/entry.html", _context(request, entry))


def _context(request: Any, entry: Entry) -> dict[str, Any]:
    state = states_of([entry], timezone.localdate())[entry.pk]
    pending = entry.proposals.filter(state=Proposal.State.PENDING).select_related("proposed_by")
    waits = pending.first()
    edits = may_edit(request.access, entry.register) and covers(
        request.access, EDIT, entry.region_code
    )
    own = waits is not None and waits.proposed_by_id == request.user.pk
    decides = waits is not None and may_decide(waits, request.user, request.access)
    number, url = where_reviewed([waits.pk]).get(waits.pk, ("", "")) if waits else ("", "")
    kinds = ALLOWED.get(state, ()) if edits and waits is None else ()
    return {
        "entry": entry, "register": entry.register, "state": state, "state_word": STATES[state],
        "details": details_of(entry), "life": life_of(entry),
        "steps": history_of(entry, entry.register.schema),
        "until": entry.ends - _DAY if entry.ends else None,
        "problem": problems_of_entries([entry]).get(entry.pk, ""),
        "waits": waits, "waits_kind": KINDS[waits.kind] if waits else "",
        "waits_diffs": details_of(entry, waits.values) if waits and waits.kind == CHANGE else [],
        "waits_number": number, "waits_url": url if own or decides else "",
        "own": own, "decides": decides, "decide_form": DecideForm() if decides else None,
        "changes": CHANGE in kinds, "events": any(kind != CHANGE for kind in kinds),
        "closes": edits and entry.enterprise is not None,
        "parts": list(parts_of("entry", entry.pk, request.access)),
    }  # fmt: skip


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def change(request: Any, pk: int) -> HttpResponse:
    """Propose other values from a day on."""
    entry = _entry(request, pk)
    register = entry.register
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = EntryForm(register, data, files, stored=entry.values, entry=entry.pk)
    when = ChangeForm(data)
    if data is not None and form.is_valid() and when.is_valid():
        try:
            return redirect(_change(request, entry, form, when))
        except Denied:
            raise
        except JigaiError as problem:
            when.add_error(None, str(problem))
    context = {"entry": entry, "register": register, "form": form, "when": when}
    return render(request, "registers/entry_change.html", context,
                  status=200 if data is None else 422)  # fmt: skip


def _change(request: Any, entry: Entry, form: EntryForm, when: ChangeForm) -> str:
    seen = request.POST.get("version", "")

    def act() -> str:
        values = _with_files(request, entry.register, form)
        if values == entry.values:
            raise JigaiError("nothing-changed", "内容没有变化", "改好再提交，或返回")
        propose_event(
            entry=entry, kind=CHANGE, by=request.user, access=request.access, values=values,
            version=int(seen) if seen.isdigit() else None, **when.cleaned_data,
        )  # fmt: skip
        _cite(request, entry, values)
        messages.success(request, "变更已提交，等待审核")
        _tell_notes(request, form)
        return reverse("entry-detail", args=[entry.pk])

    nonce = request.POST.get("nonce", "")
    return send_once(user=request.user, nonce=nonce, path=request.path, act=act)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def event(request: Any, pk: int) -> HttpResponse:
    """Propose review, removal, revocation or re-admission."""
    entry = _entry(request, pk)
    kinds = tuple(dict.fromkeys(k for group in ALLOWED.values() for k in group))
    state = states_of([entry], timezone.localdate())[entry.pk]
    data = request.POST if request.method == "POST" else None
    wanted = request.GET.get("kind", "")
    first = wanted if wanted in kinds else next(iter(ALLOWED.get(state, ())), "")
    form = EventForm(kinds, data, initial={"kind": first})
    if data is not None and form.is_valid():

        def act() -> str:
            propose_event(entry=entry, by=request.user, access=request.access, **form.cleaned_data)
            messages.success(request, "已提交，等待审核")
            return reverse("entry-detail", args=[entry.pk])

        nonce = request.POST.get("nonce", "")
        try:
            return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
        except Denied:
            raise
        except JigaiError as problem:
            form.add_error(None, str(problem))
    context = {"entry": entry, "register": entry.register, "form": form, "state": state,
               "state_word": STATES[state]}  # fmt: skip
    return render(request, "registers/entry_event.html", context,
                  status=200 if data is None else 422)  # fmt: skip


@requires(APPROVE)
@require_POST
def decide(request: Any, pk: int, verb: str) -> HttpResponse:
    """Approve or refuse what waits."""
    entry = _entry(request, pk)
    proposal = entry.proposals.filter(state=Proposal.State.PENDING).first()
    if proposal is None:
        raise JigaiError("not-pending", "这个条目没有待审核的事项", "刷新页面")

    def act() -> str:
        with transaction.atomic():
            found = decide_proposal(
                proposal=proposal.pk, approve=verb == "approve", by=request.user,
                access=request.access, answer=request.POST.get("answer", ""),
            )  # fmt: skip
        messages.success(request, _SAID[str(found.state)])
        return reverse("entry-detail", args=[entry.pk])

    nonce = request.POST.get("nonce", "")
    try:
        return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
    except Denied:
        raise
    except JigaiError as problem:
        context = _context(request, _entry(request, pk))
        form = DecideForm(request.POST)
        form.add_error(None, str(problem))
        context["decide_form"] = form
        return render(request, "registers/entry.html", context, status=422)


@requires(EDIT, APPLY)
@require_POST
def withdraw(request: Any, pk: int) -> HttpResponse:
    """Take back what one proposed."""
    entry = _entry(request, pk)
    proposal = entry.proposals.filter(state=Proposal.State.PENDING).first()
    if proposal is None:
        raise JigaiError("not-pending", "这个条目没有待审核的事项", "刷新页面")

    def act() -> str:
        withdraw_proposal(proposal=proposal.pk, by=request.user)
        messages.success(request, "已撤回")
        return reverse("entry-detail", args=[entry.pk])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
