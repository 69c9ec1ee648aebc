"""The figure that stands for an amount without a limit never reaches a reader as a number."""

from __future__ import annotations

import pytest

from jigai.rules.bounds import UNBOUNDED, shown_limit
from jigai.rules.explain_text import amount_text
from jigai.rules.wording import yuan


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (None, None), (0, 0), (UNBOUNDED - 1, UNBOUNDED - 1), (UNBOUNDED, "不封顶"),
        (2 * UNBOUNDED + 5, "不封顶"),
    ],
)  # fmt: skip
def test_a_bound_on_a_sheet(fen: int | None, shown: object) -> None:
    assert shown_limit(fen) == shown


def test_a_bound_in_words() -> None:
    assert yuan(UNBOUNDED) == yuan(-UNBOUNDED) == "不封顶"
    assert yuan(UNBOUNDED - 1) == "9,999,999,999,999.99元"
    assert amount_text(None, 0, UNBOUNDED) == "不少于 0.00元，没有上限"
    assert "10,000,000,000,000" not in amount_text(None, 5, UNBOUNDED)
