"""政策宣讲: the lists of briefings, invitations, enterprises reached, and one's own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    search,
    words_field,
)
from jigai.core.screens.list_page import Count as Rows
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.selectors_enterprises import enterprises_for
from jigai.core.selectors_regions import names_of_regions
from jigai.outreach.briefing_people import (
    VIEW,
    briefings_for,
    has_contact,
    invitations_for,
    own_invitations,
)
from jigai.outreach.briefing_reach import (
    STATE_WORDS,
    Scope,
    counted_invitations,
    industry_words,
    percent,
    states_of,
    with_state,
)
from jigai.outreach.models import Briefing, BriefingTopic, Invitation

STATUSES = {"draft": "draft", "published": "info", "held": "done", "cancelled": "cancelled"}
STATUS_WORDS = {STATUSES[str(code)]: str(word) for code, word in Briefing.Status.choices}
REACHES = {"reached": "done", "unreached": "open", "unreachable": "missing", "walk-in": "info"}
REACH_WORDS = {look: STATE_WORDS[code] for code, look in REACHES.items()}
_LISTED = Count("invitations", filter=Q(invitations__walk_in=False))
_GOT = Count(
    "invitations",
    filter=Q(invitations__walk_in=False)
    & (Q(invitations__read_at__isnull=False) | Q(invitations__attended_at__isnull=False)),
)
_COMING = Count("invitations", filter=Q(invitations__answer="coming"))
_CAME = Count("invitations", filter=Q(invitations__attended_at__isnull=False))


class BriefingFilters(ListFilters):
    """Briefings by words, kind and state."""

    q = words_field("主题或地点")
    kind = choice("方式", Briefing.Kind.choices)
    status = choice("状态", Briefing.Status.choices)

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the title or the place."""
        return rows.filter(Q(title__icontains=value) | Q(place__icontains=value))


class BriefingList(ListPage):
    """Sessions and pushes of one's regions."""

    page = "briefings"
    url_name = "briefing-list"
    title = "政策宣讲"
    note = "宣讲场次与政策推送；触达＝企业已读或到会，一家企业只算一次"
    capability = VIEW
    filters = BriefingFilters
    columns = (
        Column("title", "主题", link=True, clip=True),
        Column("kind", "方式", lambda row: row.get_kind_display()),
        Column("status", "状态", lambda row: STATUSES[row.status], kind=c.STATUS,
               choices=STATUS_WORDS),
        Column("held_at", "时间", kind=c.MOMENT, sort="held_at"),
        Column("place", "地点", clip=True),
        Column("host", "主办", lambda row: str(row.host or ""), clip=True),
        Column("listed", "对象企业", kind=c.WHOLE),
        Column("got", "已触达", kind=c.WHOLE),
        Column("rate", "触达率", lambda row: percent(row.got, row.listed)),
        Column("coming", "报名", kind=c.WHOLE, shown=False),
        Column("came", "到会", kind=c.WHOLE),
        Column("published_at", "通知时间", kind=c.MOMENT, shown=False),
    )  # fmt: skip
    actions = (
        ListAction("排宣讲场次", "briefing-new", "calendar-event", "briefing.manage", primary=True),
        ListAction("推送政策", "briefing-push-new", "send", "briefing.manage"),
        ListAction("触达率", "briefing-reach", "chart-bar", "briefing.view"),
    )
    empty_title = "还没有宣讲"
    empty_hint = "排一场宣讲，或把政策直接推送给企业"

    def rows(self, access: Access) -> QuerySet[Any]:
        """In one's regions."""
        rows = briefings_for(access).select_related("host")
        return rows.annotate(listed=_LISTED, got=_GOT, coming=_COMING, came=_CAME)

    def row_url(self, row: Any) -> str:
        """The briefing."""
        return reverse("briefing-detail", args=[row.pk])


