"""A compiled plan: steps in order, aggregates between subjects, measures and the stages after.

One plan feeds every executor and the explanation; nothing in it depends on where it runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jigai.rules.code import Code
from jigai.rules.expr import Node

PAY, BELOW, EXCLUDED, MISSING, UNDETERMINED = 1, 2, 3, 4, 5
VERDICTS = {
    PAY: "符合",
    BELOW: "不符合",
    EXCLUDED: "不符合",
    MISSING: "缺数据",
    UNDETERMINED: "未定",
}
VERDICT_CODES = {
    PAY: "pay",
    BELOW: "below-threshold",
    EXCLUDED: "excluded",
    MISSING: "missing",
    UNDETERMINED: "undetermined",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One computed column of a subject.

    ``kind``: term, gate, ok, when, raw, cap, amount, effective, code, low, high, weight, counts,
    paid. ``scale`` is the denominator of its stored integer. ``node`` is the formula as written
    (for explanation), ``origin`` the pack item it came from.
    """

    id: str
    subject: str
    kind: str
    name: str
    code: Code
    scale: int = 1
    clause: str = ""
    node: Node | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A column of ``subject`` gathered from rows of ``source``.

    ``how``: sum, count, all, any; ``code`` is evaluated on the source row. ``skip_unknown`` leaves
    rows out whose value is unknown (they are listed), otherwise one unknown row makes it unknown.
    ``empty`` is the result without rows.
    """

    id: str
    subject: str
    source: str
    how: str
    code: Code
    skip_unknown: bool
    name: str = ""
    clause: str = ""
    scale: int = 1
    where: Node | None = None
    value: Node | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Through:
    """A column read from another row of the same subject that a key column points at."""

    id: str
    subject: str
    via: str
    target: str
    kind: str
    name: str = ""
    clause: str = ""


Item = Step | Aggregate | Through


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """Column names of one measure's stages on its subject."""

    id: str
    number: int
    name: str
    clause: str
    subject: str
    gates: tuple[str, ...]
    ok: str
    when: str
    raw: str
    cap: str
    amount: str
    effective: str
    code: str
    low: str
    high: str
    exclusive: str = ""
    charge: bool = False


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """Column names of a measure that ends in a verdict and never has an amount.

    ``checks`` are the columns of its checks in the order of the pack, ``met`` all of them.
    """

    id: str
    number: int
    name: str
    clause: str
    subject: str
    gates: tuple[str, ...]
    ok: str
    met: str
    code: str
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """Column names of the split of a consortium measure on its members."""

    measure: str
    weight: str
    counts: str
    paid: str
    cap: str
    gates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelectionPlan:
    """How one project per group is picked."""

    tracks: tuple[tuple[str, ...], ...]
    group: tuple[str, ...]
    quota: str
    measure_choice: str
    project_choice: str
    exception: str = ""
    must_choose: bool = False


@dataclass(frozen=True, slots=True)
class PooledCapPlan:
    """A limit over selected items of an enterprise and period, in order of project keys.

    ``amount`` is a column of the enterprise.
    """

    id: str
    name: str
    clause: str
    measures: tuple[str, ...]
    amount: str


@dataclass(frozen=True, slots=True)
class RankingPlan:
    """The first ``top`` rows by the column ``by``; ``top`` is ``None`` while nobody has set it."""

    id: str
    name: str
    clause: str
    measures: tuple[str, ...]
    by: str
    top: int | None


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """Money for some measures in fen (``None`` while nobody has set it) and the shortage rule."""

    id: str
    name: str
    clause: str
    measures: tuple[str, ...]
    amount: int | None
    shortage: str
    ranking: str


@dataclass(slots=True)
class Plan:
    """Everything an executor needs.

    ``inputs``: facts to be supplied, by subject. ``items``: computed columns in an order that
    respects dependencies. ``definition`` maps column ids to their item.
    """

    pack_hash: str
    items: list[Item]
    inputs: dict[str, dict[str, Any]]
    measures: list[MeasurePlan]
    splits: dict[str, SplitPlan]
    selection: SelectionPlan | None
    pooled_caps: list[PooledCapPlan]
    shared_gates: bool
    gates: dict[str, dict[str, Any]]
    readings: dict[str, str]
    parameters: dict[str, Any]
    default_quota: int = 1
    rankings: list[RankingPlan] = field(default_factory=list)
    budgets: list[BudgetPlan] = field(default_factory=list)
    payers: dict[str, list[tuple[str, int]] | None] = field(default_factory=dict)
    instalments: dict[str, list[tuple[str, int]] | None] = field(default_factory=dict)
    # Kept apart from ``measures``, so that nothing that adds up money ever meets one.
    checks: list[CheckPlan] = field(default_factory=list)
