"""Facts go to disk and come back exactly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jigai.policies.snapshots import parse_snapshot, snapshot_text
from jigai.rules.facts import UNREADABLE

values: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.just(UNREADABLE),
    st.decimals(allow_nan=False, allow_infinity=False),
)  # fmt: skip
rows = st.lists(st.dictionaries(st.text(min_size=1), values, max_size=5), max_size=5)


@given(st.dictionaries(st.sampled_from(["enterprise", "project", "line"]), rows))
def test_round_trip(facts: dict[str, list[dict[str, Any]]]) -> None:
    found = parse_snapshot(snapshot_text(facts))
    assert found == facts
    assert [[list(map(type, r.values())) for r in s] for s in found.values()] == [
        [[type(r[k]) for k in sorted(r)] for r in facts[s]] for s in found
    ]


def test_equal_facts_give_equal_bytes() -> None:
    one = {"project": [{"a": 1, "b": dt.date(2021, 1, 2)}], "line": []}
    other = {"line": [], "project": [{"b": dt.date(2021, 1, 2), "a": 1}]}
    assert snapshot_text(one) == snapshot_text(other)
    assert snapshot_text(one) != snapshot_text({**one, "line": [{"x": Decimal("1.0")}]})


def test_unreadable_is_not_missing() -> None:
    text = snapshot_text({"project": [{"a": UNREADABLE, "b": None}]})
    row = parse_snapshot(text)["project"][0]
    assert row["a"] is UNREADABLE and row["b"] is None