class InvitationFilters(ListFilters):
    """Invitations by enterprise and by how far they got."""

    q = words_field("企业")
    state = choice("情况", (("unread", "未读"), ("read", "已读"), ("receipt", "有回执"),
                          ("coming", "报名参加"), ("attended", "已到会"), ("walk", "名单外到会"),
                          ("unreachable", "无联系方式")))  # fmt: skip
    receipt = choice("回执", Invitation.Receipt.choices)
    briefing = forms.IntegerField(label="场次编号", required=False)
    region = RegionField()
    _states = {
        "unread": Q(read_at__isnull=True, attended_at__isnull=True),
        "read": Q(read_at__isnull=False),
        "receipt": ~Q(receipt=""),
        "coming": Q(answer="coming"),
        "attended": Q(attended_at__isnull=False),
        "walk": Q(walk_in=True),
    }

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name or the code."""
        named = Q(enterprise__name__icontains=value)
        return rows.filter(named | Q(enterprise__uscc__startswith=value.upper()))

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """How far they got."""
        if value == "unreachable":
            nothing = self._states["unread"] & Q(walk_in=False)
            return rows.filter(~has_contact(), nothing)
        return rows.filter(self._states[value])

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "enterprise__region_code", value)


class InvitationList(ListPage):
    """Every enterprise of every briefing, with receipts."""

    page = "invitations"
    url_name = "invitation-list"
    title = "送达与回执明细"
    note = "每场每家企业一行；要看不重复的企业，用触达率页"
    capability = VIEW
    filters = InvitationFilters
    columns = (
        Column("enterprise", "企业", "enterprise.name", link=True, clip=True),
        Column("briefing", "主题", "briefing.title", clip=True),
        Column("kind", "方式", lambda row: row.briefing.get_kind_display()),
        Column("delivered_at", "送达", kind=c.MOMENT, sort="delivered_at"),
        Column("contact", "联系", lambda row: "有账号" if row.contact else "无联系方式"),
        Column("read_at", "已读", kind=c.MOMENT, sort="read_at"),
        Column("receipt", "回执", lambda row: row.get_receipt_display()),
        Column("receipt_note", "回执说明", clip=True, shown=False),
        Column("answer", "报名", lambda row: "" if row.briefing.kind == "push" else
               row.get_answer_display()),
        Column("people", "人数", kind=c.WHOLE, shown=False),
        Column("attended_at", "到会", kind=c.MOMENT, sort="attended_at"),
        Column("way", "签到方式", lambda row: row.get_attended_way_display(), shown=False),
        Column("walk_in", "名单外", kind=c.FLAG, shown=False),
    )  # fmt: skip
    empty_title = "还没有送达记录"
    empty_hint = "通知企业以后，每家企业在这里有一行"

    def rows(self, access: Access) -> QuerySet[Any]:
        """In one's regions."""
        rows = invitations_for(access).select_related("enterprise", "briefing")
        return rows.annotate(contact=has_contact())

    def row_url(self, row: Any) -> str:
        """The briefing."""
        return reverse("briefing-detail", args=[row.briefing_id])


