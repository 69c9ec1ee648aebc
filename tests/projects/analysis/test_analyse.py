"""Technical-transformation investment by statement and dimension, against sums made by hand."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest

from jigai.core.access import Access, access_of
from jigai.core.models import User
from jigai.projects.analysis.analyse import Analysis, analyse
from jigai.projects.analysis.keyed import rows_behind
from jigai.projects.analysis.narrowing import EVERY, Question
from jigai.projects.models import Project, StatisticsInclusion
from tests.factories import (
    CITY,
    COUNTY,
    PROVINCE,
    SIBLING,
    make_line,
    make_project,
    make_user,
)
from tests.projects.analysis.made import report

pytestmark = [pytest.mark.django_db, pytest.mark.system("retrofit-investment-statistics")]


def asked(access: Access, by: str, **more: Any) -> Analysis:
    return analyse(access, Question(**{"year": 2021, "by": by, **more}))


def fen(found: Analysis) -> dict[str, int]:
    return {line.key: line.sums.fen for line in found.lines}


def test_what_is_not_included_stands_beside_and_not_in_the_sum(
    everywhere: User, projects: dict[str, Project]
) -> None:
    found = asked(access_of(everywhere), "region", region=CITY)
    assert fen(found) == {COUNTY: 1000, SIBLING: 50}
    assert (found.total.fen, found.total.projects, found.total.enterprises) == (1050, 3, 2)
    assert (found.total.left_out, found.total.left_out_fen) == (1, 9000)


def test_the_inclusion_procedure_outweighs_the_ledgers_word(
    everywhere: User, projects: dict[str, Project]
) -> None:
    StatisticsInclusion.objects.create(project=projects["not included"], status="included")
    StatisticsInclusion.objects.create(project=projects["food"], status="returned")
    found = asked(access_of(everywhere), "region", region=CITY)
    assert fen(found) == {COUNTY: 1000, SIBLING: 9000}
    assert found.total.left_out_fen == 50


def test_equipment_bought_is_never_taken_for_investment_made(
    everywhere: User, projects: dict[str, Project]
) -> None:
    """The three statements of the same projects are three different sums."""
    make_line(projects["a"], amount_fen=40)
    make_line(projects["a"], amount_fen=-10, status="red")
    make_line(projects["a"], amount_fen=5, status="void")
    make_line(projects["a"], amount_fen=6, item_class="not_eligible")
    make_line(projects["a"], amount_fen=7, date=dt.date(2020, 5, 1))
    access = access_of(everywhere)
    statistical = asked(access, "region")
    filed = asked(access, "region", statement="filed")
    invoiced = asked(access, "region", statement="invoiced")
    assert (statistical.total.fen, filed.total.fen, invoiced.total.fen) == (1050, 4000, 30)
    assert invoiced.total.base_fen == 7
    assert len({statistical.method, filed.method, invoiced.method}) == 3


def test_shares_contributions_and_pulls_of_regions(
    everywhere: User, projects: dict[str, Project]
) -> None:
    found = asked(access_of(everywhere), "region", region=CITY)
    first, second = found.lines
    assert first.figures.share.value == Fraction(1000, 1050)
    assert first.figures.growth.value == Fraction(3, 2)
    # 400 + 100 grew to 1000 + 50: 600 and −50 of 550.
    assert first.figures.contribution.value == Fraction(600, 550)
    assert second.figures.contribution.value == Fraction(-50, 550)
    assert first.figures.pull.value == Fraction(600, 500)
    assert found.whole.growth.value == Fraction(550, 500)


def test_a_year_without_figures_before_is_unknown_not_zero(
    everywhere: User, projects: dict[str, Project]
) -> None:
    found = asked(access_of(everywhere), "region", year=2020, region=CITY)
    assert not found.compares and found.total.fen == 500
    assert found.lines[0].figures.growth.why == "缺数据：上年同期"


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("industry", {"34": 1000, "14": 50}),
        ("size", {"large": 1000, "small": 50}),
        ("month", {"1": 100, "2": 300, "3": 600, "6": 50, "12": 0}),
        ("direction", {"direction/智能化": 1000, "direction/绿色化": 300, "": 50}),
    ],
)
def test_every_dimension_has_its_lines(
    everywhere: User, projects: dict[str, Project], by: str, wanted: dict[str, int]
) -> None:
    found = asked(access_of(everywhere), by)
    assert fen(found) == wanted
    assert found.total.fen == 1050
    # A project of two directions stands in two lines and counts once in the total.
    assert found.overlapping == (by == "direction")


def test_conditions_narrow_lines_and_total_alike(
    everywhere: User, projects: dict[str, Project]
) -> None:
    access = access_of(everywhere)
    assert asked(access, "region", industry="34").total.fen == 1000
    assert fen(asked(access, "industry", industry="34")) == {"342": 1000}
    assert asked(access, "region", direction="direction/绿色化").total.fen == 300
    assert asked(access, "region", size="small").total.fen == 50
    assert asked(access, "region", month=2).total.fen == 400
    assert asked(access, "region", nature=EVERY).total.fen == 1127
    assert asked(access, "region", region=SIBLING).total.fen == 50


def test_a_project_that_moves_changes_no_past_month(
    everywhere: User, projects: dict[str, Project]
) -> None:
    report(projects["a"], 2021, 4, 900, region=SIBLING)
    Project.objects.filter(pk=projects["a"].pk).update(region_code=SIBLING)
    found = fen(asked(access_of(everywhere), "region", region=CITY))
    assert found == {COUNTY: 1000, SIBLING: 250}
    sibling = make_user("section-clerk", region=SIBLING)
    # The step from the report before is right although that report is out of reach.
    assert asked(access_of(sibling), "region").total.fen == 250


def test_old_codes_and_unknown_ones_lose_nothing(
    everywhere: User, projects: dict[str, Project]
) -> None:
    owner = projects["a"].enterprise
    old = make_project(owner, region="370882", in_statistics=True, ledger_years=[2021])
    nowhere = make_project(owner, region="999999", in_statistics=True, ledger_years=[2021])
    city = make_project(owner, region=CITY, in_statistics=True, ledger_years=[2021])
    for project, amount in ((old, 7), (nowhere, 3), (city, 2)):
        report(project, 2021, 5, amount)
    access = access_of(everywhere)
    below = asked(access, "region", region=CITY)
    assert fen(below) == {COUNTY: 1007, SIBLING: 50, f"={CITY}": 2}
    # The same enterprise under two codes of one district is one enterprise.
    assert {line.key: line.sums.enterprises for line in below.lines}[COUNTY] == 1
    top = asked(access, "region")
    assert fen(top) == {PROVINCE: 1059, "?": 3}


def test_unknown_amounts_are_told(everywhere: User, projects: dict[str, Project]) -> None:
    make_project(projects["a"].enterprise, ledger_years=[2021], fixed_fen=None)
    found = asked(access_of(everywhere), "region", statement="filed")
    assert found.total.unknown == 1 and found.total.fen == 4000


def test_nobody_analyses_what_he_may_not_see(projects: dict[str, Project]) -> None:
    clerk = access_of(make_user("section-clerk", region=SIBLING))
    assert asked(clerk, "region").total.fen == 50
    own = make_user("enterprise-handler", enterprise=projects["a"].enterprise)
    assert asked(access_of(own), "region").total.fen in (0, 1000)
    bank = access_of(make_user("bank"))
    assert "没有查看发票明细的权限" in asked(bank, "region", statement="invoiced").problem


def test_a_yearly_statement_has_no_months(everywhere: User, projects: dict[str, Project]) -> None:
    found = asked(access_of(everywhere), "month", statement="filed")
    assert found.problem == "备案口径只有年度数，不分月份" and found.lines == []


@pytest.mark.parametrize("by", ["region", "industry", "direction", "size", "month"])
def test_every_line_opens_exactly_its_rows(
    everywhere: User, projects: dict[str, Project], by: str
) -> None:
    access = access_of(everywhere)
    found = asked(access, by, region=CITY)
    assert found.lines
    for line in found.lines:
        rows, count = rows_behind(access, found.asked, line.key)
        kept = [row for row in rows if row.counted]
        assert sum(row.fen or 0 for row in kept) == line.sums.fen
        assert len(kept) >= line.sums.projects and count == len(rows)


def test_rows_come_by_amount_and_page_by_page(
    everywhere: User, projects: dict[str, Project]
) -> None:
    access = access_of(everywhere)
    question = Question(2021, by="region")
    every, count = rows_behind(access, question, None)
    assert count == 4 and [row.fen for row in every] == [9000, 700, 300, 50]
    assert [row.counted for row in every] == [False, True, True, True]
    second, _ = rows_behind(access, question, None, offset=1, limit=1)
    assert second == every[1:2]
