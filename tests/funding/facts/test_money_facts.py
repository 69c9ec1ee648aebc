"""What was paid, sought and funded elsewhere reaches the rules in every evaluation alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from jigai.funding.compute.claims import CLAIMED
from jigai.funding.compute.estimate import estimate
from jigai.funding.compute.run_round import run_round
from jigai.funding.held_facts import held_facts
from jigai.funding.invoices.items import ensure_items
from jigai.funding.invoices.uses import count_lines
from jigai.funding.models import Application, InvoiceLine, OtherFunding, Round
from jigai.funding.money_facts import other_funds, prior_terms
from jigai.policies.fact_run import FactRows
from jigai.policies.providers import Population, collect
from jigai.projects.models import Project
from tests.factories import COUNTY, SIBLING, make_line, make_user
from tests.funding.facts.conftest import (
    CUMULATIVE,
    MILLION,
    apply_with,
    buy,
    make_sound_firm,
    make_sound_project,
    pay,
)
from tests.funding.making import make_pack, make_programme, make_round

pytestmark = pytest.mark.django_db
Opens = Callable[..., Round]


def quiet(_step: str, _share: float) -> None:
    """Nobody looks at the progress."""


def district(year: int) -> FactRows:
    return collect(Population(COUNTY, year, timezone.now())).facts


def row_of(facts: FactRows, subject: str, key: Any) -> dict[str, Any]:
    return next(row for row in facts[subject] if row["key"] == key)


def fund_for(of: Project, fen: int | None = 10 * MILLION, **fields: Any) -> OtherFunding:
    given = {
        "region_code": COUNTY, "enterprise": of.enterprise,
        "project": of, "kind": "upper", "level": "province", "programme": "示例省级专项",
        "year": 2021, "amount_fen": fen, "state": "received",
        "received_on": dt.date(2021, 11, 1), **fields,
    }  # fmt: skip
    return OtherFunding.objects.create(**given)


# ── the threshold over several years ─────────────────────────────────────────────────────


def independent(paid: Decimal, fresh: Decimal) -> Decimal:
    """四.1 by hand, in 元: 500万元 over the years, then 3 % of what was not yet paid."""
    return fresh * Decimal("0.03") if paid + fresh >= 5_000_000 else Decimal(0)


@pytest.mark.system("vat-invoice-verification")
@pytest.mark.parametrize("first", [6, 4])
def test_a_threshold_over_years_pays_only_what_was_not_paid(open_round: Opens, first: int) -> None:
    """400 or 600 万元 in 2021, 200 万元 more in 2022. The toy pays the whole sum again."""
    project = make_sound_project(make_sound_firm())
    old, new = buy(project, first * MILLION), buy(project, 2 * MILLION, 2022)
    one = apply_with(open_round(2021, readings=CUMULATIVE), project, old)
    first_year = estimate(one)
    assert first_year is not None
    by_hand = independent(Decimal(0), Decimal(first * 1_000_000))
    assert Decimal(first_year.amount or 0) / 100 == by_hand
    two_round = open_round(2022, readings=CUMULATIVE)
    if by_hand:
        pay(one, int(by_hand * 100))
        two = apply_with(two_round, project, new)
        wanted = independent(Decimal(first * 1_000_000), Decimal(2_000_000))
    else:
        Application.objects.filter(pk=one.pk).update(state="refused")
        one.uses.create(item_id=one.uses.get().item_id, fen=-first * MILLION, why="退回")
        two = apply_with(two_round, project, old, new)
        wanted = independent(Decimal(0), Decimal((first + 2) * 1_000_000))
    found = estimate(two)
    assert found is not None and Decimal(found.amount or 0) / 100 == wanted > 0
    run_round(round_=two_round, basis=CLAIMED, by=make_user("section-clerk"), progress=quiet)
    two.refresh_from_db()
    assert two.computed_fen == found.amount


@pytest.mark.system("vat-invoice-verification")
def test_the_usual_reading_asks_for_the_threshold_within_the_year(open_round: Opens) -> None:
    project = make_sound_project(make_sound_firm())
    pay(apply_with(open_round(2021), project, buy(project, 6 * MILLION)), 18_000_000)
    two = apply_with(open_round(2022), project, buy(project, 2 * MILLION, 2022))
    found = estimate(two)
    assert found is not None and not found.amount


# ── paid before ──────────────────────────────────────────────────────────────────────────


def test_a_line_paid_in_an_earlier_year_says_so_everywhere(open_round: Opens) -> None:
    firm = make_sound_firm()
    project = make_sound_project(firm)
    whole, part = buy(project, 6 * MILLION), buy(project, 4 * MILLION)
    row = apply_with(open_round(2021), project, whole)
    row.lines.create(line=part, share_fen=MILLION)
    count_lines(application=row)
    pay(row, 21_000_000)
    held = held_facts(firm, 2022, None)
    for facts in (district(2022), held.facts(COUNTY, held.own)):
        assert row_of(facts, "line", whole.pk)["line_already_paid"] is True
        paid, rest = row_of(facts, "line", -part.pk), row_of(facts, "line", part.pk)
        assert (paid["amount_excl_tax"], paid["line_already_paid"]) == (MILLION, True)
        assert rest["amount_excl_tax"] == 3 * MILLION and "line_already_paid" not in rest
        assert paid["amount_incl_tax"] + rest["amount_incl_tax"] == part.total_fen
    # The year that paid it is not told that it was paid before.
    assert "line_already_paid" not in row_of(district(2021), "line", whole.pk)


def test_nothing_is_added_where_nothing_was_paid() -> None:
    project = make_sound_project(make_sound_firm())
    line = buy(project, MILLION)
    facts = district(2021)
    terms = {"line_already_paid", "prior_equipment_award", "has_other_funds", "second_hand"}
    rows = [row_of(facts, "line", line.pk), row_of(facts, "project", project.pk),
            row_of(facts, "enterprise", project.enterprise.uscc)]  # fmt: skip
    assert not any(row.get(term) for row in rows for term in terms)


def test_awards_of_earlier_years_count_for_their_own_cap(open_round: Opens) -> None:
    firm = make_sound_firm()
    project = make_sound_project(firm)
    row = pay(apply_with(open_round(2021), project, buy(project, 6 * MILLION)), 18_000_000)
    owner = row_of(district(2022), "enterprise", firm.uscc)
    assert owner["prior_equipment_award"] == 18_000_000 and "prior_it_award" not in owner
    row.recoveries.create(
        number="ZH-1", enterprise=firm, region_code=COUNTY, reason="mistake", trigger="t",
        text="多拨", amount_fen=5_000_000, repaid_fen=3_000_000, state="confirmed",
    )  # fmt: skip
    owner = row_of(district(2022), "enterprise", firm.uscc)
    assert owner["prior_equipment_award"] == 15_000_000
    assert "prior_equipment_award" not in row_of(district(2021), "enterprise", firm.uscc)


def test_which_earlier_sum_a_measure_adds_to_is_read_from_its_own_cap() -> None:
    pack = make_pack()
    found = {code: prior_terms(pack.pk, code) for code in ("equipment", "robot", "informatization")}
    assert found == {
        "equipment": {"prior_equipment_award"}, "robot": {"prior_robot_award"},
        "informatization": {"prior_it_award"},
    }  # fmt: skip
    assert prior_terms(pack.pk, "nothing") == frozenset()


def test_an_earlier_batch_of_the_year_takes_the_place(open_round: Opens) -> None:
    firm = make_sound_firm()
    first, second = make_sound_project(firm), make_sound_project(firm)
    zone = timezone.get_current_timezone()
    early = {"opens_at": dt.datetime(2021, 3, 1, tzinfo=zone),
             "closes_at": dt.datetime(2021, 4, 1, tzinfo=zone)}  # fmt: skip
    one = apply_with(open_round(2021, batch=1, **early), first, buy(first, 6 * MILLION))
    two = apply_with(open_round(2021, batch=2), second, buy(second, 6 * MILLION))
    alone = estimate(two)
    assert alone is not None and alone.amount == 18_000_000
    pay(one, 18_000_000)
    found = estimate(two)
    assert found is not None and not found.amount


# ── funded elsewhere ─────────────────────────────────────────────────────────────────────


@pytest.mark.system("upstream-funding")
@pytest.mark.parametrize("by", ["project", "invoice"])
def test_what_arrived_from_above_is_not_paid_again(open_round: Opens, by: str) -> None:
    """The toy goes on paying after the upper level's money has arrived."""
    project = make_sound_project(make_sound_firm())
    line = buy(project, 6 * MILLION)
    row = apply_with(open_round(2021), project, line)
    before = estimate(row)
    assert before is not None and before.amount == 18_000_000
    where = {} if by == "project" else {"project": None, "invoices": [line.invoice_no]}
    fund = fund_for(project, state="approved", received_on=None, **where)
    assert estimate(row).amount == 18_000_000  # type: ignore[union-attr]
    OtherFunding.objects.filter(pk=fund.pk).update(
        state="received", received_on=dt.date(2021, 12, 1)
    )
    after = estimate(row)
    assert after is not None and not after.amount
    assert row_of(district(2021), "project", project.pk)["other_funds_kind"] == "upper"


