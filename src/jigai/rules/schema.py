"""The shape of a pack: one pydantic model per section; unknown keys are errors.

Scalars arrive as text (YAML is read without guessing types), so numbers, dates and formulas are
parsed by the engine that owns them, with the place in the file at hand.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, model_validator

from jigai.rules.schema_base import OptionalDate, OptionalText, Section, Subject
from jigai.rules.schema_measures import (
    Budget,
    Cap,
    Check,
    Gate,
    Measure,
    Measures,
    PooledCap,
    Ranking,
    Selection,
    Split,
    Validity,
)

__all__ = [
    "Budget",
    "Cap",
    "Check",
    "Clause",
    "ClauseFact",
    "DatedValue",
    "DerivedFact",
    "Example",
    "Gate",
    "Identity",
    "Measure",
    "Measures",
    "Option",
    "Parameter",
    "PooledCap",
    "Ranking",
    "Reading",
    "Region",
    "RegisterRead",
    "Section",
    "Selection",
    "Split",
    "Subject",
    "Term",
    "Upstream",
    "Validity",
]


class Region(Section):
    """Where the policy applies: GB/T 2260 code, name and level.

    A document that covers a set of regions names the group's code (``sunan``) with level ``group``
    and lists its ``members``.
    """

    code: str
    name: str
    level: str
    members: list[str] = Field(default_factory=list)


class Upstream(Section):
    """A document this one leans on."""

    number: OptionalText = None
    title: str


class Identity(Section):
    """``pack.yaml``: what the document is and when it is in force (both dates inclusive)."""

    id: str
    prefix: str = ""
    title: str
    number: OptionalText = None
    issuer: str
    region: Region | None = None
    issued: OptionalDate = None
    effective_from: OptionalDate = None
    effective_to: OptionalDate = None
    status: Literal["issued", "draft", "repealed", "superseded", "standard"]
    extends: list[str] = Field(default_factory=list)
    overlays: OptionalText = None
    supersedes: list[str] = Field(default_factory=list)
    upstream: list[Upstream] = Field(default_factory=list)
    interpreter: str = ""
    source_file: OptionalText = None
    notes: str = ""


class ClauseFact(Section):
    """One number of the document: as written (``token``) and what it stands for."""

    id: str
    what: str
    value: OptionalText = None
    unit: OptionalText = None
    comparator: str = "="
    role: str = ""
    token: str = ""
    term: str = ""
    per: str = ""
    scope: str = ""
    note: str = ""
    period_from: str = ""
    period_to: str = ""
    waived: str = ""
    pending: str = ""


class Clause(Section):
    """One clause, summarised in our own words, with every number it holds."""

    id: str
    heading: str
    anchor: str = ""
    summary: str
    kind: list[str] = Field(default_factory=list)
    facts: list[ClauseFact] = Field(default_factory=list)
    declaratory: str = ""
    pending: str = ""


class DatedValue(Section):
    """A parameter value valid from a date until the next one (or ``to``, inclusive)."""

    since: dt.date = Field(alias="from")
    to: OptionalDate = None
    value: str
    reference: str = ""
    approver: str = ""


class Parameter(Section):
    """A cited, dated value. ``kind`` fixes how the text is read."""

    id: str
    name: str
    clause: str
    facts: list[str] = Field(default_factory=list)
    kind: Literal["threshold", "rate", "amount", "number", "date", "list", "text"]
    unit: str = ""
    status: Literal["stated", "local", "undetermined"]
    values: list[DatedValue] = Field(default_factory=list)
    formula: str = ""
    decides: str = ""
    note: str = ""


class RegisterRead(Section):
    """What a term takes from a register, of the enterprise's entries on the day of evaluation.

    Exactly one of ``present`` (is it listed), ``field`` (a field's value), ``count`` (a counting
    rule, or ``total``) and ``on`` (``start`` or ``end`` of being listed).
    """

    code: str
    match: Literal["enterprise"] = "enterprise"
    present: Literal["", "yes"] = ""
    field: str = ""
    count: str = ""
    on: Literal["", "start", "end"] = ""

    @model_validator(mode="after")
    def _one(self) -> RegisterRead:
        if sum(map(bool, (self.present, self.field, self.count, self.on))) != 1:
            raise ValueError("register 要写 present、field、count、on 中的一个")
        return self


class Term(Section):
    """A vocabulary term: a fact some department holds, or a register does (``register``)."""

    term: str
    id: str
    subject: Subject
    type: Literal["bool", "enum", "text", "date", "money", "area", "energy", "number", "ratio"]
    unit: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    minimum: str = ""
    maximum: str = ""
    definition: str
    source: str
    if_absent: str = "unknown"
    reads: RegisterRead | None = Field(default=None, alias="register")


class DerivedFact(Section):
    """A term computed from others: a formula on its subject, or an aggregate of finer rows.

    ``through`` reads ``value`` from the row a reference points at (a red letter's original).
    """

    term: str
    id: str
    subject: Subject
    type: Literal["bool", "enum", "text", "date", "money", "area", "energy", "number", "ratio"]
    unit: str = ""
    options: dict[str, str] = Field(default_factory=dict)
    clause: str = ""
    definition: str = ""
    formula: str = ""
    source: Subject | None = Field(default=None, alias="from")
    via: str = ""
    through: str = ""
    outcome_of: str = ""
    where: str = ""
    value: str = ""
    aggregate: Literal["", "sum", "count", "all", "any", "max", "min"] = ""
    on_bad_line: Literal["exclude-and-list", "unknown"] = "unknown"
    reading: str = ""
    minimum: str = ""
    maximum: str = ""


class Option(Section):
    """One way to read a clause; ``word`` is how formulas name it."""

    word: str
    means: str


class Reading(Section):
    """An interpretation choice. ``kind``: value (a formula asks it), plan (it changes grouping or
    stages) or procedure (it changes what people do, never an amount in this engine)."""

    id: str
    name: str
    issue: str
    clause: str
    question: str
    kind: Literal["value", "plan", "procedure"]
    options: dict[str, Option]
    default: str
    chosen_by: str
    since: OptionalDate = None
    note: str = ""


class Example(Section):
    """A worked case: given facts by term, expected outcome; run by the linter and shown in docs.

    A ``profile`` states no outcome: it is what an ordinary case looks like. An example ``given`` a
    profile starts from its facts (``line`` and ``member`` are those of every line and member).

    Instead of a measure it may be about a ``target`` (with ``series``: year → figure), an
    ``obligation`` or an ``admission`` (title or register), the latter two with ``row``.
    ``boundary`` names the row of the table of boundary cases (E1 …) it stands for.
    """

    name: str
    clause: str
    measure: str = ""
    target: str = ""
    obligation: str = ""
    admission: str = ""
    boundary: str = ""
    series: dict[int, str] = Field(default_factory=dict)
    row: dict[str, str] = Field(default_factory=dict)
    note: str = ""
    profile: bool = False
    given: str = ""
    as_of: OptionalDate = None
    deadline: OptionalDate = None
    year: int | None = None
    readings: dict[str, str] = Field(default_factory=dict)
    enterprise: dict[str, str] = Field(default_factory=dict)
    project: dict[str, str] = Field(default_factory=dict)
    projects: list[dict[str, str]] = Field(default_factory=list)
    line: dict[str, str] = Field(default_factory=dict)
    lines: list[dict[str, str]] = Field(default_factory=list)
    consortium: dict[str, str] = Field(default_factory=dict)
    member: dict[str, str] = Field(default_factory=dict)
    members: list[dict[str, str]] = Field(default_factory=list)
    award: dict[str, str] = Field(default_factory=dict)
    awards: list[dict[str, str]] = Field(default_factory=list)
    loan: dict[str, str] = Field(default_factory=dict)
    loans: list[dict[str, str]] = Field(default_factory=list)
    parcel: dict[str, str] = Field(default_factory=dict)
    parcels: list[dict[str, str]] = Field(default_factory=list)
    region: dict[str, str] = Field(default_factory=dict)
    expect: dict[str, object] = Field(default_factory=dict)
