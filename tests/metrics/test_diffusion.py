"""Machines: 台 and 套 apart, second-hand and leased apart, nothing twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jigai.metrics.diffusion import (
    LEASED,
    NEW,
    SECOND_HAND,
    UNSAID,
    Machine,
    machines_by_kind,
    normal_unit,
)

pytestmark = pytest.mark.system("equipment-diffusion-counter")


def machine(key: str, quantity: int | str | None = 1, unit: str = "台", **more: str) -> Machine:
    number = None if quantity is None else Decimal(quantity)
    return Machine(key, more.pop("kind", "robot"), unit, number, **more)


def test_machines_and_sets_are_never_added() -> None:
    found = machines_by_kind([machine("a", 3), machine("b", 2, "套"), machine("c", 4)])["robot"]
    assert found.total("台") == 7 and found.total("套") == 2
    assert found.total("个") == 0 and set(found.by_unit) == {"台", "套"}


def test_second_hand_and_leased_stand_apart_and_unsaid_is_not_new() -> None:
    found = machines_by_kind(
        [
            machine("a", 5, origin=NEW), machine("b", 2, origin=SECOND_HAND),
            machine("c", 1, origin=LEASED), machine("d", 4),
        ]
    )["robot"]  # fmt: skip
    assert found.by_unit["台"] == {NEW: 5, SECOND_HAND: 2, LEASED: 1, UNSAID: 4}
    assert found.total("台", NEW) == 5 and found.total("台", NEW, UNSAID) == 9


def test_one_serial_number_is_one_machine_whatever_the_rows_say() -> None:
    found = machines_by_kind(
        [machine("a", 3, serial="S1"), machine("b", serial="S1"), machine("c", serial="S2")]
    )["robot"]
    assert found.total("台") == 2 and found.repeated == ["b"]


def test_one_invoice_line_counts_once() -> None:
    found = machines_by_kind([machine("a", 3, line="L1"), machine("b", 3, line="L1")])["robot"]
    assert found.total("台") == 3 and found.repeated == ["b"]


def test_a_machine_of_the_ledger_is_one_of_those_its_invoice_bought() -> None:
    ledger = [machine("e1", serial="S1", line="L1"), machine("e2", serial="S2", line="L1")]
    found = machines_by_kind([*ledger, machine("i", 5, line="L1")])["robot"]
    assert found.total("台") == 5
    whole = machines_by_kind([*ledger, machine("i", 2, line="L1")])["robot"]
    assert whole.total("台") == 2 and whole.repeated == ["i"]


def test_a_red_letter_takes_back_what_it_was_written_for() -> None:
    found = machines_by_kind([machine("a", 3, line="L1"), machine("r", -1, line="L2")])["robot"]
    assert found.total("台") == 2


def test_no_number_or_unit_is_told_not_taken_for_one() -> None:
    found = machines_by_kind([machine("a", None), machine("b", 2, ""), machine("c", 1)])["robot"]
    assert found.total("台") == 1 and found.unknown == ["a", "b"]


def test_kinds_stand_apart_and_a_unit_may_be_written_otherwise() -> None:
    found = machines_by_kind([machine("a"), machine("b", kind="cnc")])
    assert found["robot"].total("台") == found["cnc"].total("台") == 1
    assert normal_unit(" 台\u3000") == "台" and normal_unit(None) == ""
    assert normal_unit("臺", {"臺": "台"}) == "台" and normal_unit("台（套）") == "台（套）"


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["", "S1", "S2"]),
                          st.integers(0, 9)), max_size=10), st.randoms())  # fmt: skip
def test_nothing_is_lost_and_order_does_not_matter(
    rows: list[tuple[str, str, int]], random: object
) -> None:
    given_rows = [
        machine(f"k{n:02}", q, kind=kind, serial=serial) for n, (kind, serial, q) in enumerate(rows)
    ]
    found = machines_by_kind(given_rows)
    shuffled = list(given_rows)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    again = machines_by_kind(shuffled)
    assert {k: c.by_unit for k, c in found.items()} == {k: c.by_unit for k, c in again.items()}
    kept = [k for c in found.values() for k in (*c.counted, *c.repeated, *c.unknown)]
    assert sorted(kept) == [one.key for one in given_rows]
