"""入库是奖补前提: an application outside the library is refused when handed in, with the clause.

Only where the document asks for it: titles and other documents are not held up by it.
"""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.applications.checks import problems_of, reasons_of
from jigai.funding.applications.services.start_application import start_application
from jigai.funding.applications.services.submit_application import submit_application
from jigai.funding.compute.estimate import estimate
from jigai.funding.models import Application, Round
from jigai.projects.models import Project
from tests.factories import make_department
from tests.funding.applications.conftest import (
    begin,
    firm,
    paper,
    person_of,
    project_of,
    submit,
)
from tests.funding.making import make_measure, make_round
from tests.projects.library.conftest import CITY, DAY, in_library
from tests.projects.library.conftest import fits as fits
from tests.projects.library.conftest import luan as luan

pytestmark = [pytest.mark.django_db, pytest.mark.system("library-subsidy-precondition")]
DOOR = "equipment-software-subsidy"


@pytest.fixture
def city_round(luan: Any) -> Round:
    make_department(region=CITY, name="六安市经济和信息化局")
    row = make_round(pack=luan, region=CITY, measures=())
    make_measure(row, DOOR, clause="三.二", evidence=[])
    return row


def applied(round_: Round, project: Any, code: str = DOOR) -> tuple[Application, User]:
    paper(project)
    person = person_of(project.enterprise)
    measure = round_.measures.get(code=code)
    return start_application(measure=measure, project=project, by=person,
                             access=access_of(person)), person  # fmt: skip


def at_the_door(row: Application) -> list[str]:
    found = problems_of(row, estimate(row))
    return [p.clause for p in found if p.blocking and p.part == "测算"]


def test_outside_the_library_it_is_refused_with_the_clause(city_round: Round, fits: Any) -> None:
    inside = fits("在库的", ledger_years=[2021])
    in_library(inside)
    row, person = applied(city_round, fits("不在库的", ledger_years=[2021]))
    assert "三.一" in at_the_door(row)
    with pytest.raises(JigaiError, match=r"三\.一") as caught:
        submit_application(application=row.pk, by=person, access=access_of(person))
    assert caught.value.code == "not-complete"
    row.refresh_from_db()
    assert row.state == "draft" and row.receipt is None


def test_inside_it_goes_through(city_round: Round, fits: Any) -> None:
    project = fits("在库的", ledger_years=[2021])
    in_library(project)
    in_library(project, "city")
    row, person = applied(city_round, project)
    assert at_the_door(row) == []
    submit_application(application=row.pk, by=person, access=access_of(person))
    row.refresh_from_db()
    assert row.state == "submitted"


def test_what_left_the_library_is_outside(city_round: Round, fits: Any) -> None:
    project = fits("退库的", ledger_years=[2021])
    in_library(project, status="out", left_on=DAY, reason="停建")
    row, _person = applied(city_round, project)
    assert "三.一" in at_the_door(row)


def test_a_document_without_that_condition_asks_for_no_library(
    round_: Round, project: Project, person: User
) -> None:
    """A library is kept there, the project is not in it, and this document does not mind."""
    in_library(project_of(firm()))
    row = begin(round_, project, person)
    assert at_the_door(row) == []
    assert submit(row, person).state == "submitted"


def test_titles_are_not_held_up_by_what_subsidies_ask(city_round: Round, fits: Any) -> None:
    """The same project, the same document: only the measure that asks for the library refuses."""
    in_library(fits("在库的", ledger_years=[2021]))
    row, _person = applied(city_round, fits("不在库的", ledger_years=[2021]))
    found = estimate(row)
    assert found is not None
    assert "not_in_library" in {reason.code for reason in reasons_of(found, DOOR)}
    for title in ("municipal-green-factory", "provincial-technology-centre"):
        assert reasons_of(found, title) == []


def test_where_nobody_keeps_a_library_it_is_asked_for_and_not_refused(
    city_round: Round, fits: Any
) -> None:
    row, _person = applied(city_round, fits("没有建库", ledger_years=[2021]))
    assert at_the_door(row) == []
