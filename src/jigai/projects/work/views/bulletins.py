"""调度通报: draft, review, release, and reading one exactly as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import Access, requires, scoped
from jigai.core.evidence import path_of
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, year_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.services.send_once import send_once
from jigai.core.templatetags.house import status as badge
from jigai.core.views.form_page import FormPage
from jigai.policies.addressees import reaches
from jigai.projects.models import Bulletin, Project
from jigai.projects.work.access import AT_REGION, VIEW
from jigai.projects.work.bulletin_figures import show
from jigai.projects.work.bulletin_methods import methods
from jigai.projects.work.bulletin_word import HEADER, draft_word, figure_of, overview, rankings_told
from jigai.projects.work.forms import BulletinForm, SentenceForm
from jigai.projects.work.services.make_bulletin import (
    CADENCES,
    MAKE,
    RELEASE,
    make_bulletin,
    method_of_year,
)
from jigai.projects.work.services.release_bulletin import (
    holds,
    release_bulletin,
    return_bulletin,
    submit_bulletin,
    unaltered,
    void_bulletin,
)

LOOKS = {"draft": "draft", "review": "pending", "released": "done", "void": "cancelled"}
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHOWN = 200


def bulletins_for(access: Access) -> QuerySet[Bulletin]:
    """Bulletins of regions within reach, drafts for those who make or release them; and what the
    levels above have released, because it is addressed to those below."""
    rows = scoped(Bulletin.objects.all(), access, VIEW, AT_REGION)
    if not (access.can(MAKE) or access.can(RELEASE)):
        rows = rows.exclude(document=None)
    offices = [g for g in access.granting(VIEW) if not (g.enterprise_id or g.institution_id)]
    codes = {code for grant in offices for code in grant.regions if len(code) >= 6}
    above = {end for code in codes for end in (code[:4] + "00", code[:2] + "0000")}
    return rows | Bulletin.objects.filter(region_code__in=above).exclude(document=None)


class BulletinFilters(ListFilters):
    """By region, year, cadence and state."""

    region = RegionField()
    year = year_field()
    cadence = choice("周期", CADENCES.items())
    status = choice("状态", Bulletin.Status.choices)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


class BulletinList(ListPage):
    """Every bulletin within reach."""

    page = "bulletins"
    url_name = "bulletin-list"
    title = "调度通报"
    note = "生成时的数全部冻结；一年一个口径，每期照印"
    capability = VIEW
    filters = BulletinFilters
    columns = (
        Column("title", "标题", lambda row: row.content.get("title"), link=True, clip=True),
        Column("number", "期号", kind=c.WHOLE),
        Column("region", "地区", "region_name"),
        Column("year", "年度", sort="year"),
        Column("cadence", "周期", choices=CADENCES),
        Column("method", "口径", "method_name", clip=True),
        Column("status", "状态", lambda row: badge(LOOKS[row.status], row.get_status_display()),
               kind=c.HTML, plain=lambda row: row.get_status_display()),
        Column("created_by", "起草", "created_by.name"),
        Column("released_at", "印发时间", kind=c.MOMENT, sort="released_at"),
    )  # fmt: skip
    actions = (ListAction("生成通报", "bulletin-new", "plus", MAKE, primary=True),)
    empty_title = "还没有通报"
    empty_hint = "选地区和周期生成"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Within reach, without the tables."""
        return bulletins_for(access).select_related("created_by")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)
            known = methods().get(row.method)
            row.method_name = known.name if known else row.method

    def row_url(self, row: Bulletin) -> str:
        """The bulletin."""
        return reverse("bulletin-detail", args=[row.pk])


class NewBulletinForm(BulletinForm):
    """With the way of counting."""

    method = forms.ChoiceField(
        label="口径", choices=(), help_text="文件没有写怎么算；一年里前后各期要一致，中途不能换"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(one.id, one.name) for one in methods().values()]