class ScopeFilters(ListFilters):
    """Which briefings count."""

    topic = choice("内容", ())
    start = forms.DateField(
        label="通知日期自", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    end = forms.DateField(
        label="至", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = BriefingTopic.objects.values_list("slug", "measure", "name").order_by()
        known = sorted({(f"{s}#{m}" if m else s, n) for s, m, n in rows})
        self.fields["topic"].choices = [("", "全部"), *known]

    def scope(self) -> Scope:
        """Which briefings the conditions mean."""
        self.is_valid()
        given = self.cleaned_data
        slug, _mark, measure = (given.get("topic") or "").partition("#")
        return Scope(given.get("briefing"), slug, measure, given.get("start"), given.get("end"))


class ReachFilters(ScopeFilters):
    """Enterprises by how they stand over all briefings, or those of a document."""

    q = words_field("企业")
    state = choice("触达", STATE_WORDS.items())
    region = RegionField()
    industry = words_field("行业大类", "两位代码")
    briefing = forms.IntegerField(label="场次编号", required=False)
    field_order = ("q", "state", "topic", "region", "industry", "briefing", "start", "end")

    def narrow(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Enterprises the briefings meant are for, in the state asked for."""
        invitations = counted_invitations(self.access, self.scope())
        rows = with_state(rows, invitations, self.cleaned_data.get("state") or "")
        return super().narrow(rows)

    def _nothing(self, rows: QuerySet[Any], _value: Any) -> QuerySet[Any]:
        return rows

    by_state = by_topic = by_briefing = by_start = by_end = _nothing

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Words of the name, or the code."""
        return search(rows, value, codes=("uscc",))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)

    def by_industry(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One division; ``-`` for those without."""
        if value == "-":
            return rows.filter(industry_code="")
        return rows.filter(industry_code__regex=rf"^[A-T]?{value}") if value.isdigit() else rows


class ReachList(ListPage):
    """Enterprises, each once: the rows behind every reach figure."""

    page = "reached-enterprises"
    url_name = "reach-list"
    title = "触达企业"
    note = "每家企业一行；没有账号又没有到会的是“无联系方式”，不算未触达"
    capability = VIEW
    filters = ReachFilters
    default_sort = "pinyin"
    columns = (
        Column("name", "企业", link=True, clip=True, sort="pinyin"),
        Column("state", "触达", lambda row: REACHES.get(row.reach, "neutral"), kind=c.STATUS,
               choices=REACH_WORDS),
        Column("region", "所属地区", lambda row: row.region_name),
        Column("industry", "行业", lambda row: industry_words(row.industry_code[:2]), clip=True),
        Column("times", "通知次数", kind=c.WHOLE),
        Column("attended", "到会次数", kind=c.WHOLE),
        Column("uscc", "统一社会信用代码", shown=False),
    )  # fmt: skip
    empty_title = "还没有通知过企业"
    empty_hint = "排宣讲场次或推送政策以后，在这里看每家企业是否触达"

    def rows(self, access: Access) -> QuerySet[Any]:
        """In reach."""
        return enterprises_for(access)

    def narrowed(self, access: Access, state: ListState) -> Any:
        """Remember which briefings are meant, for the columns."""
        form, rows = super().narrowed(access, state)
        assert isinstance(form, ReachFilters)
        self._invitations = counted_invitations(access, form.scope())
        return form, rows

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """State and counts over the briefings meant."""
        own = self._invitations.filter(enterprise__in=[row.pk for row in rows])
        states = states_of(own)
        counts = {
            pk: (times, came)
            for pk, times, came in own.order_by().values("enterprise").annotate(
                times=Count("pk"), came=Count("attended_at")
            ).values_list("enterprise", "times", "came")
        }  # fmt: skip
        names = names_of_regions(row.region_code for row in rows)
        for row in rows:
            row.reach = states.get(row.pk, "")
            row.times, row.attended = counts.get(row.pk, (0, 0))
            row.region_name = names.get(row.region_code, row.region_code)

    def row_url(self, row: Any) -> str:
        """The enterprise."""
        return reverse("enterprise-detail", args=[row.pk])

    def summary(self, rows: QuerySet[Any], count: Rows) -> str:
        """That each stands once."""
        return "每家企业只列一次"


class OwnFilters(ListFilters):
    """One's own by words and kind."""

    q = words_field("主题")
    kind = choice("方式", Briefing.Kind.choices)
    lookups = {"q": "briefing__title__icontains", "kind": "briefing__kind"}


class OwnList(ListPage):
    """What has come for one's enterprise."""

    page = "own-invitations"
    url_name = "my-briefing-list"
    title = "我的宣讲与推送"
    note = "部门发来的政策推送和宣讲邀请"
    capability = VIEW
    filters = OwnFilters
    columns = (
        Column("title", "主题", "briefing.title", link=True, clip=True),
        Column("kind", "方式", lambda row: row.briefing.get_kind_display()),
        Column("host", "主办", lambda row: str(row.briefing.host or "")),
        Column("held_at", "时间", "briefing.held_at", kind=c.MOMENT, sort="briefing__held_at"),
        Column("place", "地点", "briefing.place", clip=True),
        Column(
            "status",
            "状态",
            lambda row: STATUSES[row.briefing.status],
            kind=c.STATUS,
            choices=STATUS_WORDS,
        ),
        Column("mine", "本企业", lambda row: own_words(row)),
        Column("receipt", "回执", lambda row: row.get_receipt_display()),
        Column("at", "通知时间", "briefing.published_at", kind=c.MOMENT),
    )
    can_export = False
    empty_title = "还没有收到宣讲或推送"
    empty_hint = "部门发来的政策推送和宣讲邀请会出现在这里"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of one's enterprises."""
        return own_invitations(access).select_related("briefing__host")

    def row_url(self, row: Any) -> str:
        """The invitation."""
        return reverse("invitation-detail", args=[row.pk])


def own_words(row: Invitation) -> str:
    """How far one's own enterprise got."""
    if row.attended_at:
        return "已到会"
    if row.answer != Invitation.Answer.NONE:
        return str(row.get_answer_display())
    return "已读" if row.read_at else "未读"
