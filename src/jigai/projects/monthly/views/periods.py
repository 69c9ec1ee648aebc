"""Months by region: open one, see who has reported, remind, lock, reopen, publish."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from jigai.core.access import Access, requires
from jigai.core.jobs import start_job
from jigai.core.platform_calendar import platform_calendar
from jigai.core.screens import list_columns as kinds
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, year_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.core.views.form_page import FormPage
from jigai.policies.addressees import reaches
from jigai.projects.models import MonthlyPeriod
from jigai.projects.monthly.access import FILL, LOCK, VIEW, periods_for, require_region
from jigai.projects.monthly.due import LOOKS, WORDS, rows_of, standing_of
from jigai.projects.monthly.parameters import cut_off, decided_day, suggested_day
from jigai.projects.monthly.services.lock_period import lock_period
from jigai.projects.monthly.services.open_period import open_period
from jigai.projects.monthly.services.publish_lock import publish_lock
from jigai.projects.monthly.services.reopen_period import reopen_period
from jigai.projects.monthly.told import flag_words
from jigai.projects.monthly.versions import changes_since, rows_page
from jigai.projects.monthly.views.click import Click

PAGE = 50


class PeriodFilters(ListFilters):
    """Region, year, whether it is locked."""

    lookups = {"year": "year", "status": "status"}
    region = RegionField()
    year = year_field()
    status = choice("状态", MonthlyPeriod.Status.choices)

    def by_region(self, rows: Any, value: str) -> Any:
        """The region and below."""
        return below(rows, "region_code", value)


class PeriodList(ListPage):
    """月报期."""

    page = "monthly-periods"
    title = "月报期"
    note = "每个地区每月一期：开报、催报、锁定、发布"
    capability = VIEW
    url_name = "monthly-period-list"
    filters = PeriodFilters
    default_sort = "-month"
    actions = (
        ListAction("月报明细", "monthly-report-list", "list"),
        ListAction("开月报期", "monthly-open", "calendar-event", LOCK, primary=True),
    )
    empty_title = "还没有月报期"
    empty_hint = "点“开月报期”，选地区和月份，定下截止日；只显示您的数据权限之内的。"
    columns = (
        Column("period", "月份", lambda row: f"{row.year} 年 {row.month} 月", link=True),
        Column("region", "地区", "region_name", sort="region_code"),
        Column("status", "状态", lambda row: row.status, kind=kinds.STATUS,
               choices=dict(MonthlyPeriod.Status.choices)),
        Column("cut_off", "截止日", kind=kinds.DAY, sort="cut_off"),
        Column("published", "已发布",
               lambda row: f"第 {row.published} 版" if row.published else ""),
        Column("reminded_at", "最近一次催报", kind=kinds.MOMENT),
        Column("month", "年月", lambda row: row.year * 100 + row.month, kind=kinds.NUMBER,
               sort="cut_off", shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """Periods of regions within reach."""
        return periods_for(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of regions."""
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The period."""
        return reverse("monthly-period", args=[row.pk])


class OpenForm(forms.Form):
    """Which month of which region, and until when."""

    region = RegionField(required=True)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    month = forms.IntegerField(label="月份", min_value=1, max_value=12)
    day = forms.IntegerField(
        label="截止日（次月几日）", min_value=1, max_value=28,
        help_text="文件没有写明哪一天；建议次月 10 日，由您确定后才据以判断逾期",
    )  # fmt: skip
    rolled = forms.BooleanField(label="遇休息日顺延到下一个工作日", required=False, initial=True)


@method_decorator(requires(LOCK), name="dispatch")
class OpenPeriod(FormPage):
    """Open a month."""

    form_class = OpenForm
    title = "开月报期"
    note = "开报后企业和经办人可以填报；已开的再办一次就是改截止日"
    submit = "开报"
    done = "已开报"
    above = ("月报期", "monthly-period-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the month that has ended and the day decided, or suggested."""
        last = timezone.localdate().replace(day=1) - dt.timedelta(days=1)
        decided = decided_day(timezone.localdate()) if data is None else None
        return OpenForm(data, initial={
            "region": request.access.home_region, "year": last.year, "month": last.month,
            "day": decided.day if decided else suggested_day(), "rolled": True,
        })  # fmt: skip

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Open it."""
        calendar = platform_calendar() if values["rolled"] else None
        period = open_period(
            region_code=values["region"], year=values["year"], month=values["month"],
            cut_off=cut_off(values["year"], values["month"], values["day"], calendar),
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("monthly-period", args=[period.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Where the day comes from, if somebody decided it."""
        decided = decided_day(timezone.localdate())
        if decided is None:
            return {}
        text = f"次月 {decided.day} 日（《{decided.title}》，{decided.source}）"
        return {"facts": [("已确定的截止日", text)]}


