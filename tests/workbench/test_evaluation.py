"""The main job on the sample district equals the expected results to the fen, row by row."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.rules.plan import BELOW, EXCLUDED, MISSING, PAY, UNDETERMINED
from jigai.workbench.decisions import consortium_decisions, project_decisions
from jigai.workbench.dossier import Dossier
from jigai.workbench.evaluation import Evaluation, evaluate
from jigai.workbench.summary import awards, by_industry, by_measure, by_size, totals

BASES = {"invoice_excl_tax": "a", "invoice_incl_tax": "b", "declared": "c"}
STATUS = {
    PAY: "pay", BELOW: "zero", EXCLUDED: "excluded", MISSING: "undetermined",
    UNDETERMINED: "undetermined",
}  # fmt: skip
COLUMNS = {"equipment": "M01", "robot": "M02", "informatization": "M03"}
Expected = Callable[[str], list[dict[str, str]]]


def yuan(fen: int | None) -> str:
    """Fen as the expected tables write them; an open amount is empty."""
    return "" if fen is None else f"{Decimal(fen) / 100:.2f}"


@pytest.fixture(scope="module", params=BASES)
def run(request: Any, dossier: Dossier) -> tuple[str, Evaluation]:
    """One evaluation per basis."""
    readings = {"invoice_amount_basis": BASES[request.param]}
    return request.param, evaluate(packs_dir() / "yanzhou-2020", dossier, readings=readings)


@pytest.mark.system("subsidy-rule-engine")
@pytest.mark.system("equipment-upgrade-subsidy")
@pytest.mark.system("robot-purchase-subsidy")
@pytest.mark.system("informatization-subsidy")
@pytest.mark.system("rating-modifier")
@pytest.mark.system("eligibility-gate")
def test_every_project_equals_the_expected_row(
    run: tuple[str, Evaluation], expected: Expected
) -> None:
    """Status, amount, bounds, reasons, selection and every measure of all 199 projects."""
    basis, evaluation = run
    wanted = {
        int(r["ledger_row"]): r for r in expected("subsidy_by_project") if r["basis"] == basis
    }
    decisions = project_decisions(evaluation)
    assert len(decisions) == len(wanted) == 199
    for decision in decisions:
        want = wanted[decision.project.row]
        assert STATUS[decision.verdict] == want["status"], want
        assert yuan(decision.amount) == want["amount"], want
        assert (yuan(decision.low), yuan(decision.high)) == (want["low"], want["high"]), want
        assert bool(decision.selected) == (want["selected"] == "yes"), want
        assert sorted(r.code for r in decision.reasons) == sorted(
            filter(None, want["reasons"].split(";"))
        ), want
        for measure, column in COLUMNS.items():
            amount = decision.row[f"m_{measure}_amount"]
            # The table writes the plain rate where the uplift is open; we leave it open.
            assert amount is None or yuan(amount) == want[column], want


@pytest.mark.system("application-quota")
def test_one_project_per_enterprise_and_year(
    run: tuple[str, Evaluation], expected: Expected
) -> None:
    """The selected project of every enterprise is the expected one."""
    basis, evaluation = run
    chosen: dict[str, list[int]] = {}
    for decision in project_decisions(evaluation):
        if decision.selected:
            chosen.setdefault(decision.project.uscc or "", []).append(decision.project.row)
    for want in expected("subsidy_by_enterprise"):
        if want["basis"] == basis:
            rows = [int(want["selected_ledger_row"])] if want["selected_ledger_row"] else []
            assert chosen.get(want["uscc"], []) == rows, want


@pytest.mark.system("consortium-subsidy")
def test_consortia_and_shares(run: tuple[str, Evaluation], expected: Expected) -> None:
    """Status and pool of the 12 consortia, share and removal reasons of every member."""
    basis, evaluation = run
    pools = {r["consortium"]: r for r in expected("subsidy_consortium") if r["basis"] == basis}
    shares = {
        (r["consortium"], r["uscc"]): r
        for r in expected("subsidy_consortium_members")
        if r["basis"] == basis
    }
    decisions = consortium_decisions(evaluation)
    assert len(decisions) == len(pools) == 12
    for decision in decisions:
        want = pools[decision.key]
        assert STATUS[decision.verdict] == want["status"], want
        assert yuan(decision.amount) == want["pool"], want
        counted = sum(member.counts is True for member in decision.members)
        if decision.verdict not in (MISSING, UNDETERMINED):
            assert counted == int(want["eligible_members"]), want
        for member in decision.members:
            row = shares.pop((decision.key, member.row["enterprise_key"]))
            assert yuan(member.share) == row["share"], row
            removed = {r.code for r in member.reasons} if member.counts is False else set()
            assert removed == set(filter(None, row["removed_reasons"].split(";"))), row
        if decision.verdict == PAY:
            assert sum(m.share or 0 for m in decision.members) == decision.amount
    assert not shares


@pytest.mark.system("unit-and-money")
def test_totals_reconcile_to_the_fen(run: tuple[str, Evaluation], expected: Expected) -> None:
    """Totals equal the expected line; every way of grouping adds up to the same fen."""
    basis, evaluation = run
    want = next(r for r in expected("subsidy_totals") if r["basis"] == basis)
    projects, consortia = project_decisions(evaluation), consortium_decisions(evaluation)
    whole = totals(projects, consortia)
    assert (whole.pay, whole.selected, whole.below, whole.excluded, whole.open) == tuple(
        int(want[k]) for k in ("pay", "selected", "zero", "excluded", "undetermined")
    )
    assert yuan(whole.individual) == want["individual_total"]
    assert yuan(whole.consortium) == want["consortium_total"]
    assert yuan(whole.total) == want["grand_total"]
    assert yuan(whole.open_high) == want["undetermined_high"]
    given = list(awards(projects, consortia))
    groups = by_measure(given)
    assert [yuan(g.amount) for g in groups[:3]] == [want["M01"], want["M02"], want["M03"]]
    for grouping in (groups, by_industry(given), by_size(given)):
        assert sum(g.amount for g in grouping) == whole.total
        assert sum(g.count for g in grouping) == len(given)


@pytest.mark.system("policy-status-gate")
@pytest.mark.parametrize(
    ("year", "status", "payable"),
    [(2019, "未施行", False), (2021, "有效", True), (2024, "已过期", False)],
)
def test_only_a_policy_in_force_pays(
    dossier: Dossier, year: int, status: str, payable: bool
) -> None:
    """Before 2020-08-15 and after 2023-08-14 the result is a simulation."""
    import datetime as dt
    from dataclasses import replace

    evaluation = evaluate(
        packs_dir() / "yanzhou-2020",
        replace(dossier, year=year),
        deadline=dt.date(year, 12, 31),
        as_of=dt.date(2021, 12, 31),
    )
    assert (evaluation.status.value, evaluation.payable) == (status, payable)


def test_an_inactive_policy_may_be_told_to_give_no_figures(dossier: Dossier) -> None:
    """Reading U12 a refuses; before any parameter has a value everything is 未定, never zero."""
    import datetime as dt

    pack, day = packs_dir() / "yanzhou-2020", dt.date(2024, 6, 1)
    with pytest.raises(JigaiError, match="不作测算"):
        evaluate(pack, dossier, deadline=day, readings={"simulate_when_inactive": "a"})
    early = evaluate(pack, dossier, as_of=dt.date(2020, 8, 14))
    decisions = project_decisions(early)
    assert {d.verdict for d in decisions} <= {UNDETERMINED, EXCLUDED}
    assert all(d.amount is None for d in decisions if d.verdict == UNDETERMINED)


@pytest.mark.system("as-of-replay")
def test_the_same_inputs_give_the_same_bytes(dossier: Dossier) -> None:
    """Pack hash, snapshot id and decisions repeat; a changed parameter changes them."""
    pack = packs_dir() / "yanzhou-2020"
    first, second = evaluate(pack, dossier), evaluate(pack, dossier)
    assert first.snapshot == second.snapshot
    assert first.decision_hash == second.decision_hash
    other = evaluate(pack, dossier, overrides={"设备补助比例": "4%"})
    assert other.snapshot == first.snapshot
    assert other.decision_hash != first.decision_hash


@pytest.mark.parametrize(
    ("readings", "overrides", "said"),
    [
        ({"no_such": "a"}, {}, "没有读法“no_such”"),
        ({"uplift_order": "z"}, {}, "没有选项“z”"),
        ({}, {"没有的参数": "4%"}, "没有参数“没有的参数”"),
    ],
)
def test_choices_that_do_not_exist_are_refused(
    dossier: Dossier, readings: dict[str, str], overrides: dict[str, str], said: str
) -> None:
    """A mistyped reading or parameter stops the run with the possible ones."""
    with pytest.raises(JigaiError) as refused:
        evaluate(packs_dir() / "yanzhou-2020", dossier, readings=readings, overrides=overrides)
    assert said in refused.value.message
