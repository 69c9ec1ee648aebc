"""One root hash over threads, row orders and executors, with missing values."""

from __future__ import annotations

import numpy as np
import pytest

from bench.rules import agreement
from bench.rules.data import build
from jigai.rules.allocate import allocate
from jigai.rules.pick import prorata


@pytest.mark.system("rule-trace")
def test_one_hash_whatever_ran() -> None:
    """50,000 rows, 1 and 2 threads, three row orders, both executors: nine equal hashes."""
    *combinations, (label, verdict) = agreement.measure(build("missing", 50_000, 10_000))
    assert len({text.split("…")[0] for _, text in combinations}) == 1
    assert len(combinations) == 9
    assert verdict == "全部一致", label


def test_a_changed_answer_changes_the_hash() -> None:
    """The hash can fail: one different amount gives another one."""
    from jigai.rules.hashing import root_hash

    lines = [("project", n, 1, 1, 100 + n, 0, 0, True, 100) for n in range(100)]
    other = [*lines[:-1], (*lines[-1][:4], 1, *lines[-1][5:])]
    assert root_hash(lines) == root_hash(reversed(lines))
    assert root_hash(lines) != root_hash(other)


def test_the_vector_split_equals_the_plain_one() -> None:
    """Largest remainder for many groups at once, ties and huge amounts included."""
    random = np.random.default_rng(11)
    for top in (10, 10**6, 10**14):
        group = random.integers(0, 40, 400)
        pools = random.integers(0, top, 40)
        weights = random.integers(0, top, 400)
        keys = random.permutation(400)
        shares = prorata(pools, group, weights, keys)
        for number in range(40):
            rows = np.flatnonzero(group == number)
            want = allocate(
                int(pools[number]), [int(weights[r]) for r in rows], [int(keys[r]) for r in rows]
            )
            assert shares[rows].tolist() == want
            if weights[rows].sum():
                assert shares[rows].sum() == pools[number]
