"""The synthetic projects of the benchmark: deterministic, with amounts at the thresholds."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SEED = 20200815
PROJECTS = 1_000_000
ENTERPRISES = 200_000
YEARS = (2020, 2021, 2022)
VARIANTS = ("complete", "missing")

AMOUNTS = ("equipment", "robot", "it")
GATES = (
    "independent_entity",
    "registered_in_district",
    "credit_good",
    "no_major_violation",
    "filed",
    "in_statistics",
)
# Columns a bureau may not have yet.
MAY_MISS = (*AMOUNTS, "grade", "echelon", *GATES)
NONE, GRADE_A, GRADE_B, GRADE_C, GRADE_D = range(5)

YUAN = 100
THRESHOLDS = (5_000_000 * YUAN, 3_000_000 * YUAN, 2_000_000 * YUAN)
PERCENTS = (3, 5, 10)
CAPS = (1_000_000 * YUAN, 1_000_000 * YUAN, 500_000 * YUAN)

PAY, ZERO, EXCLUDED, MISSING = range(4)


@dataclass(frozen=True)
class Data:
    """Columns of equal length; ``missing[name]`` marks the rows where a column is not known.

    ``missing`` is empty in the complete variant. What a masked cell holds is arbitrary: reading it
    is a mistake that the oracle will show.
    """

    columns: dict[str, NDArray]
    missing: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> NDArray:
        return self.columns[name]

    def __len__(self) -> int:
        return len(self.columns["project"])

    def where(self, keep: NDArray) -> Data:
        """The rows an index or mask picks, copied."""
        return Data(
            {name: column[keep].copy() for name, column in self.columns.items()},
            {name: mask[keep].copy() for name, mask in self.missing.items()},
        )

    def save(self, path: Path) -> None:
        """Write one ``.npz`` file."""
        masks = {f"missing.{name}": mask for name, mask in self.missing.items()}
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, **self.columns, **masks)

    @staticmethod
    def load(path: Path) -> Data:
        """Read what ``save`` wrote."""
        with np.load(path) as file:
            columns = {name: file[name] for name in file.files if "." not in name}
            masks = {name.split(".")[1]: file[name] for name in file.files if "." in name}
        return Data(columns, masks)


@dataclass
class Result:
    """One answer per row: verdict, best measure (1 to 3, else 0), fen, chosen for the quota.

    ``rows`` names the rows answered when a contender ran on a sample only: its time is then scaled
    to all rows. ``phases`` holds the seconds of parts to be told apart; ``note`` is for the table.
    """

    verdict: NDArray[np.int8]
    measure: NDArray[np.int8]
    amount: NDArray[np.int64]
    selected: NDArray[np.bool_]
    rows: NDArray[np.int64] | None = None
    phases: dict[str, float] = field(default_factory=dict)
    note: str = ""


def build(variant: str, projects: int = PROJECTS, enterprises: int = ENTERPRISES) -> Data:
    """Make one variant; the missing one is the complete one with 2 % of the cells masked."""
    random = np.random.default_rng(SEED)
    columns: dict[str, NDArray] = {
        "project": (random.permutation(projects) + 1).astype(np.int64),
        "enterprise": random.integers(0, enterprises, projects, dtype=np.int32),
        "year": random.choice(np.array(YEARS, dtype=np.int16), projects),
        "grade": random.choice(
            np.arange(5, dtype=np.int8), projects, p=[0.30, 0.15, 0.25, 0.25, 0.05]
        ),
        "echelon": random.random(projects) < 0.10,
    }
    for name, threshold, share in zip(AMOUNTS, THRESHOLDS, (0.85, 0.35, 0.45), strict=True):
        columns[name] = _amounts(random, projects, threshold, share)
    for name in GATES:
        columns[name] = random.random(projects) < 0.97
    if variant == "complete":
        return Data(columns)
    return Data(columns, {name: random.random(projects) < 0.02 for name in MAY_MISS})


def _amounts(
    random: np.random.Generator, count: int, threshold: int, share: float
) -> NDArray[np.int64]:
    """Fen around a threshold: a share of rows invest at all, 2 % sit on it or a fen beside it."""
    spread = np.exp(random.normal(0.0, 1.2, count))
    amounts = (threshold * spread).astype(np.int64)
    amounts[random.random(count) >= share] = 0
    edge = random.random(count) < 0.02
    amounts[edge] = threshold + random.integers(-1, 2, int(edge.sum()))
    return amounts
