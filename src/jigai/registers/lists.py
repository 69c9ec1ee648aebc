"""Lists of registers and of what waits for approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, RegionField, below, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_regions import names_of_regions
from jigai.registers.access import (
    APPROVE,
    DESIGN,
    EDIT,
    VIEW,
    visible_proposals,
    visible_registers,
)
from jigai.registers.lifecycle import KINDS
from jigai.registers.models import EntrySpan, Proposal, Register
from jigai.registers.reviewing import where_reviewed
from jigai.registers.selectors import countable, on_day

_LOOKS = {"draft": "草拟", "active": "已发布", "inactive": "已停用"}


class RegisterFilters(ListFilters):
    """Registers by words, kind, region and state."""

    q = words_field("名称、管理单位或用途")
    kind = choice("类别", Register.Kind.choices)
    region = RegionField("管理地区")
    state = choice("状态", Register.State.choices)
    public = choice("对外公开", (("yes", "是"), ("no", "否")))

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name, the keeper or the purpose; or the code."""
        wanted = Q(name__icontains=value) | Q(keeper__icontains=value)
        return rows.filter(wanted | Q(purpose__icontains=value) | Q(code=value))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Kept in the region or below."""
        return below(rows, "region_code", value)

    def by_public(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Open to everybody or not."""
        return rows.filter(public=value == "yes")


class RegisterList(ListPage):
    """Every register the person may open."""

    page = "registers"
    url_name = "register-list"
    title = "名录一览"
    note = "目录、清单、名单、资源池和称号名录；在册数按今天计"
    capability = VIEW
    filters = RegisterFilters
    default_sort = "name"
    columns = (
        Column("name", "名称", link=True, sort="name", clip=True),
        Column("kind", "类别", choices=dict(Register.Kind.choices), sort="kind"),
        Column("region", "管理地区", lambda row: row.region_name),
        Column("keeper", "管理单位", clip=True),
        Column("level", "级别"),
        Column("listed", "在册", lambda row: row.listed, kind=c.WHOLE),
        Column("public", "公开", kind=c.FLAG),
        Column("state", "状态", kind=c.STATUS, choices=_LOOKS, sort="state"),
        Column("cadence", "更新", clip=True),
        Column("purpose", "用途", clip=True, shown=False),
        Column("code", "代号", shown=False),
        Column("created_at", "建立时间", kind=c.MOMENT, sort="created_at", shown=False),
    )
    actions = (ListAction("新建名录", "register-new", "plus", DESIGN, primary=True),)
    # Whose list it is, kept by ``rows`` for the numbers of ``decorate``.
    reader: Access
    empty_title = "还没有名录"
    empty_hint = "安装政策包后自动建立，也可以自己新建"

    def rows(self, access: Access) -> QuerySet[Any]:
        """What the person may open."""
        self.reader = access
        return visible_registers(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Numbers in force today and names of regions."""
        names = names_of_regions(row.region_code for row in rows)
        spans = EntrySpan.objects.filter(
            on_day(timezone.localdate()), register__in=[row.pk for row in rows]
        )
        spans = countable(self.reader, spans)
        counts = dict(spans.order_by().values_list("register").annotate(count=Count("pk")))
        for row in rows:
            row.listed = counts.get(row.pk, 0)
            row.region_name = names.get(row.region_code, row.region_code) or "全国"

    def row_url(self, row: Register) -> str:
        """The register."""
        return reverse("register-detail", args=[row.code])

    def row_css(self, row: Register) -> str:
        """Retired registers are grey."""
        return "is-off" if row.state == Register.State.RETIRED else ""


class InboxFilters(ListFilters):
    """Proposals by words, kind and state."""

    q = words_field("条目或名录")
    kind = choice("事项", [(code, word) for code, word in KINDS.items() if code != "expire"])
    state = choice("状态", Proposal.State.choices)
    mine = choice("提出人", (("yes", "我提的"), ("no", "等我审核")))

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the entry's or the register's name."""
        return rows.filter(
            Q(entry__title__icontains=value) | Q(entry__register__name__icontains=value)
        )

    def by_mine(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One's own, or those of others that still wait."""
        if value == "yes":
            return rows.filter(proposed_by=self.access.user)
        return rows.filter(state=Proposal.State.PENDING).exclude(proposed_by=self.access.user)


class InboxList(ListPage):
    """What was proposed to happen to entries."""

    page = "register-inbox"
    url_name = "entry-inbox"
    title = "名录审核"
    note = "提出人不能审核自己提出的事项；在条目页、办件或收件箱里审核都一样"
    capability = (APPROVE, EDIT)
    filters = InboxFilters
    columns = (
        Column("entry", "条目", "entry.title", link=True, clip=True),
        Column("register", "名录", "entry.register.name", clip=True),
        Column("kind", "事项", choices=KINDS),
        Column("effective", "生效日期", kind=c.DAY, sort="effective"),
        Column("reason", "理由", clip=True),
        Column("document", "文号", clip=True, shown=False),
        Column("proposed_by", "提出人", "proposed_by.name"),
        Column("proposed_at", "提出时间", kind=c.MOMENT, sort="proposed_at"),
        Column("state", "状态", kind=c.STATUS, choices=dict(Proposal.State.choices),
               sort="state"),
        Column("answer", "审核意见", clip=True),
        Column("case", "办件", lambda row: row.case, kind=c.HTML,
               plain=lambda row: row.case_number),
    )  # fmt: skip
    empty_title = "没有待审核的事项"
    empty_hint = "登记、变更、移出等提出后列在这里"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Proposals in reach of either duty."""
        both = visible_proposals(access, APPROVE) | visible_proposals(access, EDIT)
        own = When(proposed_by=access.user, then=Value(True))
        return both.select_related("entry__register", "proposed_by").annotate(
            opens_case=Case(own, default=Value(access.can(APPROVE)))
        )

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Where each is reviewed; a link for who may open it there."""
        found = where_reviewed(row.pk for row in rows)
        for row in rows:
            row.case_number, url = found.get(row.pk, ("", ""))
            link = format_html('<a href="{}">{}</a>', url, row.case_number)
            row.case = link if url and row.opens_case else row.case_number

    def row_url(self, row: Proposal) -> str:
        """The entry, with what would change and the buttons."""
        return reverse("entry-detail", args=[row.entry_id])
