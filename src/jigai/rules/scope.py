"""The names a formula may use: terms by subject, parameters, readings, constants of the run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from jigai.rules.expr import DATE, NUMBER, Node, Type
from jigai.rules.units import unit

# Which subjects a row of a subject can see above itself.
PARENTS: dict[str, tuple[str, ...]] = {
    "enterprise": (),
    "project": ("enterprise",),
    "consortium": ("enterprise",),
    "member": ("consortium", "enterprise"),
    "line": ("project", "member", "enterprise"),
    "award": ("enterprise",),
    "loan": ("project", "enterprise"),
    "parcel": ("enterprise",),
    "region": (),
}

# Largest magnitudes assumed when a term states none: ten trillion yuan, a thousand million of
# anything else. They only bound unknown values and choose integer widths.
_DEFAULT_MAXIMUM = {"money": 10**15, "area": 10**15, "energy": 10**15}
RATIO_SCALE = 1_000_000

CONTEXT: dict[str, tuple[str, Type]] = {
    "申报年度": ("year", NUMBER),
    "申报截止日": ("deadline", DATE),
    "评价基准日": ("as_of", DATE),
    "拨付日": ("payment_date", DATE),
    "有效期起": ("effective_from", DATE),
    "有效期止": ("effective_to", DATE),
    "成文日": ("issued", DATE),
}


@dataclass(frozen=True, slots=True)
class TermInfo:
    """What the checker and compiler know of a term.

    Values are integers in base units times ``scale`` (ratios only); ``low``/``high`` bound what an
    unknown value may be. ``derived`` terms come from a formula or an aggregate.
    """

    id: str
    name: str
    subject: str
    type: Type
    scale: int = 1
    low: int | None = None
    high: int | None = None
    derived: bool = False
    assume: str | None = None
    words: tuple[str, ...] = ()
    source: str = ""
    assumed: Any = None


def term_type(kind: str, unit_text: str, options: Iterable[str]) -> Type:
    """Type of a term from its declared ``type`` and ``unit``."""
    if kind in ("bool", "text", "date"):
        return Type(kind)
    if kind == "enum":
        return Type("enum", (), tuple(options))
    if kind in ("money", "area", "energy"):
        return Type("number", ((kind, 1),))
    return Type("number", unit(unit_text)[1] if unit_text else ())


def stored_scale(kind: str, unit_text: str) -> int:
    """Into how many parts a base unit is cut when a term is stored.

    Land is often known in 亩, which is no whole number of 0.01 m²: a term declared in 亩 is stored
    in thirds, or 20 亩 would not lie exactly on a limit per 亩.
    """
    if kind == "ratio":
        return RATIO_SCALE
    return 3 if kind == "area" and unit_text == "亩" else 1


def term_range(kind: str, minimum: str, maximum: str) -> tuple[int | None, int | None]:
    """Bounds of a numeric term in stored integers; non-negative unless it says otherwise."""
    if kind in ("bool", "enum", "text", "date"):
        return None, None
    scale = RATIO_SCALE if kind == "ratio" else 1
    low = int(Fraction(minimum) * scale) if minimum else 0
    default = RATIO_SCALE * 1000 if kind == "ratio" else _DEFAULT_MAXIMUM.get(kind, 10**12)
    return low, int(Fraction(maximum) * scale) if maximum else default


@dataclass(slots=True)
class Scope:
    """All names of a pack family. Lookups accept the Chinese name or the English id."""

    terms: dict[str, TermInfo] = field(default_factory=dict)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    parameters: dict[str, tuple[str, Type]] = field(default_factory=dict)
    readings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reading_words: dict[str, dict[str, str]] = field(default_factory=dict)

    def add_term(self, info: TermInfo) -> None:
        """Register a term under its name and id."""
        self.terms[info.id] = info
        self.names[info.name] = self.names[info.id] = ("term", info.id)

    def add_parameter(self, identifier: str, name: str, kind: str, value_type: Type) -> None:
        """Register a parameter; ``kind`` as in the schema."""
        self.parameters[identifier] = (kind, value_type)
        self.names[name] = self.names[identifier] = ("param", identifier)

    def add_reading(self, identifier: str, name: str, words: dict[str, str]) -> None:
        """Register a reading with its option words (``{"a": "先加点后封顶"}``)."""
        self.readings[identifier] = tuple(words)
        self.reading_words[identifier] = {word: key for key, word in words.items()}
        self.names[name] = self.names[identifier] = ("reading", identifier)

    def resolve(self, name: str, subject: str | None) -> Node | str:
        """Node for ``name`` seen from a row of ``subject``, or a reason why there is none."""
        if name in CONTEXT:
            identifier, kind = CONTEXT[name]
            return Node("context", (), kind, identifier)
        if name not in self.names:
            return "unknown"
        kind_of_name, identifier = self.names[name]
        if kind_of_name == "param":
            return Node("param", (), self.parameters[identifier][1], identifier)
        if kind_of_name == "reading":
            return Node("reading", (), Type("enum", (), self.readings[identifier]), identifier)
        info = self.terms[identifier]
        if subject is None or (info.subject != subject and info.subject not in PARENTS[subject]):
            return "subject"
        return Node("term", (), info.type, identifier)

    def similar(self, name: str) -> str:
        """The closest known name, for the fix line of an unknown-term error."""
        import difflib

        close = difflib.get_close_matches(name, self.names, n=1, cutoff=0.5)
        return close[0] if close else ""
