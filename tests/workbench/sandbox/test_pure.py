"""The parts without a database: the invented province, groups, winners and losers, shortage."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.policies.snapshots import snapshot_text
from jigai.workbench.sandbox.comparing import changes, tally
from jigai.workbench.sandbox.demo import CITIES, demo_province
from jigai.workbench.sandbox.shortage import (
    FIRST,
    PRO_RATA,
    RANKED,
    WAYS,
    Claim,
    claims_of,
    granted,
    shortage,
)
from jigai.workbench.sandbox.summing import DIMENSIONS, summary_of


def row(owner: str, given: int, **more: Any) -> dict[str, Any]:
    """A result row; paying unless told otherwise."""
    verdict = more.pop("verdict", 1)
    return {
        "subject": "project", "key": f"{owner}{given}", "owner": owner,
        "enterprise": f"企业{owner}", "label": "项目", "given": given, "verdict": verdict,
        "selected": given > 0, "amount": given,
        "low": 0, "high": given, "paid": given, "measures": ["设备"], "why": [], "order": 0,
        "industry": "34", "size": "small", "region": "某区", "town": "某镇", "grade": "B", **more,
    }  # fmt: skip


# the invented province --------------------------------------------------------------------------


def test_the_province_is_the_same_everywhere_and_always() -> None:
    """The hash was written down once: another machine or version of Python gives it too."""
    made = demo_province(2021, "370812", 500)
    digest = hashlib.sha256(snapshot_text(made.facts)).hexdigest()
    assert digest == hashlib.sha256(
        snapshot_text(demo_province(2021, "370812", 500).facts)
    ).hexdigest()  # fmt: skip
    assert digest[:16] == "96b17aa78222c921"


def test_the_province_looks_invented() -> None:
    made = demo_province(2021, "370812", 500)
    assert all(p["name"].startswith("演示企业") for p in made.people.values())
    assert {p["region"][:4] for p in made.people.values()} == set(CITIES)
    assert all(name.startswith("演示技改项目") for name in made.labels.values())
    assert all(key.startswith("DEMO") for key in made.people)
    assert {r["registered_region"] for r in made.facts["enterprise"]} == {"370812"}


def test_the_province_has_every_kind_of_case() -> None:
    """Gaps in the data, gates failed, several projects of one enterprise, every grade."""
    made = demo_province(2021, "370812", 2000)
    owners = [r["enterprise_key"] for r in made.facts["project"]]
    assert len(set(owners)) < len(owners) == 2000
    assert {p["grade"] for p in made.people.values()} == {"A", "B", "C", "D", None}
    assert {r["filed"] for r in made.facts["project"]} == {True, False}
    assert {r["in_statistics"] for r in made.facts["project"]} == {True, False, None}
    assert all(r["amount_excl_tax"] % 100 == 0 < r["amount_excl_tax"] for r in made.facts["line"])


# sums -------------------------------------------------------------------------------------------

GIVEN = st.lists(
    st.tuples(st.sampled_from("ABCDE"), st.integers(0, 10**9), st.sampled_from(["A", "B", ""])),
    max_size=20,
)


@given(GIVEN)
def test_every_grouping_adds_up_to_the_total(listed: list[tuple[str, int, str]]) -> None:
    rows = [row(owner, fen, grade=grade) for owner, fen, grade in listed]
    found = summary_of(rows)
    assert found["total"] == sum(fen for _o, fen, _g in listed)
    assert found["projects"] + found["consortia"] + found["items"] == found["total"]
    for name in DIMENSIONS:
        assert sum(g["fen"] for g in found["groups"][name]) == found["total"]
        assert sum(g["count"] for g in found["groups"][name]) == found["awards"]
    assert sum(b["fen"] for b in found["histogram"]) == found["total"]
    assert sum(b["count"] for b in found["histogram"]) == found["heads"]
    assert found["heads"] == len({owner for owner, fen, _g in listed if fen})


def test_what_waits_is_counted_and_never_summed() -> None:
    """Missing and undetermined decisions cost nothing yet; the most they may come to is told."""
    rows = [
        row("A", 500), row("B", 0, verdict=4, amount=None, high=700),
        row("C", 0, verdict=5, amount=None, high=None), row("D", 0, selected=None, high=900),
        row("E", 0, verdict=2), row("F", 0, verdict=3),
    ]  # fmt: skip
    found = summary_of(rows)
    assert (found["total"], found["open"], found["undetermined"]) == (500, 3, 1)
    assert (found["open_high"], found["refused"], found["qualified"]) == (1600, 2, 2)


def test_an_enterprise_with_two_amounts_is_one_beneficiary() -> None:
    found = summary_of([row("A", 300), row("A", 200), row("", 100)])
    assert (found["heads"], found["awards"], found["mean"], found["most"]) == (2, 3, 300, 500)


def test_one_region_is_told_by_its_towns() -> None:
    one = summary_of([row("A", 1, town="甲镇"), row("B", 2, town="乙镇")])
    assert [g["label"] for g in one["groups"]["region"]] == ["乙镇", "甲镇"]
    two = summary_of([row("A", 1, region="甲区"), row("B", 2, region="乙区")])
    assert [g["label"] for g in two["groups"]["region"]] == ["乙区", "甲区"]


# winners and losers -----------------------------------------------------------------------------


@given(GIVEN, GIVEN)
def test_changes_add_up_to_the_difference_of_the_costs(
    before: list[tuple[str, int, str]], after: list[tuple[str, int, str]]
) -> None:
    old, new = ([row(o, fen) for o, fen, _g in listed] for listed in (before, after))
    found = changes(old, new)
    total = sum(fen for _o, fen, _g in after) - sum(fen for _o, fen, _g in before)
    assert sum(c.difference for c in found) == total
    assert sum(part["fen"] for part in tally(found).values()) == total
    assert sum(part["heads"] for part in tally(found).values()) == len(found)
    assert all(c.difference for c in found)


def test_kinds_of_change_and_why_somebody_gets_nothing() -> None:
    before = [row("A", 100), row("B", 100), row("C", 100), row("D", 100)]
    after = [row("A", 150), row("B", 50), row("C", 0, why=["未达起点"]), row("D", 100),
             row("E", 70)]  # fmt: skip
    found = {c.name: c for c in changes(before, after)}
    kinds = {name[-1]: c.kind for name, c in found.items()}
    assert kinds == {"A": "more", "B": "less", "C": "gone", "E": "new"}
    assert found["企业C"].why == "未达起点" and found["企业B"].why == ""


# a short budget ---------------------------------------------------------------------------------

CLAIMS = st.lists(
    st.tuples(st.integers(1, 10**10), st.sampled_from(["A", "B", "C", "D", ""])), min_size=1,
    max_size=25,
)  # fmt: skip


def claimed(listed: list[tuple[int, str]]) -> list[Claim]:
    return [
        Claim(f"project:{n}", f"E{n // 2}", f"企业{n // 2}", grade, n, fen)
        for n, (fen, grade) in enumerate(listed)
    ]


@pytest.mark.system("budget-control")
@given(CLAIMS, st.integers(0, 10**11))
def test_every_way_gives_the_budget_to_the_fen(listed: list[tuple[int, str]], budget: int) -> None:
    """No way spends more than there is, or leaves over what somebody still asks for."""
    claims = claimed(listed)
    asked = sum(claim.amount for claim in claims)
    found = shortage(claims, budget)
    for way in WAYS:
        given = granted(claims, budget, way)
        assert sum(given) == found.totals[way]["granted"] == min(budget, asked)
        assert all(0 <= fen <= claim.amount for fen, claim in zip(given, claims, strict=True))
        assert sum(effect.got[way] for effect in found.effects) == min(budget, asked)
    assert sum(effect.asked for effect in found.effects) == asked
    assert found.short == (asked > budget)


@given(CLAIMS, st.integers(0, 10**11))
def test_in_proportion_means_within_a_fen_of_the_exact_share(
    listed: list[tuple[int, str]], budget: int
) -> None:
    claims = claimed(listed)
    asked = sum(claim.amount for claim in claims)
    if asked > budget:
        for fen, claim in zip(granted(claims, budget, PRO_RATA), claims, strict=True):
            assert abs(fen - Fraction(budget * claim.amount, asked)) < 1


@given(CLAIMS, st.integers(0, 10**11), st.sampled_from(["grade", "large", "small"]))
def test_a_queue_serves_in_order_and_only_the_last_one_in_part(
    listed: list[tuple[int, str]], budget: int, rank: str
) -> None:
    claims = claimed(listed)
    for way in (RANKED, FIRST):
        given = granted(claims, budget, way, rank)
        parts = [f for f, c in zip(given, claims, strict=True) if 0 < f < c.amount]
        assert len(parts) <= 1
        if way == FIRST:
            served = [fen == c.amount for fen, c in zip(given, claims, strict=True)]
            assert served == sorted(served, reverse=True)


@pytest.mark.parametrize(
    ("rank", "wanted"), [("grade", [0, 300, 0]), ("large", [300, 0, 0]), ("small", [0, 100, 200])]
)
def test_ranks_are_what_they_say(rank: str, wanted: list[int]) -> None:
    """A comes before B and C; large or small amounts first."""
    claims = claimed([(900, "C"), (300, "A"), (200, "B")])
    assert granted(claims, 300, RANKED, rank) == wanted


def test_only_paid_rows_are_claims() -> None:
    assert [c.amount for c in claims_of([row("A", 5), row("B", 0)])] == [5]
