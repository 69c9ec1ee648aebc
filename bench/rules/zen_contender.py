"""zen-engine: one decision evaluated case by case; run on a sample and scaled, saying so.

The sample is every project of the first enterprises, so that the quota is complete. The engine
judges and prices a case; choosing one project per enterprise and year is not a thing it does, so
a few lines of Python do it, as its users would.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import zen

from bench.rules.data import (
    AMOUNTS,
    CAPS,
    GATES,
    GRADE_A,
    GRADE_D,
    MAY_MISS,
    PERCENTS,
    THRESHOLDS,
    Data,
    Result,
)

TITLE = "zen-engine(逐案,抽样)"
SAMPLE_ENTERPRISES = 4_000
BATCH = 1_000


def expressions() -> list[tuple[str, str]]:
    """The decision as named expressions; money in integer fen, ``null`` for not known."""
    failed = " or ".join([*(f"{name} == false" for name in GATES), f"grade == {GRADE_D}"])
    below = " and ".join(
        f"({name} != null and {name} < {threshold})"
        for name, threshold in zip(AMOUNTS, THRESHOLDS, strict=True)
    )
    unknown = " or ".join(f"{name} == null" for name in (*GATES, "grade", *AMOUNTS))
    rows = [
        ("uplift", f"grade == {GRADE_A} or echelon == true ? 1 : 0"),
        (
            "verdict",
            f"({failed}) ? 2 : ({below}) ? 1 : "
            f"({unknown} or (echelon == null and grade != {GRADE_A})) ? 3 : 0",
        ),
    ]
    terms = zip(AMOUNTS, THRESHOLDS, PERCENTS, CAPS, strict=True)
    for index, (name, threshold, percent, cap) in enumerate(terms, start=1):
        award = f"min([floor(({name} * ({percent} + $.uplift) + 50) / 100), {cap}])"
        rows.append((f"a{index}", f"$.verdict == 0 and {name} >= {threshold} ? {award} : 0"))
    best = "max([$.a1, $.a2, $.a3])"
    rows.append(("amount", best))
    rows.append(
        (
            "measure",
            "$.amount == 0 ? 0 : $.a1 == $.amount ? 1 : $.a2 == $.amount ? 2 : 3",
        )
    )
    return rows


def decision() -> dict[str, Any]:
    """The decision graph: input, one expression node, output."""
    steps = [{"id": key, "key": key, "value": value} for key, value in expressions()]
    return {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
            {
                "id": "judge",
                "name": "judge",
                "type": "expressionNode",
                "position": {"x": 1, "y": 0},
                "content": {"expressions": steps},
            },
            {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 2, "y": 0}},
        ],
        "edges": [
            {"id": "1", "type": "edge", "sourceId": "in", "targetId": "judge"},
            {"id": "2", "type": "edge", "sourceId": "judge", "targetId": "out"},
        ],
    }


class Prepared:
    """The engine, the sampled rows and their cases as JSON-like dictionaries."""

    def __init__(self, data: Data) -> None:
        self.rows = np.flatnonzero(data["enterprise"] < SAMPLE_ENTERPRISES)
        sample = data.where(self.rows)
        columns = {name: sample[name].tolist() for name in (*MAY_MISS, "project")}
        for name, mask in sample.missing.items():
            for index in np.flatnonzero(mask):
                columns[name][index] = None
        names = list(columns)
        self.cases = [
            dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)
        ]
        self.places = list(zip(sample["enterprise"].tolist(), sample["year"].tolist(), strict=True))
        loader = {"type": "static", "content": {"subsidy": decision()}}
        self.engine = zen.ZenEngine({"loader": loader})


def prepare(data: Data) -> Prepared:
    """Draw the sample and load the decision."""
    return Prepared(data)


def run(prepared: Prepared) -> Result:
    """Evaluate every sampled case, then choose per enterprise and year."""
    started = time.perf_counter()
    answers: list[dict[str, Any]] = []
    requests = [{"key": "subsidy", "context": case} for case in prepared.cases]
    for start in range(0, len(requests), BATCH):
        replies = prepared.engine.evaluate_batch(requests[start : start + BATCH])
        answers.extend(reply["data"]["result"] for reply in replies)
    best: dict[tuple[int, int], tuple[int, int, int]] = {}
    for index, (found, place) in enumerate(zip(answers, prepared.places, strict=True)):
        if found["verdict"] == 0:
            offer = (-found["amount"], prepared.cases[index]["project"], index)
            best[place] = min(offer, best.get(place, offer))
    selected = np.zeros(len(answers), np.bool_)
    selected[[index for _, _, index in best.values()]] = True
    count = len(answers)
    case = (time.perf_counter() - started) / count
    return Result(
        np.array([found["verdict"] for found in answers], np.int8),
        np.array([found["measure"] for found in answers], np.int8),
        np.array([found["amount"] for found in answers], np.int64),
        selected,
        rows=prepared.rows,
        note=f"实跑 {count:,} 案,约 {case * 1e6:.0f} µs/案,时间按行数折算",
    )
