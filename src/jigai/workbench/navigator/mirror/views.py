"""应享名单: make one, read its summary, notify the enterprises on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import requires
from jigai.core.access.scoping import region_prefix
from jigai.core.jobs import start_job
from jigai.core.models import ImportBatch
from jigai.core.screens.list_filters import RegionField
from jigai.core.screens.list_urls import list_urls
from jigai.core.views.form_page import FormPage
from jigai.funding.held_facts import deadline_of
from jigai.outreach.distribution_people import SEND
from jigai.policies.models import PackVersion
from jigai.policies.selectors import nearest_pack
from jigai.workbench.models import AudienceEntry
from jigai.workbench.navigator.mirror.jobs import JOB
from jigai.workbench.navigator.mirror.lists import AudienceLists, EntryList
from jigai.workbench.navigator.mirror.notify import draft_notice, not_to_be_told, recipients
from jigai.workbench.navigator.mirror.selectors import (
    NOTIFY,
    VIEW,
    deliveries_about,
    lists_for,
)


class AudienceForm(forms.Form):
    """Which document, whose data, which year and day."""

    pack = forms.ModelChoiceField(label="政策文件", queryset=PackVersion.objects.none())
    year = forms.IntegerField(label="资料年度", min_value=2000, max_value=2100)
    region = RegionField("对象范围", required=True)
    day = forms.DateField(
        label="按哪一天", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="参数、有效期取这一天；不填为今天，最晚到资料年度的最后一天",
    )  # fmt: skip

    def __init__(self, *args: Any, access: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
        self.fields["pack"].queryset = packs.defer("files").order_by("slug")
        self.access = access

    def clean_region(self) -> str:
        """A region within the person's reach."""
        region = str(self.cleaned_data["region"])
        for grant in self.access.granting(VIEW):
            inside = any(region.startswith(region_prefix(own)) for own in grant.regions)
            if grant.scope == "all" or inside:
                return region
        raise forms.ValidationError("这个地区不在您的数据权限之内")


@method_decorator(requires(VIEW), name="dispatch")
class NewAudience(FormPage):
    """Have a list made; a job does it."""

    form_class = AudienceForm
    title = "生成应享名单"
    note = "按平台现有资料，把文件的每项措施在全部企业、项目上算一遍；不改任何资料"
    submit = "生成"
    done = ""
    above = ("应享名单", "audience-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the nearest document and the newest year of data."""
        pack = nearest_pack(request.access)
        region = request.access.home_region or (pack.region_code if pack else "")
        batches = ImportBatch.objects.filter(status="committed")
        newest = batches.order_by("-year", "-id").values_list("year", flat=True).first()
        year = newest or timezone.localdate().year
        initial = {"pack": pack.pk if pack else None, "year": year, "region": region}
        return AudienceForm(data, access=request.access, initial=initial)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Queue it."""
        pack, year = values["pack"], values["year"]
        day = values["day"] or deadline_of(year, timezone.localdate())
        params = {"pack": pack.pk, "year": year, "region": values["region"],
                  "day": day.isoformat()}  # fmt: skip
        title = f"应享名单：{pack.title}（{year} 年）"
        job = start_job(kind=JOB, title=title[:200], owner=request.user, params=params)
        return reverse("job-detail", args=[job.pk])


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One list: every measure with its three groups, and what was sent."""
    found = get_object_or_404(lists_for(request.access), pk=pk)
    listed = reverse("audience-entries") + f"?audience={found.pk}"
    rows = sorted(found.summary.items(), key=lambda item: item[1]["number"])
    may = request.access.can(NOTIFY) and request.access.can(SEND)
    problem = not_to_be_told(found)
    notices = found.notices.select_related("distribution").order_by("-id")
    context = {
        "found": found,
        "listed": listed,
        "rows": [(key, told, f"{listed}&measure={key}") for key, told in rows],
        "groups": AudienceEntry.Group.choices,
        "notices": list(notices),
        "may_notify": may and not problem,
        "problem": problem if may else "",
    }
    return render(request, "workbench/audience.html", context)


class NoticeForm(forms.Form):
    """What is said besides the letter."""

    note = forms.CharField(label="附言", required=False, max_length=500,
                           widget=forms.Textarea(attrs={"rows": 3}))  # fmt: skip
    sign_days = forms.IntegerField(label="签收期限（工作日）", initial=5, min_value=1, max_value=60)


@method_decorator(requires(NOTIFY), name="dispatch")
class NewNotice(FormPage):
    """Notify the enterprises of one group under one measure."""

    form_class = NoticeForm
    title = "通知应享企业"
    note = "每家企业一份，附政策送达函；谁打开、什么时候打开，在发文里看，没有签收的可以催"
    submit = "下一步：核对名单并发出"
    columns = 1
    done = ""
    above = ("应享名单", "audience-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The list within reach; the measure and group must be on it."""
        self.found = get_object_or_404(lists_for(request.access, NOTIFY), pk=kwargs["pk"])
        self.measure, self.group = kwargs["measure"], kwargs["group"]
        groups = AudienceEntry.Group.values
        if self.measure not in self.found.summary or self.group not in groups:
            raise Http404("没有这一项")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """The form with its usual term."""
        return NoticeForm(data)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """The draft, to be checked and sent."""
        made, before = draft_notice(
            audience=self.found.pk, measure=self.measure, group=self.group, by=request.user,
            access=request.access, **values,
        )  # fmt: skip
        if before:
            messages.info(request, f"有 {before} 家以前已经通知过，没有再列入")
        return reverse("distribution-detail", args=[made.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """How many enterprises it goes to."""
        wanted = recipients(self.found, self.measure, self.group, request.access)
        told = deliveries_about(self.found, self.measure, wanted).values("enterprise").distinct()
        facts = [
            ("政策文件", self.found.pack.title),
            ("措施", self.found.summary[self.measure]["name"]),
            ("情况", str(AudienceEntry.Group(self.group).label)),
            ("企业", f"{len(wanted)} 家"),
            ("以前通知过", f"{told.order_by().count()} 家，不再重复"),
        ]
        problem = not_to_be_told(self.found)
        more = {"warning": f"{problem}，不能通知"} if problem else {}
        return {"facts": facts, **more}


URLS = [
    *list_urls(AudienceLists, "audiences/"),
    path("audiences/new/", NewAudience.as_view(), name="audience-new"),
    *list_urls(EntryList, "audiences/entries/"),
    path("audiences/<int:pk>/", detail, name="audience-detail"),
    path("audiences/<int:pk>/notify/<slug:measure>/<slug:group>/", NewNotice.as_view(),
         name="audience-notify"),
]  # fmt: skip
