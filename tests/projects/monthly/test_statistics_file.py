"""The statistics bureau's file: beside our months, matched or not, twice the same."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.access import access_of
from jigai.core.imports import services
from jigai.core.imports.registry import offered_kinds
from jigai.core.models import ImportBatch, User
from jigai.projects.analysis.monitoring import differences
from jigai.projects.analysis.services.rule_difference import rule_difference
from jigai.projects.models import FigureRuling, MonthlyReport, Project, StatisticsFigure
from tests.core.imports import kit
from tests.core.imports.kit import begin, book, bring, register
from tests.factories import make_user
from tests.projects.monthly.kit import WAN, fill, project

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.system("retrofit-investment-statistics"),
]
NAME = "兖州甲机械有限公司"
HEADS = (
    "统计项目编码",
    "项目名称",
    "法人单位名称",
    "项目代码",
    "月份",
    "自年初累计完成投资（万元）",
)
CODE = "2104-370812-07-02-513195"


@pytest.fixture
def clerk(db: None) -> User:
    person = kit.clerk()
    bring(register(NAME), person)
    return person


@pytest.fixture
def row(clerk: User) -> Project:
    from jigai.core.models import Enterprise

    firm = Enterprise.objects.get(name=NAME)
    return project(name="数控改造", enterprise=firm, code=CODE, in_statistics=True)


def line(
    amount: Any, name: str = "数控改造", code: str | None = CODE, month: str = "6月"
) -> tuple[Any, ...]:
    return ("370812001", name, NAME, code, month, amount)


def load(clerk: User, *rows: tuple[Any, ...], **options: Any) -> ImportBatch:
    return bring(book(HEADS, *rows), clerk, **options)


def test_rows_are_matched_and_neither_figure_changes_the_other(row: Project, clerk: User) -> None:
    fill(row, 6, 10, 10, clerk)
    batch = load(clerk, line(12), line(7, "别处的项目", None))
    assert batch.kind == "statistics_figures"
    figure = StatisticsFigure.objects.get(project=row)
    assert (figure.cumulative_fen, figure.month, figure.code) == (12 * WAN, 6, CODE)
    assert StatisticsFigure.objects.get(project=None).name == "别处的项目"
    assert MonthlyReport.objects.get().cumulative_fen == 10 * WAN
    assert batch.counts["done"]["unmatched"] == 1
    assert batch.counts["code"]["W_S_UNMATCHED"] == 1


def test_the_same_again_changes_nothing_and_a_correction_the_same_row(
    row: Project, clerk: User
) -> None:
    load(clerk, line(12), line(7, "别处的项目", None))
    again = begin(book(HEADS, line(12), line(7, "别处的项目", None)), clerk)
    assert again.counts["planned"]["writes"] == 0
    load(clerk, line(13), line(8, "别处的项目", None))
    assert sorted(StatisticsFigure.objects.values_list("cumulative_fen", flat=True)) == [
        8 * WAN, 13 * WAN,
    ]  # fmt: skip


def test_matched_differing_and_missing_on_either_side_each_with_a_reason(
    row: Project, clerk: User
) -> None:
    """Equipment bought is not investment done: both stand until a person says which holds."""
    only_ours = project(name="只在月报", enterprise=row.enterprise, in_statistics=True)
    same = project(name="一致的", enterprise=row.enterprise, in_statistics=True)
    out = project(name="未入统的", enterprise=row.enterprise)
    for one in (row, only_ours, same, out):
        fill(one, 6, 10, 10, clerk)
    load(clerk, line(12), line(10, "一致的", None), line(7, "只在统计", None))
    found = {d.name: d for d in differences(access_of(clerk), 2021, 6)}
    assert {name: d.kind for name, d in found.items()} == {
        "数控改造": "differ", "只在月报": "ours", "一致的": "same", "只在统计": "nowhere",
    }  # fmt: skip
    one = found["数控改造"]
    rule_difference(
        year=2021, month=6, project=one.project, figure=one.figure, holds="both",
        reason="统计按形象进度，月报按付款", seen=(one.ours, one.theirs), by=clerk,
        access=access_of(clerk),
    )  # fmt: skip
    assert FigureRuling.objects.get().reason == "统计按形象进度，月报按付款"
    figures = {d.name: (d.ours, d.theirs) for d in differences(access_of(clerk), 2021, 6)}
    assert figures["数控改造"] == (10 * WAN, 12 * WAN)


def test_months_come_from_a_column_a_sheet_or_the_name_of_the_file(
    row: Project, clerk: User
) -> None:
    load(clerk, line(12, month="2021年6月"), line(15, month="202107"))
    heads = tuple(head for head in HEADS if head != "月份")
    short = tuple(value for place, value in enumerate(line(16)) if place != 4)
    bring(book(heads, short, sheet="8月"), clerk)
    bring(book(heads, (*short[:-1], 20), sheet="Sheet1"), clerk, name="统计局2021年9月.xlsx")
    months = StatisticsFigure.objects.order_by("month").values_list("month", "cumulative_fen")
    assert list(months) == [(6, 12 * WAN), (7, 15 * WAN), (8, 16 * WAN), (9, 20 * WAN)]


def test_rows_without_a_month_of_the_year_or_twice_stay_out(row: Project, clerk: User) -> None:
    batch = load(clerk, line(12), line(13), line(9, month="上半年"), line(9, month="2020年6月"))
    assert StatisticsFigure.objects.count() == 1
    assert (batch.counts["code"]["E_M_TWICE"], batch.counts["code"]["E_M_PERIOD"]) == (1, 2)


def test_a_file_with_our_own_columns_is_the_bureaus_when_a_person_says_so(
    row: Project, clerk: User
) -> None:
    heads = (*HEADS, "本月完成投资（万元）")
    content = book(heads, (*line(12), 3))
    batch = begin(content, clerk, kind="statistics_figures")
    assert (batch.status, batch.kind) == (ImportBatch.Status.READY, "statistics_figures")


def test_the_statistics_bureau_may_bring_its_file_and_nothing_else(row: Project) -> None:
    bureau = make_user("statistics")
    assert [kind for kind, _ in offered_kinds(access_of(bureau))] == ["statistics_figures"]


def test_an_undo_takes_the_figures_back(row: Project, clerk: User) -> None:
    batch = load(clerk, line(12))
    services.undo(batch_id=batch.pk, by=clerk)
    kit.run_jobs()
    assert not StatisticsFigure.objects.exists()