@pytest.mark.system("double-funding-check")
def test_only_the_difference_under_the_other_reading(open_round: Opens) -> None:
    project = make_sound_project(make_sound_firm())
    readings = {"overlap_mode": "b"}
    row = apply_with(open_round(2021, readings=readings), project, buy(project, 6 * MILLION))
    fund_for(project, 4_000_000)
    assert estimate(row).amount == 14_000_000  # type: ignore[union-attr]


@pytest.mark.system("double-funding-check")
def test_tax_relief_is_no_other_funding(open_round: Opens) -> None:
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021), project, buy(project, 6 * MILLION))
    fund_for(project, 4_000_000, kind="tax")
    assert estimate(row).amount == 18_000_000  # type: ignore[union-attr]


def test_of_several_kinds_the_amount_stays_unknown() -> None:
    assert other_funds([("upper", 5), ("upper", 7), ("tax", 1)]) == {
        "has_other_funds": True, "other_funds_kind": "upper", "other_funds_amount": 12,
    }  # fmt: skip
    mixed = other_funds([("upper", 5), ("same_level", 7)])
    assert (mixed["other_funds_kind"], mixed["other_funds_amount"]) == ("same_level", None)


@pytest.mark.system("double-funding-check")
def test_what_another_document_paid_for_the_project_counts(open_round: Opens) -> None:
    project = make_sound_project(make_sound_firm())
    other = make_programme(pack="luan-2020")
    done = make_round(other, pack=make_pack("luan-2020"), year=2021)
    first = apply_with(done, project, buy(project, MILLION))
    row = apply_with(open_round(2021), project, buy(project, 6 * MILLION))
    assert estimate(row).amount == 18_000_000  # type: ignore[union-attr]
    pay(first, 5_000_000)
    assert not estimate(row).amount  # type: ignore[union-attr]


