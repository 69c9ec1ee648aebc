"""Who counts as 中小企业 in a consortium: by the figures of the year, and never a large one."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.models import Enterprise
from jigai.policies.models import Decision
from tests.factories import COUNTY, make_consortium, make_enterprise
from tests.policies.conftest import Evaluate

pytestmark = [pytest.mark.django_db, pytest.mark.system("enterprise-size-classifier")]
WAN = 1_000_000
LARGE = {"employees": 1000, "revenue": 40_000 * WAN}
SMALL = {"employees": 100, "revenue": 1000 * WAN}


def firm(name: str, years: dict[int, dict[str, int]]) -> Enterprise:
    figures: dict[int, dict[str, Any]] = {
        year: {"grade": "B", "echelon": "no", "credit": "good", **known}
        for year, known in years.items()
    }
    return make_enterprise(
        name, industry_code="3484", registered_region=COUNTY, legal_type="independent",
        figures=figures,
    )  # fmt: skip


def decided(evaluate: Evaluate, first: dict[int, dict[str, int]]) -> Decision:
    """A consortium whose first member holds three quarters of the equipment."""
    members = (firm("示例牵头机械有限公司", first), firm("示例配套机械有限公司", {2021: SMALL}))
    row = make_consortium(members=members)
    row.members.update(filing_no="370812-1", in_statistics=True)
    row.members.filter(enterprise=members[0]).update(equipment_fen=600 * WAN)
    row.members.filter(enterprise=members[1]).update(equipment_fen=200 * WAN)
    run = evaluate(readings={"invoice_amount_basis": "c"})
    return Decision.objects.get(run=run, subject="consortium")


def test_a_large_member_does_not_count_towards_the_half(evaluate: Evaluate) -> None:
    small = decided(evaluate, {2021: SMALL})
    # (600万元 + 200万元) × 3%
    assert (small.selected, small.paid_fen) == (True, 24 * WAN)
    large = decided_again(evaluate)
    assert (large.selected, large.paid_fen or 0) == (False, 0)


def decided_again(evaluate: Evaluate) -> Decision:
    """The same consortium once its first member is a large enterprise."""
    lead = Enterprise.objects.get(name="示例牵头机械有限公司")
    for term, number in LARGE.items():
        lead.figures.create(
            term=term, year=2021, number=number, source="更正", recorded_at="2022-01-01T00:00Z"
        )
    run = evaluate(readings={"invoice_amount_basis": "c"})
    return Decision.objects.get(run=run, subject="consortium")


def test_last_years_size_does_not_decide(evaluate: Evaluate) -> None:
    found = decided(evaluate, {2020: LARGE, 2021: SMALL})
    assert (found.selected, found.paid_fen) == (True, 24 * WAN)


def test_a_size_nobody_knows_is_not_taken_for_small(evaluate: Evaluate) -> None:
    found = decided(evaluate, {2020: SMALL})
    assert not found.selected and found.paid_fen is None
