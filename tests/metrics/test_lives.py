"""Projects by state: carried over ones told apart from new ones, nothing twice."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.lives import Life, StateCount, fold, states

pytestmark = pytest.mark.system("project-count-tracker")

YEARS = (2019, 2020, 2021)
DAYS = st.dates(dt.date(2017, 1, 1), dt.date(2023, 12, 31)) | st.none()


def life(key: str, started: str = "", completed: str = "", stopped: str = "") -> Life:
    def day(text: str) -> dt.date | None:
        return dt.date.fromisoformat(text) if text else None

    return Life(key, frozenset(YEARS), day(started), day(completed), day(stopped))


SAMPLE = [
    life("begun", "2021-03-01"),
    life("carried", "2019-05-01"),
    life("ends", "2020-01-01", "2021-12-31"),
    life("both", "2021-01-01", "2021-06-01"),
    life("long over", "2018-01-01", "2020-12-31"),
    life("next year", "2022-01-01"),
    life("unknown"),
    life("stopped", "2020-06-01", "2023-01-01", "2021-02-01"),
    life("contradicts", "2021-06-01", "2021-01-01"),
]


def test_each_state_of_a_year() -> None:
    found = states(SAMPLE, 2021)
    assert found.begun == ["begun", "both"]
    assert found.carried == ["carried", "ends", "stopped"]
    assert found.completed == ["ends", "both"]
    assert found.stopped == ["stopped"]
    assert found.under_way == ["begun", "carried"]
    assert found.waiting == ["next year"]
    assert found.undated == ["unknown", "contradicts"]
    assert len(found.listed) == len(SAMPLE)


def test_a_project_of_three_ledgers_counts_once() -> None:
    """The same project stands in the ledger of every year it is built in."""
    rows = [
        Life("P", frozenset({2019}), dt.date(2019, 5, 1)),
        Life("P", frozenset({2020}), dt.date(2019, 5, 1), dt.date(2020, 12, 1)),
        Life("P", frozenset({2021}), None, dt.date(2021, 6, 1)),
    ]
    with pytest.raises(ValueError, match="twice"):
        states(rows, 2021)
    folded = fold(rows)
    assert len(folded) == 1 and folded[0].years == {2019, 2020, 2021}
    found = states(folded, 2021)
    # The newest ledger's end counts; the beginning it leaves out is taken from the one before.
    assert found.carried == ["P"] and found.completed == ["P"] and found.begun == []
    assert states(folded, 2019).begun == ["P"]


def test_what_implemented_means_is_a_reading() -> None:
    found = states(SAMPLE, 2021)
    assert found.implemented("a") == ["carried", "ends", "stopped", "begun", "both"]
    assert found.implemented("b") == ["begun", "both"]
    with pytest.raises(ValueError, match="reading"):
        found.implemented("c")


def test_a_project_is_new_in_one_year_only_and_carried_over_in_the_rest() -> None:
    one = [life("P", "2019-05-01", "2021-05-01")]
    kinds = [(s.begun, s.carried) for s in (states(one, year) for year in range(2018, 2023))]
    assert kinds == [([], []), (["P"], []), ([], ["P"]), ([], ["P"]), ([], [])]


@given(st.lists(st.tuples(DAYS, DAYS, DAYS, st.sets(st.sampled_from(YEARS))), max_size=15))
def test_what_goes_in_comes_out(rows: list[tuple]) -> None:  # type: ignore[type-arg]
    lives = [Life(n, frozenset(y), s, c, x) for n, (s, c, x, y) in enumerate(rows)]
    before: StateCount | None = None
    for year in range(2016, 2025):
        found = states(lives, year)
        assert sorted(found.carried + found.begun) == sorted(
            found.under_way + found.completed + found.stopped
        )
        if before is not None:
            assert sorted(before.under_way) == sorted(found.carried)
        kept = {*found.carried, *found.begun}
        assert not kept & {*found.waiting, *found.undated}
        assert not set(found.carried) & set(found.begun)
        assert set(found.waiting) | set(found.undated) <= set(found.listed)
        before = found
