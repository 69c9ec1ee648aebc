"""Ranks by a stated rule; totals up a tree in which nothing counts twice."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.ranking import DENSE, DISTINCT, SHARED, TIE_RULES, rank
from jigai.metrics.regions import BrokenTreeError, Report, distinct_totals, path_up

ROWS = {"370811": 5, "370812": 9, "370826": 5, "370827": 1, "370828": None}


def places(ties: str, highest_first: bool = True) -> list[tuple[str, int | None]]:
    found = rank(ROWS, lambda r: ROWS[r], str, ties=ties, highest_first=highest_first)
    return [(one.row, one.rank) for one in found]


@pytest.mark.parametrize(
    ("ties", "wanted"), [(SHARED, [1, 2, 2, 4]), (DENSE, [1, 2, 2, 3]), (DISTINCT, [1, 2, 3, 4])]
)
def test_ties_by_each_rule(ties: str, wanted: list[int]) -> None:
    found = places(ties)
    assert [place for _, place in found] == [*wanted, None]
    assert [row for row, _ in found] == ["370812", "370811", "370826", "370827", "370828"]


def test_an_unknown_value_has_no_place_and_is_not_the_last_one() -> None:
    found = rank(ROWS, lambda r: ROWS[r], str)
    assert found[-1].row == "370828" and found[-1].rank is None and found[-1].value is None
    assert [one.tied for one in found] == [False, True, True, False, False]
    assert not any(one.tied for one in rank(ROWS, lambda r: ROWS[r], str, ties=DISTINCT))


def test_lowest_first_keeps_values_and_orders_ties_by_code() -> None:
    found = rank(ROWS, lambda r: ROWS[r], str, highest_first=False)
    assert [(o.row, o.value, o.rank) for o in found[:2]] == [("370827", 1, 1), ("370811", 5, 2)]


@given(st.dictionaries(st.text("ab1", min_size=1), st.integers(-3, 3) | st.none(), max_size=8),
       st.randoms(), st.sampled_from(sorted(TIE_RULES)))  # fmt: skip
def test_ranks_do_not_depend_on_the_order_of_rows(
    values: dict[str, int | None], random: object, ties: str
) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    first = rank(values, lambda r: values[r], str, ties=ties)
    assert first == rank(shuffled, lambda r: values[r], str, ties=ties)
    known = {k: v for k, v in values.items() if v is not None}
    for one in first:
        if one.rank is None:
            continue
        better = [v for v in known.values() if v > known[one.row]]
        wanted = {
            SHARED: len(better) + 1,
            DENSE: len(set(better)) + 1,
            DISTINCT: len(better) + 1
            + sum(v == known[one.row] and k < one.row for k, v in known.items()),
        }  # fmt: skip
        assert one.rank == wanted[ties]


def test_a_rule_or_key_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a rule"):
        rank([], int, str, ties="coin")
    with pytest.raises(ValueError, match="twice"):
        rank([1, 1], int, str)


TREE = {"city": "province", "a": "city", "b": "city", "town": "a"}


def test_three_levels_report_one_project_once() -> None:
    found = distinct_totals(
        [
            Report("town", "P1", 100), Report("a", "P1", 100), Report("city", "P1", 100),
            Report("province", "P1", 100), Report("b", "P2", 7), Report("city", "P3", None),
        ],
        TREE,
    )  # fmt: skip
    province = found["province"]
    assert (province.count, province.amount, province.unknown) == (3, 107, 1)
    assert province.repeated == 3 and province.conflicts == ()
    assert found["a"].count == 1 and found["town"].count == 1 and found["b"].amount == 7
    # A naive sum of what each level reports is four times too large for P1.
    assert sum(one.amount for one in found.values()) > province.amount


def test_of_different_amounts_the_lowest_region_counts_and_it_is_told() -> None:
    found = distinct_totals(
        [Report("city", "P", 90), Report("town", "P", 100), Report("b", "P", 80)], TREE
    )
    assert found["city"].amount == 100 and found["city"].conflicts == ("P",)
    assert found["b"].amount == 80 and found["b"].conflicts == ()
    unknown = distinct_totals([Report("town", "P", None), Report("city", "P", 5)], TREE)
    assert (unknown["city"].amount, unknown["city"].unknown) == (5, 0)
    assert unknown["city"].conflicts == ()


def test_a_region_outside_the_tree_stands_alone_and_a_circle_is_refused() -> None:
    assert list(distinct_totals([Report("x", 1, 5)], TREE)) == ["x"]
    with pytest.raises(BrokenTreeError):
        list(path_up("a", {"a": "b", "b": "a"}))


@st.composite
def trees(draw: st.DrawFn) -> dict[str, str]:
    size = draw(st.integers(1, 12))
    return {f"r{n}": f"r{draw(st.integers(0, n - 1))}" for n in range(1, size)}


@given(trees(), st.data())
def test_a_region_has_the_distinct_projects_of_itself_and_all_below(
    parents: dict[str, str], data: st.DataObject
) -> None:
    regions = ["r0", *parents]
    amounts = data.draw(st.dictionaries(st.integers(0, 8), st.integers(0, 10**15) | st.none()))
    reports = [
        Report(region, key, amounts[key])
        for key in amounts
        for region in data.draw(st.lists(st.sampled_from(regions), min_size=1, max_size=4))
    ]
    found = distinct_totals(reports, parents)
    for region in regions:
        # Another definition: gather downwards instead of upwards.
        inside = below(region, parents)
        keys = {r.key for r in reports if r.region in inside}
        if not keys:
            assert region not in found
            continue
        total = found[region]
        assert total.count == len(keys)
        assert total.amount == sum(amounts[key] or 0 for key in keys)  # type: ignore[index]
        assert total.unknown == sum(amounts[key] is None for key in keys)  # type: ignore[index]
        assert total.repeated == sum(r.region in inside for r in reports) - len(keys)
        assert total.conflicts == ()
    assert found == distinct_totals(reversed(reports), parents)


def below(region: str, parents: Mapping[str, str]) -> set[str]:
    inside = {region}
    for _ in itertools.repeat(None, len(parents)):
        inside |= {child for child, parent in parents.items() if parent in inside}
    return inside
