"""The lists of the policies room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date

from jigai.core.access import Access
from jigai.core.access.scoping import region_prefix
from jigai.core.regions import region_groups
from jigai.core.screens import formats
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    search,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import Count, ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.screens.place_filter import PlaceFilters
from jigai.core.templatetags.house import status as badge
from jigai.policies.document_keys import document_key
from jigai.policies.force import forces_on
from jigai.policies.models import Clause, Decision, EvaluationRun, PackVersion
from jigai.policies.policy_status import LOOKS
from jigai.policies.proposals import CAPABILITY
from jigai.policies.selectors import (
    visible_decisions,
    visible_packs,
    visible_runs,
    whole_runs,
)
from jigai.policies.stored_packs import model_of
from jigai.policies.successions import in_use
from jigai.policies.words import (
    CLAUSE_KINDS,
    STATUS_WORDS,
    VERDICT_CODES,
    VERDICT_WORDS,
    clause_kinds,
)

SUBJECT_WORDS = dict(Decision.Subject.choices)


class PackFilters(ListFilters):
    """Policy documents by region, state and words."""

    q = words_field("标题或文号")
    region = RegionField()
    status = choice("状态", STATUS_WORDS.items())
    on = forms.DateField(
        label="在此日有效", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    day = forms.DateField(
        label="看哪一天的效力", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def by_day(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Says of which day the state is shown; narrows nothing by itself."""
        return rows

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title or number, also of a document that was replaced."""
        replaced = Q(supersedes__icontains=value)
        return rows.filter(Q(title__icontains=value) | Q(number__icontains=value) | replaced)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Documents of a region and below, also for a group some of whose members lie there."""
        return rows.filter(_of_region("region_code", value))

    def by_on(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """In force on the day; one without an end has not expired, a draft never is."""
        begun = Q(valid_from__lte=value) | Q(valid_from__isnull=True, issued__lte=value)
        going = Q(valid_to__gte=value) | Q(valid_to__isnull=True)
        return rows.filter(begun, going, status="issued").exclude(slug__in=_replaced(value))


def _of_region(path: str, code: str) -> Q:
    prefix = region_prefix(code)
    groups = [
        key for key, group in region_groups().items()
        if any(member.startswith(prefix) for member in group.members)
    ]  # fmt: skip
    return Q(**{f"{path}__startswith": prefix}) | Q(**{f"{path}__in": groups})


def _replaced(day: Any) -> list[str]:
    """Installed documents that another one has taken the place of by a day."""
    gone = set(in_use().filter(since__lte=day).values_list("old_key", flat=True))
    packs = PackVersion.objects.filter(is_current=True).order_by("slug")
    rows = packs.values_list("slug", "number", "title")
    return [
        slug for slug, number, title in rows
        if gone & {document_key(text) for text in (number, title) if text}
    ]  # fmt: skip


class PackList(ListPage):
    """Installed policy documents."""

    page = "packs"
    url_name = "pack-list"
    title = "政策文件"
    capability = "pack.view"
    filters = PackFilters
    default_sort = "slug"
    columns = (
        Column("title", "标题", link=True, sort="title"),
        Column("force", "当日效力", lambda row: badge(LOOKS[row.force.status], row.force.word),
               kind=c.HTML, plain=lambda row: row.force.word),
        Column("payable", "可据以兑付", lambda row: row.force.payable, kind=c.FLAG),
        Column("number", "文号", sort="number"),
        Column("issuer", "发文机关", sort="issuer", clip=True),
        Column("issued", "成文日期", kind=c.DAY, sort="issued"),
        Column("valid_from", "施行", kind=c.DAY, sort="valid_from"),
        Column("valid_to", "有效期止", kind=c.DAY, sort="valid_to"),
        Column("status", "状态", choices=STATUS_WORDS, sort="status"),
        Column("sha256", "内容散列", lambda row: row.sha256[:12], shown=False),
        Column("installed_at", "安装时间", kind=c.MOMENT, sort="installed_at", shown=False),
    )  # fmt: skip
    actions = (
        ListAction("旧文查新", "document-find", "history"),
        ListAction("检索条款", "clause-list", "search"),
        ListAction("安装新版本", "proposal-new", "cloud-upload", CAPABILITY),
    )
    empty_title = "还没有安装政策文件"
    empty_hint = "平台启动时会安装随附的数据包"

    def rows(self, access: Access) -> QuerySet[Any]:
        """The current version of every document; shared standards are not documents."""
        return visible_packs(access).exclude(status="standard")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """The state of each document on the day asked for, or today."""
        given = (state.query.get("day") or state.query.get("on") or [""])[0]
        day = parse_date(given) or timezone.localdate()
        for row, force in zip(rows, forces_on(rows, day), strict=True):
            row.force = force

    def row_url(self, row: PackVersion) -> str:
        """The document."""
        return reverse("pack-detail", args=[row.slug])


class ClauseFilters(ListFilters):
    """Clauses by words and document."""

    q = words_field("条文或数值", "例如 设备投资 500万元")
    pack = choice("政策文件", ())
    kind = choice("类型", CLAUSE_KINDS.items())
    region = RegionField()
    year = year_field("成文年份")
    on = forms.DateField(
        label="在此日有效", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    lookups = {"year": "pack__issued__year"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packs = PackVersion.objects.filter(is_current=True).exclude(status="standard")
        known = packs.order_by("slug").values_list("slug", "title")
        self.fields["pack"].choices = [("", "全部"), *known]

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Found in the clause itself or in one of its numbers."""
        inside = Clause.objects.filter(facts__in=search(_facts(), value)).values("pk")
        return rows.filter(pk__in=inside) | search(rows, value)

    def by_pack(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Clauses of one document."""
        return rows.filter(pack__slug=value)

    def by_kind(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Clauses of a kind; most have several."""
        return rows.filter(kind__contains=value)

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Documents of a region and below, also for a group some of whose members lie there."""
        return rows.filter(_of_region("pack__region_code", value))

    def by_on(self, rows: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Documents in force on the day; one without an end has not expired."""
        begun = Q(pack__valid_from__lte=value) | Q(
            pack__valid_from__isnull=True, pack__issued__lte=value
        )
        going = Q(pack__valid_to__gte=value) | Q(pack__valid_to__isnull=True)
        return rows.filter(begun, going, pack__status="issued")


def _facts() -> QuerySet[Any]:
    from jigai.policies.models import ClauseFact

    return ClauseFact.objects.filter(pack__is_current=True)


class ClauseList(ListPage):
    """Clauses of all documents, to search."""

    page = "clauses"
    url_name = "clause-list"
    title = "条款检索"
    capability = "pack.view"
    filters = ClauseFilters
    default_sort = "id"
    columns = (
        Column("code", "条号", link=True),
        Column("heading", "标题"),
        Column("summary", "要点", clip=True),
        Column("kind", "类型", lambda row: clause_kinds(row.kind)),
        Column("pack", "政策文件", "pack.title"),
    )
    empty_title = "没有找到条款"
    empty_hint = "换一个词，或去掉文件条件"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Clauses of the current versions."""
        clauses = Clause.objects.filter(pack__is_current=True).exclude(pack__status="standard")
        return clauses.select_related("pack").defer("pack__files")

    def row_url(self, row: Clause) -> str:
        """The clause inside its document."""
        return reverse("clause", args=[row.pack.slug, row.code])


class RunFilters(ListFilters):
    """Evaluations by document, year, region."""

    year = year_field()
    region = RegionField()
    asked = choice("对象", (("whole", "辖区全部"), ("round", "批次申报")))
    payable = choice("用途", (("yes", "可据以兑付"), ("no", "仅模拟")))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Runs over a region and below."""
        return below(rows, "region_code", value)

    def by_asked(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Over the whole region, or over the applicants of a round."""
        whole = whole_runs(rows)
        return whole if value == "whole" else rows.exclude(pk__in=whole.values("pk"))

    def by_payable(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Payable runs or simulations."""
        return rows.filter(payable=value == "yes")


class RunList(ListPage):
    """Evaluations, newest first."""

    page = "runs"
    url_name = "run-list"
    title = "测算"
    note = "每次测算只增不改，散列相连，可以随时核对"
    capability = "evaluation.view"
    filters = RunFilters
    columns = (
        Column("id", "编号", lambda row: f"第 {row.pk} 次", link=True, sort="id"),
        Column("pack", "政策文件", "pack.title", clip=True),
        Column("year", "年度", kind=c.TEXT, sort="year"),
        Column("as_of", "取值日期", kind=c.DAY, sort="as_of"),
        Column("asked", "对象", "asked"),
        Column("projects", "项目数", lambda row: row.summary.get("projects"), kind=c.WHOLE),
        Column("selected", "入选", lambda row: row.summary.get("selected"), kind=c.WHOLE),
        Column("total", "测算合计", lambda row: row.summary.get("total_fen"), kind=c.WAN),
        Column("payable", "用途", "purpose"),
        Column("watermark", "水印", shown=False),
        Column("why", "仅模拟原因", "simulation", clip=True, shown=False),
        Column("by", "测算人", "created_by.name"),
        Column("created_at", "时间", kind=c.MOMENT, sort="created_at"),
        Column("root", "根散列", lambda row: row.root_hash[:12], shown=False),
    )
    actions = (ListAction("新建测算", "run-new", "calculator", "evaluation.run", primary=True),)
    empty_title = "还没有测算"
    empty_hint = "导入企业名录与项目台账后，选政策与年度即可测算"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Runs within reach."""
        return visible_runs(access)

    def row_url(self, row: EvaluationRun) -> str:
        """The run."""
        return reverse("run-detail", args=[row.pk])


class DecisionFilters(PlaceFilters):
    """Decisions of one run by subject, verdict, selection, words."""

    run = forms.IntegerField(label="测算编号", required=False, min_value=1)
    q = words_field("企业或项目")
    verdict = choice("结论", [(str(k), v) for k, v in VERDICT_WORDS.items()])
    subject = choice("对象", Decision.Subject.choices)
    selected = choice("入选", (("yes", "入选"), ("no", "未入选"), ("open", "名额待定")))
    reason = forms.CharField(label="原因代码", required=False, max_length=80)
    measure = forms.CharField(label="措施编号", required=False, max_length=80)
    region = RegionField()
    counted = choice("计入合计", (("yes", "只看入选并计入的"),))
    lookups = {"run": "run_id"}

    def by_counted(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """What totals are made of: selected, and without members, who are in their consortium."""
        return rows.filter(selected=True).exclude(subject="member")

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name of the enterprise or the project."""
        return search(rows, value)

    def by_selected(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Chosen within the quota, not chosen, or open."""
        return rows.filter(selected={"yes": True, "no": False, "open": None}[value])

    def by_reason(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """With this reason among others."""
        return rows.filter(reason_codes__contains=[value])

    def by_measure(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Decided on this measure."""
        return rows.filter(measures__contains=[value])

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Of a region and below."""
        return below(rows, "region_code", value)


class DecisionList(ListPage):
    """Decisions, row by row."""

    page = "decisions"
    url_name = "decision-list"
    title = "测算结果"
    capability = "evaluation.view"
    filters = DecisionFilters
    default_sort = "id"
    columns = (
        Column("enterprise", "企业", "enterprise_name", clip=True),
        Column("label", "项目或共同体", link=True, clip=True),
        Column("subject", "对象", choices=SUBJECT_WORDS, shown=False),
        Column(
            "verdict", "结论", lambda row: VERDICT_CODES[row.verdict], kind=c.STATUS,
            choices={VERDICT_CODES[k]: v for k, v in VERDICT_WORDS.items()}, sort="verdict",
        ),
        Column("measures", "措施", lambda row: row.measure_names, clip=True),
        Column("amount", "测算金额", "amount_fen", kind=c.MONEY, sort="amount_fen"),
        Column("low", "下限", "low_fen", kind=c.MONEY, shown=False),
        Column("high", "上限", "high_fen", kind=c.MONEY, shown=False),
        Column("selected", "入选", kind=c.FLAG),
        Column("watermark", "水印", "run.watermark"),
        Column("paid", "拟补助/模拟", "proposed_fen", kind=c.MONEY, sort="paid_fen"),
        Column("reasons", "原因", lambda row: "；".join(r["text"] for r in row.reasons), clip=True),
        Column("codes", "原因代码", lambda row: ";".join(row.reason_codes), shown=False),
        Column("clauses", "条款", lambda row: "、".join(_clauses(row)), shown=False),
        Column("source_row", "台账行", kind=c.WHOLE, shown=False),
        Column("purpose", "测算用途", "run.purpose", shown=False),
        Column("run_id", "测算编号", kind=c.WHOLE, shown=False),
    )  # fmt: skip
    empty_title = "没有符合条件的决定"
    empty_hint = "放宽条件，或换一次测算"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Decisions within reach."""
        return visible_decisions(access).select_related("run").defer("run__snapshot")

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Names of measures, from the pack of each run on the page."""
        ids = {row.run_id for row in rows}
        runs = EvaluationRun.objects.filter(pk__in=ids).select_related("pack").order_by("id")
        names = {
            run.pk: {key: m.name for key, m in model_of(run.pack).measures.items()} for run in runs
        }
        for row in rows:
            row.measure_names = "＋".join(names[row.run_id].get(m, m) for m in row.measures)

    def row_url(self, row: Decision) -> str:
        """The full trace."""
        return reverse("decision-detail", args=[row.pk])

    def summary(self, rows: QuerySet[Any], count: Count) -> str:
        """The money of what is listed; shares of members are inside their consortium."""
        if not count.exact:
            return ""
        chosen = Q(selected=True) & ~Q(subject="member")
        sums = rows.order_by().values_list("run__payable").annotate(
            fen=Coalesce(Sum("paid_fen", filter=chosen), 0)
        )  # fmt: skip
        found = dict(sums)
        told = []
        if True in found:
            told.append(f"拟补助合计 {formats.wan(found[True])} 万元")
        if False in found:
            told.append(f"模拟合计 {formats.wan(found[False])} 万元（不产生应付）")
        return "，".join(told)


def _clauses(row: Decision) -> dict[str, None]:
    return dict.fromkeys(r["clause"] for r in row.reasons if r["clause"])
