"""The shape of ``measures.yaml``: gates, benefits, selection and limits."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jigai.rules.schema_base import Section, Subject


class Gate(Section):
    """A condition everybody must meet. ``manual`` gates wait for a person with the duty."""

    id: str
    name: str
    clause: str
    facts: list[str] = Field(default_factory=list)
    subject: Subject
    formula: str
    reason: str
    missing: str
    manual: bool = False
    duty: str = ""
    evidence: list[str] = Field(default_factory=list)


class Cap(Section):
    """An upper limit on one item's amount."""

    per: str
    amount: str
    when: str = ""


class Split(Section):
    """How a pool is divided: by a member weight, among those that count, by largest remainder.

    A member that counts but is not ``paid`` forfeits its share; ``caps`` limit single shares.
    """

    by: str
    counts: str
    paid: str = ""
    caps: list[Cap] = Field(default_factory=list)
    clause: str = ""
    method: Literal["largest-remainder"] = "largest-remainder"


class Share(Section):
    """One part of an amount: who pays it or when, and its share (a formula on constants)."""

    name: str
    share: str


class Check(Section):
    """One thing that must hold, of a measure that gives no money.

    Either ``holds`` (a condition; a threshold of the document is asked as ``达到(…)``), or a
    quantity ``value`` held against ``limit``, both in ``unit`` (``万元/亩``). A ``value`` beside
    ``holds`` is shown; one alone is only shown, whatever it is.
    """

    name: str
    clause: str = ""
    value: str = ""
    unit: str = ""
    limit: str = ""
    compare: Literal["at-least", "at-most"] = "at-least"
    holds: str = ""


class Measure(Section):
    """A benefit. ``computable: false`` marks channels, priorities and references: never an amount;
    they say who decides, how far they are (``status_note``) and what to count (``counter``). With
    ``checks`` they end in a verdict: 符合, 不符合, 缺数据, 未定."""

    id: str
    number: int
    name: str
    clause: str
    clauses: list[str] = Field(default_factory=list)
    subject: Subject = "project"
    computable: bool = True
    instrument: str = "subsidy"
    # Of the measures of one group on a row only the greatest applies; others add up.
    exclusive: str = ""
    # What is charged (a surcharge on a price), never paid out.
    charge: bool = False
    gates: list[str] = Field(default_factory=list)
    member_gates: list[str] = Field(default_factory=list)
    when: str = ""
    amount: str = ""
    checks: list[Check] = Field(default_factory=list)
    # Measures and procedures of the document that one whose checks hold may go on to.
    then: list[str] = Field(default_factory=list)
    rounding: str = ""
    caps: list[Cap] = Field(default_factory=list)
    deduct: str = ""
    split: Split | None = None
    payers: list[Share] = Field(default_factory=list)
    instalments: list[Share] = Field(default_factory=list)
    payer: str = ""
    evidence: list[str] = Field(default_factory=list)
    decides: str = ""
    status_note: str = ""
    counter: str = ""
    facts: list[str] = Field(default_factory=list)
    systems: list[str] = Field(default_factory=list)
    inferred: list[str] = Field(default_factory=list)
    pending: str = ""

    @property
    def answers(self) -> bool:
        """Whether something can be worked out: an amount, or a verdict without one."""
        return self.computable or bool(self.checks)


class PooledCap(Section):
    """A limit over several selected items of one group (enterprise-period, all measures …)."""

    id: str
    name: str
    clause: str
    per: Literal["enterprise-year"] = "enterprise-year"
    measures: list[str]
    amount: str
    when: str


class Ranking(Section):
    """Only the first ``top`` of all applications by a score are paid (``by`` on their subject)."""

    id: str
    name: str
    clause: str
    facts: list[str] = Field(default_factory=list)
    measures: list[str]
    by: str
    top: str


class Budget(Section):
    """What may be paid in all, and what happens when it does not suffice.

    ``pro-rata`` cuts everybody in proportion, ``by-rank`` pays down the named ranking until the
    money is gone, ``open`` leaves it to a decision.
    """

    id: str
    name: str
    clause: str
    facts: list[str] = Field(default_factory=list)
    measures: list[str]
    amount: str
    shortage: Literal["pro-rata", "by-rank", "open"]
    ranking: str = ""


class Selection(Section):
    """How one item is picked: measures within a project, then projects within the quota."""

    clause: str
    measure_choice: str = ""
    project_choice: str = ""
    exception: str = ""
    quota: str
    facts: list[str] = Field(default_factory=list)
    group: list[str]
    combine: str = ""
    combined: list[str] = Field(default_factory=list)


class Validity(Section):
    """Which date must lie inside the validity period (a date formula on constants)."""

    clause: str
    date: str
    facts: list[str] = Field(default_factory=list)


class Measures(Section):
    """``measures.yaml``: gates, benefits and the stages after them."""

    validity: Validity | None = None
    gates: list[Gate] = Field(default_factory=list)
    measures: list[Measure] = Field(default_factory=list)
    selection: Selection | None = None
    pooled_caps: list[PooledCap] = Field(default_factory=list)
    rankings: list[Ranking] = Field(default_factory=list)
    budgets: list[Budget] = Field(default_factory=list)
