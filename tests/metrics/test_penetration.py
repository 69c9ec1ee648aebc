"""Coverage keeps its denominator; what nobody answered is neither yes nor no."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.penetration import (
    ABOVE_SCALE,
    ALL,
    LARGE_MEDIUM,
    DifferentDenominatorsError,
    Member,
    penetration,
)

pytestmark = pytest.mark.system("digital-penetration-counter")

MEMBERS = [
    Member(1, True, True),
    Member(2, True, False),
    Member(3, True, False),
    Member(4, False, False),
    Member(5, None, None),
]
ANSWERS = {1: True, 2: False, 4: True, 5: True, 99: True}


def test_the_same_answers_give_each_denominator_its_own_share() -> None:
    above = penetration("上云", ABOVE_SCALE, MEMBERS, ANSWERS)
    large = penetration("上云", LARGE_MEDIUM, MEMBERS, ANSWERS)
    every = penetration("上云", ALL, MEMBERS, ANSWERS)
    assert (above.size, above.low) == (3, Fraction(1, 3))
    assert (large.size, large.low) == (1, Fraction(1))
    assert (every.size, every.low) == (5, Fraction(3, 5))


def test_shares_of_different_denominators_are_not_compared() -> None:
    above = penetration("上云", ABOVE_SCALE, MEMBERS, ANSWERS)
    large = penetration("上云", LARGE_MEDIUM, MEMBERS, ANSWERS)
    with pytest.raises(DifferentDenominatorsError, match=r"规上工业企业与大中型企业"):
        above.difference(large)
    assert above.difference(penetration("上云", ABOVE_SCALE, MEMBERS, {})) == Fraction(1, 3)


def test_silence_is_no_answer() -> None:
    found = penetration("上云", ABOVE_SCALE, MEMBERS, ANSWERS)
    assert (found.yes, found.no, found.silent) == (1, 1, 1)
    assert (found.low, found.high) == (Fraction(1, 3), Fraction(2, 3))


def test_who_does_not_belong_is_told_and_not_counted() -> None:
    found = penetration("上云", ABOVE_SCALE, MEMBERS, ANSWERS)
    # 4 belongs to the register but not to the set, of 5 nobody knows; 99 is in no register.
    assert (found.unplaced, found.outside) == (1, 2)


def test_an_empty_set_has_no_share() -> None:
    found = penetration("上云", LARGE_MEDIUM, [MEMBERS[3]], ANSWERS)
    assert found.size == 0 and found.low is None and found.high is None
    with pytest.raises(KeyError):
        penetration("上云", "half", MEMBERS, ANSWERS)


TRUTH = st.sampled_from([True, False, None])


@given(st.lists(st.tuples(TRUTH, TRUTH, TRUTH)), st.sampled_from([ABOVE_SCALE, LARGE_MEDIUM, ALL]))
def test_everybody_of_the_set_stands_in_one_place(
    rows: list[tuple[bool | None, ...]], denominator: str
) -> None:
    members = [Member(n, a, b) for n, (a, b, _) in enumerate(rows)]
    found = penetration("问", denominator, members, {n: row[2] for n, row in enumerate(rows)})
    assert found.yes + found.no + found.silent == found.size
    assert found.size + found.unplaced <= len(rows)
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.high <= 1
