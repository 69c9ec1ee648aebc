"""One procedure: what it is, its versions, its figures; making, changing and using it."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from jigai.cases import designer
from jigai.cases.access import APPLY, DESIGN, may_design, require_design
from jigai.cases.designer_rows import drawing
from jigai.cases.flow.shapes import APPLICANTS, KINDS, Procedure
from jigai.cases.forms_procedures import ApplyForm, ProcedureForm
from jigai.cases.lists_procedures import ProcedureList
from jigai.cases.models import CaseProcedure, ProcedureVersion
from jigai.cases.selectors_procedures import (
    SEE,
    CaseCounts,
    counts_of,
    days_taken,
    is_official,
    own_enterprises,
    rows_of_steps,
    visible_procedures,
)
from jigai.cases.services.edit_version import draft_of
from jigai.cases.services.save_procedure import FIELDS, save_procedure, set_state
from jigai.cases.services.start_case import start_case
from jigai.cases.unit_names import role_names, unit_words
from jigai.cases.version_diff import check_words, differences, gate_words, limit_words, rung_words
from jigai.core.access import Access, requires
from jigai.core.fields.shapes import TYPES
from jigai.core.models import Department, Enterprise
from jigai.core.screens.context import region_name
from jigai.core.screens.list_urls import list_urls
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.services.send_once import send_once
from jigai.core.views.edit_page import EditPage
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.policies.models import PackItem

_ABOVE = ("办事方式", "procedure-list")


def procedure_or_404(request: Any, slug: str) -> CaseProcedure:
    """The procedure in the address, as far as the person may see it."""
    rows = visible_procedures(request.access).select_related("current")
    found: CaseProcedure = get_object_or_404(rows, code=slug)
    return found


def told(spec: Procedure) -> dict[str, Any]:
    """A version as the pages tell it: materials, fields, steps, limits, the picture."""
    roles = role_names()
    labels = {item.id: item.label for item in spec.fields}
    stepwise = {name for step in spec.steps for name in step.write}
    return {
        "spec": spec, "kind": KINDS[spec.kind], "applicant": APPLICANTS[spec.applicant],
        "steps": rows_of_steps(spec, lambda unit: unit_words(unit, roles)),
        "fields": [
            {"item": f, "type": TYPES.get(f.type, f.type), "detail": "、".join(f.options.values())
             or f.help, "by": "办理人" if f.id in stepwise else "申请人"}
            for f in spec.fields
        ],
        "limit": limit_words(spec.limit), "promise": limit_words(spec.promise),
        "gates": gate_words(spec), "checks": check_words(spec),
        "title_field": labels.get(spec.title, ""),
        "ladder": "；".join(rung_words(rung.left, rung.to) for rung in spec.ladder),
        **drawing(spec),
    }  # fmt: skip


def items_of(procedure: CaseProcedure) -> list[tuple[str, str, str]]:
    """Items of documents it carries out: document, name, address of the clause."""
    found = []
    for reference in procedure.items:
        slug, _, code = reference.partition(":")
        item = (
            PackItem.objects.filter(pack__slug=slug, pack__is_current=True, section="procedures",
                                    code=code).select_related("pack").defer("pack__files").first()
        )  # fmt: skip
        if item is not None:
            url = reverse("clause", args=[slug, item.clauses[0]]) if item.clauses else ""
            found.append((item.pack.title, item.name, url))
    return found


@requires(SEE)
@require_GET
def detail(request: Any, slug: str) -> HttpResponse:
    """What the procedure is, how it runs, its figures and versions."""
    procedure = procedure_or_404(request, slug)
    designs = may_design(request.access, procedure)
    official = is_official(request.access)
    counts = counts_of([procedure.pk]).get(procedure.pk, CaseCounts())
    shown = procedure.current or (draft_of(procedure) if designs else None)
    versions = procedure.versions.filter(published=True).select_related("published_by")
    running = {}
    if official:
        from jigai.cases.selectors_procedures import running_by_version

        running = running_by_version(procedure)
    context = {
        "procedure": procedure, "version": shown, "designs": designs, "official": official,
        "region": region_name(procedure.region_code) if procedure.region_code else "全国",
        "items": items_of(procedure), "counts": counts, "taken": days_taken(procedure),
        "versions": [
            {"row": v, "is_current": v.pk == procedure.current_id, "running": running.get(v.pk, 0)}
            for v in versions.order_by("-number")[:20]
        ],
        "draft": draft_of(procedure) if designs else None,
        "applies": may_apply(request.access, procedure),
        **(told(shown.spec) if shown else {}),
    }  # fmt: skip
    return render(request, "cases/procedure.html", context)


def may_apply(access: Access, procedure: CaseProcedure) -> bool:
    """Whether the page offers to begin a case."""
    if procedure.state != CaseProcedure.State.PUBLISHED or not access.can(APPLY):
        return False
    return is_official(access) or procedure.applicant != "bureau"


@requires(SEE)
@require_GET
def version(request: Any, slug: str, number: int) -> HttpResponse:
    """One published version as it was, and what changed since the one before (or ``?with=``)."""
    procedure = _for_version(request, slug)
    rows = procedure.versions.filter(published=True)
    found: ProcedureVersion = get_object_or_404(rows, number=number)
    wanted = request.GET.get("with", "")
    other = (
        rows.filter(number=int(wanted)).first() if wanted.isdigit() and len(wanted) < 7
        else rows.filter(number__lt=number).order_by("-number").first()
    )  # fmt: skip
    roles = role_names()
    context = {
        "procedure": procedure, "version": found, "other": other,
        "others": [v for v in rows.order_by("-number") if v.pk != found.pk],
        "differences": differences(other.spec, found.spec, lambda u: unit_words(u, roles))
        if other else [],
        "is_current": found.pk == procedure.current_id, **told(found.spec),
    }  # fmt: skip
    return render(request, "cases/procedure_version.html", context)


def _for_version(request: Any, slug: str) -> CaseProcedure:
    """Whoever may see a case by a procedure may read the version it follows, retired or not."""
    from jigai.cases.access import visible_cases

    found = visible_procedures(request.access).filter(code=slug).first()
    if found is None:
        found = get_object_or_404(CaseProcedure, code=slug)
        if not visible_cases(request.access).filter(procedure=found).exists():
            raise Http404(slug)
    return found


@requires(DESIGN)
class ProcedureNew(FormPage):
    """A new procedure, from nothing or from one that exists; its steps come on the next page."""

    form_class = ProcedureForm
    title = "新建办事方式"
    note = "先写清是什么、在哪里办；下一步设计字段、材料和步骤"
    submit = "建立并设计步骤"
    above = _ABOVE
    done = "已建立，请设计步骤"

    def form(self, request: Any, data: Any = None) -> ProcedureForm:
        """For the person's own region; prefilled from an item of a document (``?item=``) or from
        a procedure (``?start=``)."""
        initial = {"region_code": request.access.home_region, **_of_item(request.GET.get("item"))}
        self.sources = {
            row.code: row for row in visible_procedures(request.access).exclude(current=None)
            .select_related("current").order_by("name")
        }  # fmt: skip
        start = request.GET.get("start", "")
        if start in self.sources:
            source = self.sources[start]
            initial |= {"start": start, "name": source.name, "summary": source.summary,
                        "clause": source.clause, "owner": source.owner}  # fmt: skip
        starts = [(code, f"{row.name}（{row.code}）") for code, row in self.sources.items()]
        return ProcedureForm(data, initial=initial, starts=starts)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Make it with its first draft."""
        source = self.sources.get(values.pop("start"))
        first = source.spec if source else designer.first_version(_own_line(request.access))
        made = save_procedure(values=values, by=request.user, access=request.access, start=first)
        return reverse("procedure-steps", args=[made.code])


