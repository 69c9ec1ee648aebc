"""One register: what it is, what it holds, its history; making and changing it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.fields.shapes import MASKS, TYPES
from jigai.core.screens.context import region_name
from jigai.core.services.send_once import send_once
from jigai.core.views.edit_page import EditPage
from jigai.core.views.form_page import FormPage
from jigai.registers.access import (
    DESIGN,
    VIEW,
    is_official,
    may_design,
    may_edit,
    require_design,
    visible_entries,
    visible_registers,
)
from jigai.registers.counting import count_on
from jigai.registers.entry_states import held_on
from jigai.registers.extras import extras_of
from jigai.registers.forms import RegisterForm
from jigai.registers.history import history_of
from jigai.registers.importing import kind_of
from jigai.registers.models import Register
from jigai.registers.selectors import editions_on, problems_of_entries
from jigai.registers.services.save_register import FIELDS, save_register, set_state
from jigai.registers.shapes import VALIDITIES, Schema

_MOST_PROBLEMS = 10
_LOOKED_AT = 2000


def register_or_404(request: Any, slug: str) -> Register:
    """The register in the address, as far as the person may see it."""
    rows = visible_registers(request.access).select_related("current")
    found: Register = get_object_or_404(rows, code=slug)
    return found


@requires(VIEW)
@require_GET
def detail(request: Any, slug: str) -> HttpResponse:
    """The definition with its rules, numbers of today and what needs attention."""
    register = register_or_404(request, slug)
    if not is_official(request.access) and register.public:
        return redirect("register-public", slug)
    today = timezone.localdate()
    designs = may_design(request.access, register)
    context = {
        "register": register,
        "schema": register.schema,
        "region": region_name(register.region_code) if register.region_code else "全国",
        "fields": fields_shown(register.schema),
        "validity": validity_words(register.schema),
        "counts": _counts(request, register, today),
        "editions": [
            (register.schema.lines.get(edition.line, edition.line), edition)
            for edition in editions_on(register, today)
        ],
        "problems": _problems(request, register, today),
        "designs": designs,
        "edits": may_edit(request.access, register),
        "applies": register.schema.apply and not is_official(request.access),
        "import_kind": kind_of(register),
        "extras": list(extras_of(register, request.access)),
        "draft": designs and register.schemas.filter(published=False).first(),
        "today": today,
    }
    return render(request, "registers/register.html", context)


def fields_shown(schema: Schema) -> list[dict[str, Any]]:
    """Fields as the page's table tells them."""
    return [
        {
            "label": f.shown_label, "type": TYPES.get(f.type, f.type), "required": f.required,
            "unique": f.id in schema.unique,
            "public": MASKS.get(f.mask, "") if f.public else "内部",
            "detail": "、".join(f.options.values()) or f.help,
        }
        for f in schema.fields
    ]  # fmt: skip


def validity_words(schema: Schema) -> str:
    """How long an entry counts, in words."""
    rule = schema.validity
    if rule.kind == "field":
        found = schema.field(rule.field)
        return f"到“{found.label if found else rule.field}”为止"
    if rule.kind in ("months", "years"):
        return f"入册起 {rule.count} {'个月' if rule.kind == 'months' else '年'}"
    return VALIDITIES.get(rule.kind, rule.kind)


def _counts(request: Any, register: Register, today: dt.date) -> list[tuple[str, int]]:
    """Numbers of today: of the whole for an office, for others of what they may see of it."""
    rules = [("今天在册", "total"), *((c.name, c.id) for c in register.schema.counting)]
    return [(name, count_on(register, today, code, access=request.access)) for name, code in rules]


def _problems(request: Any, register: Register, today: dt.date) -> list[tuple[Any, str]]:
    """Listed entries whose enterprise changed, the first few."""
    rows = visible_entries(request.access, register).filter(
        held_on(today), enterprise__isnull=False
    ).defer("search", "words").order_by("pk")  # fmt: skip
    entries = list(rows[:_LOOKED_AT])
    for entry in entries:
        entry.register = register
    found = problems_of_entries(entries)
    return [(e, found[e.pk]) for e in entries if e.pk in found][:_MOST_PROBLEMS]


@requires(VIEW)
@require_GET
def history(request: Any, slug: str) -> HttpResponse:
    """Changes of the definition, and the versions of the schema."""
    register = register_or_404(request, slug)
    versions = register.schemas.filter(published=True).select_related("published_by")
    context = {
        "register": register,
        "steps": history_of(register, register.schema),
        "versions": [
            {"row": v, "fields": len(v.schema.fields), "is_current": v.pk == register.current_id}
            for v in versions.order_by("-number")
        ],
    }
    return render(request, "registers/history.html", context)


@requires(DESIGN)
class RegisterNew(FormPage):
    """A new register; its fields come on the next page."""

    form_class = RegisterForm
    title = "新建名录"
    note = "先写清是什么、谁来管；下一步设计字段与规则"
    submit = "建立并设计字段"
    above = ("名录一览", "register-list")
    done = "名录已建立，请设计字段"

    def form(self, request: Any, data: Any = None) -> RegisterForm:
        """For the person's own region."""
        initial = {"region_code": request.access.home_region, "kind": "list"}
        return RegisterForm(data, initial=initial)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Make it."""
        made = save_register(values=values, by=request.user, access=request.access)
        return reverse("register-fields", args=[made.code])


@requires(DESIGN)
class RegisterEdit(EditPage):
    """What a register is called and who keeps it."""

    form_class = RegisterForm
    title = "修改名录"
    above = ("名录一览", "register-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The register, if the person may design it."""
        self.register = register_or_404(request, kwargs["slug"])
        require_design(request.access, self.register)

    def form(self, request: Any, data: Any = None) -> RegisterForm:
        """Without the code, which addresses and formulas rely on."""
        form = RegisterForm(data, initial=self.stored())
        del form.fields["code"]
        return form

    def stored(self) -> dict[str, Any]:
        """As it is now."""
        fresh = Register.objects.get(pk=self.register.pk)
        return {name: getattr(fresh, name) for name in FIELDS}

    def changes(self) -> QuerySet[Any]:
        """Its history."""
        model: Any = apps.get_model("registers.RegisterEvent")
        rows: QuerySet[Any] = model.objects.filter(pgh_obj_id=self.register.pk)
        return rows

    def context(self, request: Any) -> dict[str, Any]:
        """The way back leads to the register."""
        return {"heading": f"修改：{self.register.name}",
                "back": reverse("register-detail", args=[self.register.code])}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Save."""
        save_register(values=values, by=request.user, access=request.access, register=self.register)
        return reverse("register-detail", args=[self.register.code])


@requires(DESIGN)
@require_POST
def change_state(request: Any, slug: str, verb: str) -> HttpResponse:
    """Retire a register, or take it up again."""
    register = register_or_404(request, slug)
    wanted = {"retire": str(Register.State.RETIRED), "resume": str(Register.State.PUBLISHED)}
    if verb not in wanted:
        raise Http404

    def act() -> str:
        set_state(register=register, state=wanted[verb], by=request.user, access=request.access)
        messages.success(request, "已停用" if verb == "retire" else "已恢复使用")
        return reverse("register-detail", args=[register.code])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))