@pytest.mark.system("double-funding-check")
def test_a_line_counted_whole_elsewhere_makes_the_project_suspect(open_round: Opens) -> None:
    """By the invoice and not by the name: the projects are called differently."""
    mine = make_sound_project(make_sound_firm(), name="甲生产线")
    line = buy(mine, 6 * MILLION, invoice_no="00000042")
    theirs = make_sound_project(make_sound_firm(SIBLING), name="乙设备更新")
    copy = buy(theirs, 6 * MILLION, invoice_no="00000042")
    ensure_items(InvoiceLine.objects.all())
    assert not row_of(district(2021), "project", mine.pk).get("suspected_same_project")
    apply_with(open_round(2021), theirs, copy)
    assert row_of(district(2021), "project", mine.pk)["suspected_same_project"] is True
    assert line.pk != copy.pk


@pytest.mark.system("double-funding-check")
def test_a_split_over_two_projects_of_the_buyer_is_no_suspicion(open_round: Opens) -> None:
    firm = make_sound_firm()
    one, two = make_sound_project(firm), make_sound_project(firm)
    half = buy(one, 6 * MILLION, invoice_no="00000043")
    buy(two, 6 * MILLION, invoice_no="00000043")
    row = apply_with(open_round(2021), one)
    row.lines.create(line=half, share_fen=3 * MILLION)
    ensure_items(InvoiceLine.objects.all())
    count_lines(application=row)
    assert not row_of(district(2021), "project", two.pk).get("suspected_same_project")


# ── what people say about a line, red letters ────────────────────────────────────────────


@pytest.mark.system("vat-invoice-verification")
@pytest.mark.parametrize(
    ("said", "reading", "fen"),
    [
        ({"second_hand": True}, {}, 0),
        ({"related_party": True}, {}, 0),
        ({"second_hand": True}, {"invoice_rules": "b"}, 18_000_000),
        ({"leased": True, "lease_confirmed": True}, {}, 18_000_000),
        ({"leased": True, "lease_confirmed": True}, {"invoice_rules": "c"}, 0),
        ({"second_hand": False}, {}, 18_000_000),
    ],
)
def test_second_hand_related_and_leased_lines_as_the_reading_says(
    open_round: Opens, said: dict[str, bool], reading: dict[str, str], fen: int
) -> None:
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021, readings=reading), project, buy(project, 6 * MILLION, **said))
    assert (estimate(row).amount or 0) == fen  # type: ignore[union-attr]


@pytest.mark.system("vat-invoice-verification")
@pytest.mark.parametrize("reading", [{}, {"invoice_amount_basis": "b"}])
def test_tax_is_in_or_out_as_the_reading_says(open_round: Opens, reading: dict[str, str]) -> None:
    project = make_sound_project(make_sound_firm())
    row = apply_with(open_round(2021, readings=reading), project, buy(project, 6 * MILLION))
    wanted = Decimal(6_000_000) * (Decimal("1.13") if reading else 1) * Decimal("0.03")
    assert estimate(row).amount == wanted * 100  # type: ignore[union-attr]


@pytest.mark.system("vat-invoice-verification")
@pytest.mark.parametrize("where", ["same year", "next year", "another county"])
def test_a_red_letter_lowers_the_amount_wherever_it_arrives(open_round: Opens, where: str) -> None:
    project = make_sound_project(make_sound_firm())
    line = buy(project, 8 * MILLION, invoice_no="00000044")
    row = apply_with(open_round(2021), project, line)
    assert estimate(row).amount == 24_000_000  # type: ignore[union-attr]
    year = 2022 if where == "next year" else 2021
    target = {"project": None, "region": SIBLING} if where == "another county" else {
        "project": project}  # fmt: skip
    make_line(
        target.pop("project"), invoice_no="00000099", status="red", amount_fen=-2 * MILLION,
        total_fen=-2 * MILLION * 113 // 100, red_of_code="3700211130", red_of_no="00000044",
        year=year, date=dt.date(year, 11, 1), buyer_matches=True, arithmetic_ok=True, **target,
    )  # fmt: skip
    ensure_items(InvoiceLine.objects.all())
    assert estimate(row).amount == 18_000_000  # type: ignore[union-attr]