def _of_item(reference: str | None) -> dict[str, str]:
    slug, _, code = (reference or "").partition(":")
    rows = PackItem.objects.filter(section="procedures", pack__is_current=True, pack__slug=slug)
    item = rows.filter(code=code).select_related("pack").defer("pack__files").first()
    if item is None:
        return {}
    clauses = "、".join(item.clauses)
    return {"items": f"{slug}:{code}", "name": item.name[:120],
            "clause": f"{item.pack.title} {clauses}"[:120],
            "summary": "；".join(filter(None, (
                f"适用于{item.data['applies_to']}" if item.data.get("applies_to") else "",
                str(item.data.get("conditions") or ""))))[:400]}  # fmt: skip


def _own_line(access: Access) -> str:
    own = [g.department_id for g in access.granting(DESIGN) if g.department_id]
    row = Department.objects.filter(pk__in=own).first()
    return row.line if row else ""


@requires(DESIGN)
class ProcedureEdit(EditPage):
    """What a procedure is called, where it runs, what it carries out."""

    form_class = ProcedureForm
    title = "修改说明"
    note = "字段、材料、步骤在“设计步骤”里改"
    above = _ABOVE

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The procedure, if the person may design it."""
        self.procedure = procedure_or_404(request, kwargs["slug"])
        require_design(request.access, self.procedure)

    def form(self, request: Any, data: Any = None) -> ProcedureForm:
        """Without the code, which addresses rely on."""
        stored = self.stored()
        form = ProcedureForm(data, initial={**stored, "items": "、".join(stored["items"])})
        del form.fields["code"], form.fields["start"]
        return form

    def stored(self) -> dict[str, Any]:
        """As it is now."""
        fresh = CaseProcedure.objects.get(pk=self.procedure.pk)
        return {name: getattr(fresh, name) for name in FIELDS}

    def changes(self) -> QuerySet[Any]:
        """Its history."""
        model: Any = apps.get_model("cases.CaseProcedureEvent")
        rows: QuerySet[Any] = model.objects.filter(pgh_obj_id=self.procedure.pk)
        return rows

    def context(self, request: Any) -> dict[str, Any]:
        """The way back leads to the procedure."""
        return {"heading": f"修改：{self.procedure.name}",
                "back": reverse("procedure-detail", args=[self.procedure.code])}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Save."""
        save_procedure(
            values=values, by=request.user, access=request.access, procedure=self.procedure
        )
        return reverse("procedure-detail", args=[self.procedure.code])


