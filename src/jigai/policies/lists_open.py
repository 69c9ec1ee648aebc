"""Lists of questions with their answers, and of parameters the documents leave open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.screens import list_columns as c
from jigai.core.screens.list_columns import Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.screens.list_state import ListState
from jigai.policies.models import Interpretation, PackParameter, PackVersion
from jigai.policies.selectors_open import (
    OPEN,
    open_parameters,
    reading_words,
    standing_of,
    visible_questions,
)
from jigai.policies.words import PARAMETER_WORDS

DESK_LOOKS = {"open": "pending", "answered": "done", "withdrawn": "withdrawn"}
DESK_WORDS = {DESK_LOOKS[str(code)]: str(word) for code, word in Interpretation.Status.choices}


class _OfDocument(ListFilters):
    """Conditions that begin with the document; the list of documents is read when asked for."""

    pack = choice("政策文件", ())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        packs = PackVersion.objects.filter(is_current=True).order_by("slug", "id")
        known = packs.values_list("slug", "title")
        self.fields["pack"].choices = [("", "全部"), *known]


class QuestionFilters(_OfDocument):
    """Questions by words, document, state, and whether a reading was settled."""

    q = words_field("问题、答复或文号")
    status = choice("状态", Interpretation.Status.choices)
    settles = choice("改变读法", (("yes", "是"), ("no", "否")))
    mine = choice("提问人", (("yes", "我提的"),))
    field_order = ("q", "pack", "status", "settles", "mine")
    lookups = {"pack": "slug"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the question, the answer, the number or the clause."""
        wanted = Q(question__icontains=value) | Q(answer__icontains=value)
        return rows.filter(wanted | Q(number__icontains=value) | Q(clause=value))

    def by_settles(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Answers that settle a reading, or those that only explain."""
        return rows.exclude(reading="") if value == "yes" else rows.filter(reading="")

    def by_mine(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """One's own."""
        return rows.filter(asked_by=self.access.user)


class QuestionList(ListPage):
    """Questions about the documents and their answers."""

    page = "questions"
    url_name = "desk-list"
    title = "解释答复"
    note = "答复由文件的解释机关作出；改变读法的，自适用起日起的测算按答复"
    capability = "pack.view"
    filters = QuestionFilters
    columns = (
        Column("question", "问题", link=True, clip=True),
        Column("clause", "条款"),
        Column("pack", "政策文件", "title", clip=True),
        Column("status", "状态", lambda row: DESK_LOOKS[row.status], kind=c.STATUS,
               choices=DESK_WORDS, sort="status"),
        Column("answer", "答复", clip=True),
        Column("reading", "改变的读法", "settles", clip=True),
        Column("effective_from", "适用起日", kind=c.DAY, sort="effective_from"),
        Column("number", "文号"),
        Column("asked_at", "提问时间", kind=c.MOMENT, sort="asked_at", shown=False),
        Column("answered_at", "答复时间", kind=c.MOMENT, sort="answered_at", shown=False),
    )  # fmt: skip
    actions = (ListAction("提问", "desk-new", "message-circle", "desk.ask", primary=True),)
    empty_title = "还没有提问"
    empty_hint = "对条文有不明白的地方，可以从条款页或这里提问"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Public questions and those of one's own concern."""
        return visible_questions(access)

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Titles of documents and words of readings."""
        slugs = {row.slug for row in rows}
        packs = PackVersion.objects.filter(slug__in=slugs, is_current=True).defer("files")
        known = {version.slug: version for version in packs.order_by("id")}
        for row in rows:
            version = known.get(row.slug)
            row.title = version.title if version else row.slug
            row.settles = reading_words(version, row.reading, row.option)

    def row_url(self, row: Interpretation) -> str:
        """The question."""
        return reverse("desk-detail", args=[row.pk])


class ParameterFilters(_OfDocument):
    """Open parameters by words, document, nature and state."""

    q = words_field("参数、条款或由谁确定")
    status = choice("性质", [(code, PARAMETER_WORDS[code]) for code in OPEN])
    state = choice(
        "状态", (("open", "没有批准的值"), ("proposed", "有待批准"), ("settled", "已批准"))
    )
    field_order = ("q", "pack", "status", "state")
    lookups = {"pack": "pack__slug"}

    def by_q(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Part of the name or of who decides; or the clause."""
        return rows.filter(
            Q(name__icontains=value) | Q(decided_by__icontains=value) | Q(clause=value)
        )

    def by_state(self, rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        """With an approved value, with a proposal, or without a value."""
        if value == "open":
            return rows.filter(settled=False)
        return rows.filter(**{value: True})


class ParameterList(ListPage):
    """Parameters the documents leave open or to the place."""

    page = "parameters"
    url_name = "parameter-list"
    title = "未定参数登记"
    note = "文件没有给出的值，由有权部门确定；没有批准的值时答案是“未定”，不是零"
    capability = "pack.view"
    filters = ParameterFilters
    default_sort = "id"
    columns = (
        Column("name", "参数", link=True, sort="name"),
        Column("pack", "政策文件", "pack.title", clip=True),
        Column("clause", "条款"),
        Column("status", "性质", choices=PARAMETER_WORDS, sort="status"),
        Column("value", "现在的值", "standing.word"),
        Column("since", "自", "standing.since", kind=c.DAY),
        Column("proposed", "待批准", lambda row: "有" if row.proposed else ""),
        Column("decided_by", "由谁确定", clip=True),
        Column("waits", "等它的事项", lambda row: "；".join(row.standing.waits), clip=True),
        Column("source", "依据", "standing.source", shown=False),
        Column("note", "说明", clip=True, shown=False),
    )
    empty_title = "没有未定的参数"
    empty_hint = "已安装的文件都给出了全部的值"

    def rows(self, access: Access) -> QuerySet[Any]:
        """Documents are for everybody who may open this room."""
        return open_parameters(timezone.localdate())

    def decorate(self, rows: Sequence[Any], state: ListState) -> None:
        """Values today and what waits."""
        found = standing_of(rows, timezone.localdate())
        for row in rows:
            row.standing = found[row.pk]

    def row_url(self, row: PackParameter) -> str:
        """The parameter."""
        return reverse("parameter-detail", args=[row.pack.slug, row.code])