@method_decorator(requires(MAKE), name="dispatch")
class MakeBulletin(FormPage):
    """A new draft."""

    form_class = NewBulletinForm
    title = "生成通报"
    note = "生成时把每个项目的数冻结下来，以后月报再改，这一期不变"
    submit = "生成"
    done = "通报已生成，请核对后送审"
    above = ("调度通报", "bulletin-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """Last month of one's own region, by the year's method."""
        today = timezone.localdate()
        year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
        home = request.access.home_region
        start = {"region": home, "cadence": "month", "year": year, "period": month,
                 "method": method_of_year(home, "month", year)}  # fmt: skip
        return NewBulletinForm(data, initial=start)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Make it."""
        row = make_bulletin(by=request.user, access=request.access, **values)
        return reverse("bulletin-detail", args=[row.pk])


def _bulletin(request: Any, pk: int) -> Bulletin:
    rows = bulletins_for(request.access).select_related("created_by", "released_by", "document")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One bulletin, from what was frozen and nothing else."""
    row = _bulletin(request, pk)
    content = row.content
    found = overview(content)
    makes = reaches(request.access, MAKE, row.region_code)
    releases = reaches(request.access, RELEASE, row.region_code)
    context = {
        "row": row, "content": content, "look": LOOKS[row.status], "header": HEADER,
        "lines": [(line, line["key"]) for line in found["rows"]],
        "holds": holds(row), "unaltered": unaltered(row), "rankings": rankings_told(content),
        "drawing": figure_of(content),
        "opens_rows": reaches(request.access, VIEW, row.region_code),
        "may_submit": makes and row.status == "draft",
        "may_release": releases and row.status == "review"
        and row.created_by_id != request.user.pk,
        "own": row.status == "review" and row.created_by_id == request.user.pk,
        "may_return": releases and row.status == "review",
        "may_void": row.status != "void" and (releases if row.status == "released" else makes),
    }  # fmt: skip
    return render(request, "projects/work/bulletin.html", context)


@requires(VIEW)
@require_GET
def rows(request: Any, pk: int) -> HttpResponse:
    """The projects behind a figure, as they were frozen; ``?unit=`` those of one place."""
    row = _bulletin(request, pk)
    if not reaches(request.access, VIEW, row.region_code):
        raise Http404
    unit = request.GET.get("unit", "")[:100]
    found = [one for one in row.content["rows"] if not unit or one["unit"] == unit]
    known = Project.objects.filter(number__in=[one["number"] for one in found[:_SHOWN]])
    urls = {number: reverse("project-detail", args=[key])
            for number, key in known.values_list("number", "pk")}  # fmt: skip
    names = dict(row.content["units"])
    context = {
        "row": row, "content": row.content, "unit": names.get(unit, unit), "count": len(found),
        "rows": [
            (one, urls.get(one["number"], ""), show(one["done_fen"], "万元"),
             show(one["before_fen"], "万元"), show(one["planned_fen"], "万元"))
            for one in found[:_SHOWN]
        ],
    }  # fmt: skip
    return render(request, "projects/work/bulletin_rows.html", context)


@requires(VIEW)
@require_GET
def word(request: Any, pk: int) -> HttpResponse:
    """The paper: as issued, or as it would be with 送审稿 on it."""
    row = _bulletin(request, pk)
    content = (
        path_of(row.document.file).read_bytes() if row.document
        else draft_word(row.content, row.number)
    )  # fmt: skip
    name = f"{row.content['title']}（第{row.number}期）.docx"
    response = HttpResponse(content, content_type=_WORD)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def _simple(do: Callable[..., Bulletin], word: str) -> Callable[[Any, int], HttpResponse]:
    def view(request: Any, pk: int) -> HttpResponse:
        _bulletin(request, pk)
        seen = request.POST.get("seen", "")

        def act() -> str:
            do(bulletin=pk, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
               by=request.user, access=request.access)  # fmt: skip
            messages.success(request, word)
            return reverse("bulletin-detail", args=[pk])

        nonce = request.POST.get("nonce", "")
        return redirect(send_once(user=request.user, nonce=nonce, path=request.path, act=act))

    return view


submit = requires(MAKE)(require_POST(_simple(submit_bulletin, "已送审")))
release = requires(RELEASE)(require_POST(_simple(release_bulletin, "已印发")))


class _WithReason(FormPage):
    """Something that needs a reason."""

    form_class = SentenceForm
    above = ("调度通报", "bulletin-list")
    columns = 1
    tone = "danger"
    do: Callable[..., Bulletin]

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The bulletin."""
        self.row = _bulletin(request, kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Which one, and the version looked at."""
        return {"facts": [("通报", self.row.content["title"])],
                "seen": request.POST.get("seen") or str(self.row.version),
                "back": reverse("bulletin-detail", args=[self.row.pk])}  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Do it."""
        seen = request.POST.get("seen", "")
        type(self).do(
            bulletin=self.row.pk, seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,
            by=request.user, access=request.access, **values,
        )  # fmt: skip
        return reverse("bulletin-detail", args=[self.row.pk])


@method_decorator(requires(RELEASE), name="dispatch")
class ReturnBulletin(_WithReason):
    """退回."""

    title = "退回通报"
    submit = "退回"
    do = return_bulletin


@method_decorator(requires(MAKE, RELEASE), name="dispatch")
class VoidBulletin(_WithReason):
    """作废."""

    title = "作废通报"
    note = "作废后仍可查看，标明作废和原因"
    submit = "作废"
    do = void_bulletin