@requires(VIEW)
@require_GET
def period(request: Any, pk: int) -> HttpResponse:
    """Who has reported, who is late, what is odd; ``?state=`` narrows the rows."""
    found = get_object_or_404(periods_for(request.access), pk=pk)
    standing = standing_of(found, request.access)
    state = request.GET.get("state", "")
    rows = rows_of(found, request.access).select_related("enterprise").defer(
        "search", "enterprise__search"
    )  # fmt: skip
    if state in WORDS:
        rows = rows.filter(standing=state)
    after = request.GET.get("after", "")
    if after.isdecimal():
        rows = rows.filter(pk__gt=int(after[:18]))
    page = list(rows.order_by("pk")[: PAGE + 1])
    for row in page:
        row.standing_word, row.standing_look = WORDS[row.standing], LOOKS[row.standing]
        row.flag_words = [flag_words(code) for code in row.report_flags or ()]
    may = reaches(request.access, LOCK, found.region_code)
    context = {
        "period": found, "standing": standing, "rows": page[:PAGE], "state": state,
        "next": page[PAGE - 1].pk if len(page) > PAGE else None,
        "region": names_of_regions([found.region_code]).get(found.region_code, found.region_code),
        "tabs": [(code, word, standing.by_state.get(code, 0)) for code, word in WORDS.items()],
        "locks": list(found.locks.select_related("locked_by").order_by("-number")),
        "may_lock": may, "may_fill": reaches(request.access, FILL, found.region_code),
        "is_open": found.status == MonthlyPeriod.Status.OPEN,
    }  # fmt: skip
    return render(request, "projects/monthly/period.html", context)


@requires(VIEW)
@require_GET
def version(request: Any, pk: int, number: int) -> HttpResponse:
    """A locked version as it was, and what differs from the one before."""
    found = get_object_or_404(periods_for(request.access), pk=pk)
    lock = get_object_or_404(found.locks.select_related("locked_by"), number=number)
    after = request.GET.get("after", "")
    rows, more = rows_page(lock, request.access, int(after[:18]) if after.isdecimal() else 0)
    regions = names_of_regions([found.region_code, *lock.sums])
    context = {
        "period": found, "lock": lock, "rows": rows, "next": more,
        "region": regions.get(found.region_code, found.region_code),
        "sums": [(regions.get(code, code), sums) for code, sums in sorted(lock.sums.items())],
        "changes": changes_since(lock, request.access) if number > 1 else None,
        "is_published": found.published == number,
    }  # fmt: skip
    return render(request, "projects/monthly/version.html", context)


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(
        label="原因", max_length=400, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class OnPeriod(FormPage):
    """A form about one period."""

    form_class = ReasonForm
    columns = 1
    above = ("月报期", "monthly-period-list")

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The period, where the person may lock."""
        found = periods_for(request.access).filter(pk=kwargs["pk"]).first()
        if found is None:
            raise Http404
        require_region(request.access, LOCK, found.region_code)
        self.period = found

    def seen(self, request: Any) -> int:
        """The version the page was made with."""
        text = request.POST.get("seen", "")
        return int(text) if text.isdecimal() else 0

    def context(self, request: Any) -> dict[str, Any]:
        """Which month of which region."""
        standing = standing_of(self.period, request.access)
        state = standing.by_state
        region = names_of_regions([self.period.region_code]).get(self.period.region_code, "")
        unreported = state.get("waiting", 0) + state.get("late", 0)
        return {
            "facts": [
                ("月报期", f"{region} {self.period.year} 年 {self.period.month} 月"),
                ("应报 / 未报", f"{standing.due} / {unreported} 个"),
                ("待确认", f"{state.get('odd', 0)} 条"),
                ("不采用", f"{state.get('held', 0)} 条"),
            ],
            "seen": request.POST.get("seen") or str(self.period.version),
            "back": reverse("monthly-period", args=[self.period.pk]),
        }


@method_decorator(requires(LOCK), name="dispatch")
class LockPeriod(OnPeriod):
    """Lock a month."""

    title = "锁定月报"
    note = "锁定后数据不能再改；要更正须重开，再锁定就是新的一版，旧版仍可查看"
    submit = "锁定"
    done = "已锁定"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Lock it."""
        lock = lock_period(
            period=self.period.pk, seen=self.seen(request), reason=values["reason"],
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("monthly-version", args=[self.period.pk, lock.number])


@method_decorator(requires(LOCK), name="dispatch")
class ReopenPeriod(OnPeriod):
    """Reopen a month."""

    title = "重开月报"
    note = "写明要更正什么、依据是什么；原因会记在下一版上"
    submit = "重开"
    tone = "danger"
    done = "已重开"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Reopen it."""
        reopen_period(
            period=self.period.pk, seen=self.seen(request), reason=values["reason"],
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("monthly-period", args=[self.period.pk])


class OnPeriodClick(Click):
    """A click about one period."""

    def home(self, request: Any, **kwargs: Any) -> str:
        """The period."""
        return reverse("monthly-period", args=[kwargs["pk"]])

    def found(self, request: Any, pk: int) -> MonthlyPeriod:
        """The period, where the person may lock."""
        row = periods_for(request.access).filter(pk=pk).first()
        if row is None:
            raise Http404
        require_region(request.access, LOCK, row.region_code)
        return row


@method_decorator(requires(LOCK), name="dispatch")
class PublishLock(OnPeriodClick):
    """Publish the latest version."""

    done = "已发布"

    def act(self, request: Any, **kwargs: Any) -> str:
        """Publish it."""
        row = self.found(request, kwargs["pk"])
        seen = request.POST.get("seen", "")
        publish_lock(
            period=row.pk, seen=int(seen) if seen.isdecimal() else 0, by=request.user,
            access=request.access,
        )  # fmt: skip
        return self.home(request, **kwargs)


@method_decorator(requires(LOCK), name="dispatch")
class RemindUnreported(OnPeriodClick):
    """Remind everybody who has not reported."""

    done = "正在通知"

    def act(self, request: Any, **kwargs: Any) -> str:
        """Start the job."""
        row = self.found(request, kwargs["pk"])
        title = f"催报 {row.year} 年 {row.month} 月月报"
        job = start_job(
            kind="monthly-remind", title=title, owner=request.user, params={"period": row.pk}
        )
        return reverse("job-detail", args=[job.pk])
