"""The shape of what a document asks for besides money: targets, titles, registers, duties.

Every item says which clause it comes from and which numbers of the document it uses. ``inferred``
names the fields that the document does not state; a reader must be able to tell them apart.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from jigai.rules.schema_base import OptionalDate, OptionalText, Section

Comparator = Literal[">=", ">", "<=", "<", "=", "about", "up", "down", "benchmark", "name"]
Cadence = Literal[
    "", "monthly", "quarterly", "half-yearly", "yearly", "rolling", "continuous", "once", "on-event"
]


class ProgrammeItem(Section):
    """What all items share. ``systems`` names the rows of the ledger that carry it."""

    id: str
    name: str
    clause: str
    clauses: list[str] = Field(default_factory=list)
    facts: list[str] = Field(default_factory=list)
    systems: list[str] = Field(default_factory=list)
    inferred: list[str] = Field(default_factory=list)
    note: str = ""


class Column(Section):
    """A typed field of the rows an item is about; formulas of the item name it.

    ``unit`` is that of a number (``吨/日``), ``options`` map codes to words.
    """

    id: str
    name: str
    type: Literal["bool", "enum", "text", "date", "money", "area", "energy", "number", "ratio"]
    unit: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    minimum: str = ""
    maximum: str = ""
    definition: str = ""
    source: str = ""


class DueCase(Section):
    """A last day for some of those obliged: the first case whose ``when`` holds. An empty ``due``
    says that they have none."""

    when: str
    due: str = ""


class Baseline(Section):
    """What a target is measured from; ``value`` is empty where the document gives none."""

    year: int | None = None
    value: OptionalText = None
    comparator: Comparator = "="
    note: str = ""


class Target(ProgrammeItem):
    """An indicator and where it must be. ``value`` is empty for a direction without a number.

    ``growth`` says what the number measures: the level at the end, the amount of one year, a sum
    over the period, change against a base year in total or on average, or a direction only.
    """

    unit: str = ""
    value: OptionalText = None
    comparator: Comparator
    growth: Literal[
        "level", "stock", "yearly", "yearly-increase", "cumulative", "average-growth",
        "yearly-growth", "change-from-base", "hold", "direction",
    ]  # fmt: skip
    better: Literal["up", "down"]
    since: OptionalDate = Field(default=None, alias="from")
    to: OptionalDate = None
    scope: str = ""
    baseline: Baseline | None = None
    holder: str = ""


class Recognition(ProgrammeItem):
    """A title: who gives it at which levels, by what standard, how many, and what it brings.

    ``admits`` is a formula over ``columns``: what of the standard can be computed.
    """

    levels: list[str] = Field(default_factory=list)
    count: OptionalText = None
    count_per: str = ""
    count_by: OptionalDate = None
    criteria: list[str] = Field(default_factory=list)
    standard: str = ""
    process: str = ""
    validity: str = ""
    grants: list[str] = Field(default_factory=list)
    fields: list[str] = Field(default_factory=list)
    decides: str = ""
    columns: list[Column] = Field(default_factory=list)
    admits: str = ""


class Register(ProgrammeItem):
    """A list with a rule of admission, a keeper and a rhythm.

    ``admission`` is the rule in words, ``admits`` the same as a formula over ``columns``.
    """

    levels: list[str] = Field(default_factory=list)
    admission: str = ""
    purpose: str = ""
    keeper: str = ""
    cadence: Cadence = ""
    cadence_text: str = ""
    content: list[str] = Field(default_factory=list)
    members: list[str] = Field(default_factory=list)
    public: Literal["", "yes", "no"] = ""
    columns: list[Column] = Field(default_factory=list)
    admits: str = ""


class Procedure(ProgrammeItem):
    """A way of doing an approval. ``limit`` is the parameter that holds its time limit."""

    modes: list[str] = Field(default_factory=list)
    applies_to: str = ""
    conditions: str = ""
    effect: str = ""
    decides: str = ""
    limit: str = ""


class Task(ProgrammeItem):
    """Work laid on departments. ``lead`` and ``support`` are names of the directory.

    ``lead_unnamed`` says so where the document names nobody.
    """

    lead: list[str] = Field(default_factory=list)
    support: list[str] = Field(default_factory=list)
    lead_unnamed: str = ""
    support_text: str = ""
    regions: list[str] = Field(default_factory=list)
    count: OptionalText = None
    cadence: Cadence = ""
    due: OptionalDate = None


class Obligation(ProgrammeItem):
    """Something somebody must do, by when. ``threshold`` is the parameter that bounds it.

    Where it can be computed: ``applies`` (whom it binds; everybody if empty) and ``met`` (whether
    it is done) are formulas over ``columns``; ``dues`` are last days by case, ``due`` that of the
    rest.
    """

    who: str
    threshold: str = ""
    coverage: OptionalText = None
    cadence: Cadence = ""
    due: OptionalDate = None
    due_text: str = ""
    columns: list[Column] = Field(default_factory=list)
    applies: str = ""
    met: str = ""
    dues: list[DueCase] = Field(default_factory=list)


class Match(ProgrammeItem):
    """Two sides brought together, and over what."""

    parties: list[str]
    content: str = ""


# The sections after the rules, in reading order: name of file and key, model, Chinese name.
PROGRAMME: tuple[tuple[str, type[ProgrammeItem], str], ...] = (
    ("targets", Target, "目标"),
    ("recognitions", Recognition, "称号认定"),
    ("registers", Register, "名录台账"),
    ("procedures", Procedure, "办事方式"),
    ("tasks", Task, "任务"),
    ("obligations", Obligation, "义务"),
    ("matching", Match, "对接"),
)
