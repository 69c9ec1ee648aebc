"""The benchmark's yardsticks are right: hand-worked cases, then contenders against the oracle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bench.rules import duckdb_by_hand, numpy_by_hand, prorata
from bench.rules.data import GATES, VARIANTS, YEARS, Data, build
from bench.rules.oracle import answer, judge, wrong_rows

YUAN = 100
CLEAR: dict[str, Any] = {
    **dict.fromkeys(GATES, True),
    "grade": 2,
    "echelon": False,
    "equipment": 0,
    "robot": 0,
    "it": 0,
}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"equipment": 5_000_000 * YUAN}, (0, 1, 150_000 * YUAN)),
        ({"equipment": 5_000_000 * YUAN - 1}, (1, 0, 0)),
        ({"equipment": 5_000_000 * YUAN, "grade": 1}, (0, 1, 200_000 * YUAN)),
        ({"equipment": 5_000_000 * YUAN, "echelon": True}, (0, 1, 200_000 * YUAN)),
        ({"equipment": 5_000_000 * YUAN, "grade": 4}, (2, 0, 0)),
        ({"equipment": 50_000_000 * YUAN}, (0, 1, 1_000_000 * YUAN)),
        ({"robot": 3_000_000 * YUAN}, (0, 2, 150_000 * YUAN)),
        ({"it": 2_000_000 * YUAN}, (0, 3, 200_000 * YUAN)),
        ({"it": 9_000_000 * YUAN}, (0, 3, 500_000 * YUAN)),
        # equal awards: the lower measure
        ({"equipment": 5_000_000 * YUAN, "robot": 3_000_000 * YUAN}, (0, 1, 150_000 * YUAN)),
        # half a fen rounds up: 500,000,050 fen at 3 % is 15,000,001.5
        ({"equipment": 500_000_050}, (0, 1, 15_000_002)),
        ({"filed": False, "it": None}, (2, 0, 0)),
        ({"filed": None}, (1, 0, 0)),  # nothing reaches a threshold, whatever the gate
        ({"filed": None, "it": 2_000_000 * YUAN}, (3, 0, 0)),
        ({"it": 2_000_000 * YUAN, "robot": None}, (3, 0, 0)),
        ({"robot": None}, (3, 0, 0)),
        ({"it": 2_000_000 * YUAN, "grade": None}, (3, 0, 0)),
        ({"it": 2_000_000 * YUAN, "echelon": None}, (3, 0, 0)),
        ({"it": 2_000_000 * YUAN, "echelon": None, "grade": 1}, (0, 3, 220_000 * YUAN)),
        # the class D gate stays unknown even when the uplift is not
        ({"it": 2_000_000 * YUAN, "echelon": True, "grade": None}, (3, 0, 0)),
    ],
)
def test_the_oracle_on_cases_worked_by_hand(
    change: dict[str, Any], expected: tuple[int, int, int]
) -> None:
    assert judge(CLEAR | change) == expected


@pytest.mark.parametrize("variant", VARIANTS)
def test_code_by_hand_agrees_with_the_oracle_on_every_row(variant: str) -> None:
    data = build(variant, 30_000, 6_000)
    truth = answer(data)
    assert set(np.unique(truth.verdict)) == ({0, 1, 2} if variant == "complete" else {0, 1, 2, 3})
    assert wrong_rows(numpy_by_hand.run(data), truth) == 0
    assert wrong_rows(duckdb_by_hand.run(duckdb_by_hand.prepare(data)), truth) == 0


@pytest.mark.parametrize("contender", ["numpy", "duckdb"])
def test_the_winner_does_not_depend_on_the_order_of_rows(contender: str) -> None:
    data = build("missing", 5_000, 300)
    order = np.random.default_rng(1).permutation(len(data))
    shuffled = data.where(order)

    def run(rows: Data) -> Any:
        if contender == "numpy":
            return numpy_by_hand.run(rows)
        return duckdb_by_hand.run(duckdb_by_hand.prepare(rows))

    assert (run(data).selected[order] == run(shuffled).selected).all()


def test_one_project_per_enterprise_and_year_and_none_that_is_not_paid() -> None:
    data = build("missing", 20_000, 1_000)
    truth = answer(data)
    places = data["enterprise"].astype(np.int64) * len(YEARS) + data["year"]
    chosen = places[truth.selected]
    assert len(chosen) == len(set(chosen.tolist()))
    assert (truth.verdict[truth.selected] == 0).all()
    assert set(chosen.tolist()) == set(places[truth.verdict == 0].tolist())


def test_a_wrong_answer_is_counted() -> None:
    data = build("complete", 1_000, 200)
    result = numpy_by_hand.run(data)
    result.amount[3] += 1
    assert wrong_rows(result, answer(data)) == 1


def test_the_split_gives_out_every_fen_and_matches_exact_fractions() -> None:
    members = prorata.build(20_000, 1_000)
    given = prorata.run(members)
    assert prorata.groups_off(members, given) == 0
    totals = np.zeros(len(members.pool), np.int64)
    np.add.at(totals, members.group, given)
    assert (totals == members.pool).all()


def test_a_million_yuan_among_three_equals() -> None:
    members = prorata.Members(
        group=np.zeros(3, np.int32),
        code=np.array([30, 10, 20]),
        weight=np.full(3, 7, np.int64),
        pool=np.array([100_000_000]),
    )
    assert prorata.run(members).tolist() == [33_333_333, 33_333_334, 33_333_333]
