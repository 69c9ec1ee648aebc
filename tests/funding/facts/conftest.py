"""One sound enterprise with a project, rounds of two years, and applications that were paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.models import Enterprise
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application, InvoiceLine, Programme, Round
from jigai.projects.models import Project
from tests.factories import COUNTY, make_enterprise, make_line, make_project, make_regions
from tests.funding.making import make_application, make_programme, make_round

GOOD = {
    "size_computed": "small", "grade": "B", "echelon": "no", "credit": "good",
    "credit_text": "良好",
}  # fmt: skip
MILLION = 100_000_000  # 1,000,000.00 元 in fen
CUMULATIVE = {"threshold_window": "b"}


def make_sound_firm(region: str = COUNTY) -> Enterprise:
    """An enterprise that meets every gate in 2021 and 2022."""
    figures = {2021: GOOD, 2022: GOOD}
    return make_enterprise(
        figures=figures, region=region, registered_region=region, legal_type="independent"
    )


def make_sound_project(firm: Enterprise, **fields: Any) -> Project:
    """A project that stands in the ledgers of both years."""
    given = {"in_statistics": True, "filing": "yes", "filing_no": "370812-1", "nature": "retrofit",
             "ledger_years": [2021, 2022], **fields}  # fmt: skip
    return make_project(firm, **given)


def buy(project: Project, fen: int, year: int = 2021, **fields: Any) -> InvoiceLine:
    """A sound line of equipment without tax of ``fen``."""
    given = {"amount_fen": fen, "total_fen": fen * 113 // 100, "buyer_matches": True, "year": year,
             "arithmetic_ok": True, "date": dt.date(year, 6, 1), **fields}  # fmt: skip
    return make_line(project, **given)


@pytest.fixture
def fund(db: None) -> Programme:
    make_regions()
    return make_programme()


@pytest.fixture
def open_round(fund: Programme) -> Callable[..., Round]:
    """A round of a year, December to its end."""

    def make(year: int = 2021, **fields: Any) -> Round:
        zone = timezone.get_current_timezone()
        given = {
            "year": year, "opens_at": dt.datetime(year, 12, 1, tzinfo=zone),
            "closes_at": dt.datetime(year, 12, 31, 18, tzinfo=zone),
            "as_of": dt.date(year, 12, 31), **fields,
        }  # fmt: skip
        return make_round(fund, **given)

    return make


def apply_with(round_: Round, project: Project, *lines: InvoiceLine, **fields: Any) -> Application:
    """An application that counts lines, in review unless told otherwise."""
    given = {"state": "review", **fields}
    row = make_application(round_, project.enterprise, project=project, lines=lines, **given)
    count_lines(application=row)
    return row


def pay(application: Application, fen: int) -> Application:
    """As if everything had gone its way and the money had arrived in the round's year."""
    Application.objects.filter(pk=application.pk).update(
        state="paid", paid_fen=fen, decided_fen=fen, reviewed_fen=fen,
        paid_on=dt.date(application.round.year, 12, 31), submitted_at=timezone.now(),
    )  # fmt: skip
    return Application.objects.get(pk=application.pk)
