"""An enterprise that meets the Yanzhou document, its project with invoices, and an open round."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from jigai.core.access import Access, access_of
from jigai.core.models import Enterprise, User
from jigai.funding.applications.services.give_evidence import give_evidence
from jigai.funding.applications.services.start_application import start_application
from jigai.funding.applications.services.submit_application import submit_application
from jigai.funding.models import Application, Consortium, InvoiceLine, Round
from jigai.projects.models import Project
from tests.factories import (
    COUNTY,
    make_consortium,
    make_department,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)
from tests.funding.making import make_round

# Size follows from industry, people and revenue (fen).
SMALL = {"employees": 100, "revenue": 1_000_000_000}
LARGE = {"employees": 2_000, "revenue": 100_000_000_000}
GOOD = {**SMALL, "grade": "B", "echelon": "no", "credit": "good", "credit_text": "良好"}
# 1,000 万元 of equipment at 3 %.
BASE, PAID = 1_000_000_000, 30_000_000
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def firm(name: str = "", **terms: Any) -> Enterprise:
    """An enterprise that meets every gate, unless told otherwise."""
    return make_enterprise(
        name, figures={2021: {**GOOD, **terms}}, registered_region=COUNTY,
        legal_type="independent", industry_code="3421",
    )  # fmt: skip


def project_of(owner: Enterprise, fen: int = BASE, **fields: Any) -> Project:
    """A filed project of 2021 with one invoice line over ``fen`` without tax."""
    row = make_project(
        owner, in_statistics=True, filing="yes", filing_no=f"370812-{owner.pk}", nature="retrofit",
        ledger_years=[2021], **fields,
    )  # fmt: skip
    paper(row, fen)
    return row


def paper(project: Project | None, fen: int = BASE, **fields: Any) -> InvoiceLine:
    """A sound invoice line."""
    given = {"buyer_matches": True, "arithmetic_ok": True, **fields}
    return make_line(project, amount_fen=fen, total_fen=fen * 113 // 100, **given)


def pool_of_three(*fens: int) -> tuple[Consortium, list[Enterprise]]:
    """A consortium led by a large chain master, each member with one invoice line."""
    sums = fens or (300_000_000, 400_000_000, 300_000_000)
    firms = [firm(**(LARGE if n == 0 else SMALL)) for n in range(len(sums))]
    row = make_consortium("示例共同体", tuple(firms))
    for member, owner, fen in zip(row.members.order_by("id"), firms, sums, strict=True):
        member.equipment_fen, member.in_statistics, member.filing_no = fen, True, "370812-9"
        member.save()
        paper(None, fen, consortium=row, buyer=owner, buyer_raw=owner.name)
    return row, firms


def person_of(owner: Enterprise) -> User:
    """Somebody of an enterprise who may apply."""
    return make_user("enterprise-handler", enterprise=owner)


@pytest.fixture
def round_(db: None) -> Round:
    """An open round of equipment subsidies."""
    make_regions()
    make_department()
    return make_round(readings={"invoice_window": "a"})


@pytest.fixture
def owner(round_: Round) -> Enterprise:
    """The enterprise that applies."""
    return firm("兖州示例机械有限公司")


@pytest.fixture
def person(owner: Enterprise) -> User:
    """Who applies for it."""
    return person_of(owner)


@pytest.fixture
def access(person: User) -> Access:
    """What that person may do."""
    return access_of(person)


@pytest.fixture
def project(owner: Enterprise) -> Project:
    """What it applies for."""
    return project_of(owner)


@pytest.fixture
def draft(round_: Round, project: Project, person: User, access: Access) -> Application:
    """A draft just begun."""
    return begin(round_, project, person)


def begin(round_: Round, project: Project, by: User) -> Application:
    """A draft of a project in the first measure of a round."""
    measure = round_.measures.get(code="equipment")
    return start_application(measure=measure, project=project, by=by, access=access_of(by))


def fill(row: Application, by: User) -> Application:
    """Hand in every material that must be there."""
    import io

    for item in row.measure.evidence:
        if item["required"]:
            give_evidence(
                application=row.pk, item=item["id"], stream=io.BytesIO(PDF), name="执照.pdf",
                by=by, access=access_of(by),
            )  # fmt: skip
    row.refresh_from_db()
    return row


def submit(row: Application, by: User) -> Application:
    """Hand in, with all its materials."""
    fill(row, by)
    return submit_application(application=row.pk, by=by, access=access_of(by))


Begin = Callable[..., Application]
