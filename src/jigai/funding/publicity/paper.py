"""The notice as a Word paper."""

from __future__ import annotations

from django.db.models import Sum
from django.urls import reverse

from jigai.core.documents import issue_document, letter
from jigai.core.models import IssuedDocument, User
from jigai.core.screens import formats
from jigai.core.selectors_regions import names_of_regions
from jigai.funding.models import Publicity, PublicityLine
from jigai.funding.publicity.period import period_words

KIND = "funding-publicity"
HEADER = ["序号", "单位", "项目", "支持事项", "条款", "金额（元）"]
# A longer list is published as a table on the page; the paper says how many rows and how much.
MOST_ROWS = 300


def issue_paper(publicity: Publicity, by: User) -> IssuedDocument:
    """Print and record the notice; the caller holds it."""
    rows = PublicityLine.objects.filter(publicity=publicity).order_by("place", "id")
    count, fen = rows.count(), rows.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    region = publicity.region_code
    place = names_of_regions([region]).get(region, region)
    return issue_document(
        kind=KIND, title=publicity.title[:100], number=publicity.number,
        context=letter(
            addressee="", paragraphs=paragraphs_of(publicity, count, int(fen)),
            organ=f"{place}工业和信息化部门", closing="特此公示。",
            contact=f"受理异议：{publicity.contact}",
            table_title="拟支持名单" if count <= MOST_ROWS else "",
            table_header=HEADER if count <= MOST_ROWS else (),
            table_rows=table_of(rows[:MOST_ROWS], int(fen)) if count <= MOST_ROWS else (),
        ),
        object_kind="publicity", object_key=publicity.pk, by=by, region_code=region,
        public_summary=[("公示", publicity.title), ("公示期", period_words(publicity)),
                        ("合计", f"{count} 项，{formats.yuan(int(fen))} 元")],
        url=reverse("notices-detail", args=[publicity.pk]),
    )  # fmt: skip


def paragraphs_of(publicity: Publicity, count: int, fen: int) -> list[str]:
    """The text: basis, how many and how much, how long, how to object."""
    round_ = publicity.round
    what = "金额有变更的重新公示如下" if publicity.again_of_id else "拟支持名单公示如下"
    lines = [
        f"根据《{round_.pack.title}》，经审定，现将{round_.name}{what}，"
        f"共{count}项，合计{formats.yuan(fen)}元。",
        f"公示期：{period_words(publicity)}。",
        "公示期内对名单有异议的，可在公示页面提出或向受理单位反映；"
        "被提出异议的项目暂停拨付，其余项目不受影响。",
    ]  # fmt: skip
    if count > MOST_ROWS:
        lines.append(f"名单共{count}行，见公示页面，可下载核对。")
    return lines


def table_of(rows: object, fen: int) -> list[list[str]]:
    """Rows as printed, the total last; amounts in 元 to the fen."""
    found = [
        [str(row.place), row.name, row.title, row.measure, row.clause, formats.yuan(row.amount_fen)]
        for row in rows  # type: ignore[attr-defined]
    ]
    return [*found, ["", "合计", "", "", "", formats.yuan(fen)]]
