"""The draw is repeatable by anybody, fair between equals, and fixed by the list and the seed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.cases.flow.draw import Quota, draw, is_promised, list_hash, ranked, score

pytestmark = [pytest.mark.system("in-process-supervision")]
PEOPLE = [(f"K{n:03d}", "high" if n % 10 == 0 else "plain") for n in range(100)]
LISTS = st.dictionaries(st.text("ABC123", min_size=1, max_size=6), st.sampled_from(["a", "b"]))


def test_the_order_is_what_the_page_says() -> None:
    assert score("20261129", "K001") == hashlib.sha256(b"20261129|K001").hexdigest()
    by_hand = sorted(
        (key for key, _ in PEOPLE), key=lambda key: hashlib.sha256(f"s|{key}".encode()).hexdigest()
    )
    assert draw("s", PEOPLE, Quota(number=7)) == by_hand[:7]
    assert ranked("s", [key for key, _ in PEOPLE]) == by_hand


@settings(max_examples=60)
@given(LISTS, st.text(max_size=8), st.randoms())
def test_the_order_of_the_list_decides_nothing(
    people: dict[str, str], seed: str, by: object
) -> None:
    given_, mixed = list(people.items()), list(people.items())
    by.shuffle(mixed)  # type: ignore[attr-defined]
    assert list_hash(given_) == list_hash(mixed)
    for quota in (Quota(number=3), Quota(permille=333), Quota(permille=100, strata={"a": 1000})):
        assert draw(seed, given_, quota) == draw(seed, mixed, quota)


@settings(max_examples=60)
@given(LISTS, st.integers(1, 1000), st.integers(1, 1000))
def test_shares_are_rounded_up_in_each_stratum(
    people: dict[str, str], share: int, high: int
) -> None:
    found = draw("s", people.items(), Quota(permille=share, strata={"a": high}))
    assert len(found) == len(set(found)) and set(found) <= set(people)
    for stratum, permille in (("a", high), ("b", share)):
        size = sum(one == stratum for one in people.values())
        drawn = sum(people[key] == stratum for key in found)
        assert drawn == -(-size * permille // 1000)


def test_everything_in_the_list_is_in_its_hash() -> None:
    kept = list_hash(PEOPLE)
    assert list_hash(PEOPLE[1:]) != kept
    assert list_hash([("K000", "plain"), *PEOPLE[1:]]) != kept
    assert list_hash([("k000", "high"), *PEOPLE[1:]]) != kept


def test_over_many_seeds_nobody_is_preferred() -> None:
    times = dict.fromkeys((key for key, _ in PEOPLE), 0)
    for seed in range(400):
        for key in draw(str(seed), PEOPLE, Quota(number=10)):
            times[key] += 1
    # 400 draws of a tenth: 40 each, standard deviation 6.
    assert min(times.values()) > 15 and max(times.values()) < 70


def test_a_promise_is_kept_only_by_the_very_text() -> None:
    told = hashlib.sha256("示例原文".encode()).hexdigest()
    assert is_promised("示例原文", told) and is_promised("示例原文", f" {told.upper()} ")
    assert not is_promised("示例原文 ", told)
