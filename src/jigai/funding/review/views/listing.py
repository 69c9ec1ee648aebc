"""审核: everything the administration has in its hands, with both figures and the doubts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import (
    ListFilters,
    RegionField,
    below,
    choice,
    words_field,
    year_field,
)
from jigai.core.screens.list_page import ListPage
from jigai.core.screens.list_state import ListState
from jigai.core.templatetags.house import status as badge
from jigai.funding.models import Application
from jigai.funding.review.selectors import in_review, opinion_counts
from jigai.funding.review.words import REVIEW
from jigai.policies.words import VERDICT_CODES, VERDICT_WORDS

LOOKS = {
    "submitted": "pending", "correction": "warning", "review": "running", "reviewed": "ready",
    "proposed": "proposed", "decided": "confirmed", "refused": "rejected", "public": "running",
    "held": "warning", "cleared": "ready", "paying": "running", "paid": "done",
    "recovering": "warning",
}  # fmt: skip
_STATES = [(str(code), str(word)) for code, word in Application.State.choices if code in LOOKS]
_VERDICTS = [(str(code), word) for code, word in VERDICT_WORDS.items()]
NONE = "none"


class ReviewFilters(ListFilters):
    """By round, state, verdict, doubt."""

    lookups = {"state": "state", "year": "round__year", "round": "round"}
    words = words_field("编号、名称或企业")
    state = choice("状态", _STATES)
    verdict = choice("测算结论", [*_VERDICTS, (NONE, "没有测算")])
    doubt = choice("疑点", [("stale", "待重算"), ("late", "逾期"), ("cut", "审计核减")])
    round = words_field("批次号")
    region = RegionField()
    year = year_field()

    def by_words(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the number, the title or the enterprise."""
        text = value.strip()
        return rows.filter(
            Q(number__icontains=text) | Q(title__icontains=text)
            | Q(enterprise__name__icontains=text)
        )  # fmt: skip

    def by_round(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The round by its key (from its page) or part of its number or name."""
        text = value.strip()
        if text.isdigit() and len(text) < 8:
            return rows.filter(round=int(text))
        return rows.filter(Q(round__number__icontains=text) | Q(round__name__icontains=text))

    def by_verdict(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """What the latest run said."""
        if value == NONE:
            return rows.filter(decision__isnull=True)
        return rows.filter(decision__verdict=int(value))

    def by_doubt(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """To be worked out anew, late, or cut by the audit."""
        from django.db.models import F

        if value == "stale":
            return rows.exclude(stale="")
        if value == "late":
            return rows.filter(case__due__lt=timezone.localdate(), case__closed_on__isnull=True)
        return rows.filter(audited_fen__lt=F("claimed_fen"))

    def by_region(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """The region and below."""
        return below(rows, "region_code", value)


def _state(row: Any) -> Any:
    return badge(LOOKS[row.state], row.get_state_display())


def _verdict(row: Any) -> Any:
    if row.decision is None:
        return badge("unverified", "没有测算")
    return badge(VERDICT_CODES[row.decision.verdict], VERDICT_WORDS[row.decision.verdict])


def _verdict_word(row: Any) -> str:
    return "没有测算" if row.decision is None else VERDICT_WORDS[row.decision.verdict]


class ReviewList(ListPage):
    """Applications under review."""

    page = "review"
    url_name = "review-list"
    title = "审核"
    note = "申报基数与审定基数两个数都留着；缺数据和未定的不能列入名单"
    capability = REVIEW
    filters = ReviewFilters
    fields_shown = 4
    empty_title = "没有要审核的申报"
    empty_hint = "企业提交申报以后出现在这里；密封的批次截止以后才能看。"
    columns = (
        Column("number", "编号", link=True, width=24),
        Column("enterprise", "企业", "enterprise.name", clip=True, width=30),
        Column("title", "名称", clip=True, shown=False, width=36),
        Column("measure", "事项", "measure.name", clip=True, shown=False),
        Column("round", "批次", "round.name", clip=True, shown=False),
        Column("state", "状态", _state, kind=c.HTML, plain=lambda row: row.get_state_display()),
        Column("verdict", "测算结论", _verdict, kind=c.HTML, plain=_verdict_word),
        Column("claimed", "申报基数", "claimed_fen", kind=c.MONEY, sort="claimed_fen"),
        Column("audited", "审定基数", "audited_fen", kind=c.MONEY),
        Column("computed", "按申报测算", "computed_fen", kind=c.MONEY, sort="computed_fen"),
        Column("reviewed", "按审定测算", "reviewed_fen", kind=c.MONEY, sort="reviewed_fen"),
        Column("opinions", "部门意见", "opinion_word"),
        Column("stale", "待重算", clip=True),
        Column("due", "应办结", "case.due", kind=c.DAY, shown=False),
        Column("submitted", "提交时间", "submitted_at", kind=c.MOMENT, sort="submitted_at",
               shown=False),
    )  # fmt: skip

    def rows(self, access: Access) -> QuerySet[Any]:
        """What was handed in and is not given up."""
        rows = in_review(access).select_related(
            "enterprise", "measure", "round", "decision", "case"
        )
        return rows.only(
            "number", "title", "state", "stale", "claimed_fen", "audited_fen", "computed_fen",
            "reviewed_fen", "submitted_at", "enterprise__name", "measure__name", "round__name",
            "decision__verdict", "case__due",
        )  # fmt: skip

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Opinions of departments, counted."""
        counts = opinion_counts(row.case_id for row in rows)
        for row in rows:
            row.opinion_word = _counted(counts.get(row.case_id))

    def row_url(self, row: Application) -> str:
        """Its review."""
        return reverse("review-application", args=[row.pk])

    def row_css(self, row: Application) -> str:
        """What is refused."""
        return "is-off" if row.state == "refused" else ""


def _counted(found: tuple[int, int, int] | None) -> str:
    if found is None:
        return ""
    given, against, asked = found
    return f"{given}/{asked}" + (f"，{against} 家不同意" if against else "")