@requires(DESIGN)
@require_POST
def change_state(request: Any, slug: str, verb: str) -> HttpResponse:
    """Retire a procedure, or take it up again."""
    procedure = procedure_or_404(request, slug)
    wanted = {"retire": str(CaseProcedure.State.RETIRED),
              "resume": str(CaseProcedure.State.PUBLISHED)}  # fmt: skip
    if verb not in wanted:
        raise Http404

    def act() -> str:
        set_state(procedure=procedure, state=wanted[verb], by=request.user, access=request.access)
        messages.success(request, "已停用，在办的照旧办完" if verb == "retire" else "已恢复使用")
        return reverse("procedure-detail", args=[procedure.code])

    nonce = request.POST.get("nonce", "")
    return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))


@requires(APPLY)
class CaseNew(FormPage):
    """The guide of a procedure and the button that begins a case by it."""

    form_class = ApplyForm
    template_name = "cases/procedure_apply.html"
    title = "申请"
    submit = "开始填写"
    above = _ABOVE
    done = ""

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The procedure, and whether the person applies as an enterprise."""
        self.procedure = procedure_or_404(request, kwargs["slug"])
        if not may_apply(request.access, self.procedure):
            raise Http404(kwargs["slug"])
        self.firms = list(own_enterprises(request.access))

    def form(self, request: Any, data: Any = None) -> ApplyForm:
        """An enterprise applies for itself where it is; an office says where and for whom."""
        form = ApplyForm(data, initial={"region_code": request.access.home_region})
        if self.firms:
            del form.fields["region_code"], form.fields["uscc"]
        return form

    def context(self, request: Any) -> dict[str, Any]:
        """The guide."""
        return {"heading": f"申请：{self.procedure.name}", "procedure": self.procedure,
                "firms": self.firms, **told(self.procedure.spec)}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """A draft, filled in on the next page."""
        firm = self.firms[0] if self.firms else self._firm(request, values.get("uscc", ""))
        made = start_case(
            procedure=self.procedure, by=request.user, access=request.access, enterprise=firm,
            region_code=values.get("region_code", ""),
        )  # fmt: skip
        return reverse("case-draft", args=[made.number])

    def _firm(self, request: Any, typed: str) -> Enterprise | None:
        words = typed.strip()
        if not words:
            return None
        rows = enterprises_for(request.access)
        found = list((rows.filter(uscc=words.upper()) | rows.filter(name=words))[:2])
        if len(found) != 1:
            raise JigaiError(
                "no-such-enterprise", f"没有找到企业“{words[:60]}”", "填统一社会信用代码或全称"
            )
        return found[0]


_ONE = "procedures/<slug:slug>/"
URLS = [
    path("procedures/new/", ProcedureNew.as_view(), name="procedure-new"),
    *list_urls(ProcedureList, "procedures/"),
    path(_ONE, detail, name="procedure-detail"),
    path(f"{_ONE}edit/", ProcedureEdit.as_view(), name="procedure-edit"),
    path(f"{_ONE}versions/<int:number>/", version, name="procedure-version"),
    path(f"{_ONE}state/<slug:verb>/", change_state, name="procedure-state"),
    path(f"{_ONE}apply/", CaseNew.as_view(), name="case-new"),
]
