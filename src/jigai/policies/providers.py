"""Fact providers: every room tells what it knows; nothing here knows the rooms.

A provider gives the rows of one subject for a population as of a moment, in the words of the
national vocabulary, and a label for every row so that decisions can be shown without the room.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from jigai.policies.fact_run import FactRows
from jigai.rules.schema import Term

SUBJECTS = ("enterprise", "project", "line", "member", "consortium")


@dataclass(frozen=True, slots=True)
class Population:
    """Whose facts: a region and below, a year, what was recorded up to ``known_at``."""

    region_code: str
    year: int
    known_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Label:
    """How a row is shown: its name, its enterprise and region, and its row in the source sheet."""

    name: str
    enterprise_id: int | None = None
    enterprise_name: str = ""
    region_code: str = ""
    source_row: int | None = None


@dataclass(slots=True)
class Provided:
    """Rows of terms with ``key``, and labels by key."""

    rows: list[dict[str, Any]]
    labels: dict[Any, Label] = field(default_factory=dict)


Provider = Callable[[Population], Provided]
_PROVIDERS: dict[str, Provider] = {}


def fact_provider(subject: str) -> Callable[[Provider], Provider]:
    """Register what gives the rows of a subject; each subject has exactly one owner."""

    def register(provider: Provider) -> Provider:
        if subject not in SUBJECTS:
            raise ValueError(f"not a subject: {subject}")
        if subject in _PROVIDERS and _PROVIDERS[subject] is not provider:
            raise ValueError(f"two providers for {subject}")
        _PROVIDERS[subject] = provider
        return provider

    return register


# Names of invoice lines by key, for traces; the room that owns the lines gives it.
LineNames = Callable[[list[Any]], dict[Any, str]]
_LINE_NAMES: list[LineNames] = []


def line_namer(namer: LineNames) -> LineNames:
    """Register what names invoice lines."""
    _LINE_NAMES[:] = [namer]
    return namer


def line_names(keys: list[Any]) -> dict[Any, str]:
    """Names of invoice lines by key; none for lines that are gone."""
    return _LINE_NAMES[0](keys) if _LINE_NAMES and keys else {}


@dataclass(frozen=True, slots=True)
class Question:
    """What terms of a pack ask of whoever looks them up: on which day, for which population."""

    terms: tuple[Term, ...]
    as_of: dt.date
    population: Population


# Puts the values of such terms into the rows, set by set; what it does not know it leaves out.
LookUp = Callable[[Question, FactRows], None]
_LOOK_UPS: list[LookUp] = []


def looks_up(look_up: LookUp) -> LookUp:
    """Register what answers terms that read a register."""
    if look_up not in _LOOK_UPS:
        _LOOK_UPS.append(look_up)
    return look_up


def look_up_terms(
    facts: FactRows, terms: Iterable[Term], as_of: dt.date, population: Population
) -> None:
    """Fill in the terms that read a register, as of a day; they are stored with the other facts."""
    wanted = tuple(term for term in terms if term.reads is not None)
    if wanted:
        for look_up in _LOOK_UPS:
            look_up(Question(wanted, as_of, population), facts)


# Adds to the rows of all subjects what a room knows about them, once every provider has answered.
Adds = Callable[[Population, FactRows], None]
_ADDS: list[Adds] = []


def adds_facts(add: Adds) -> Adds:
    """Register what adds terms to the rows of others; people's confirmations stand above it."""
    if add not in _ADDS:
        _ADDS.append(add)
    return add


@dataclass(slots=True)
class Collected:
    """The facts of a population and the labels of its subjects."""

    facts: FactRows
    labels: dict[str, dict[Any, Label]]


def collect(population: Population) -> Collected:
    """Ask every provider; a subject without one has no rows."""
    facts: FactRows = {}
    labels: dict[str, dict[Any, Label]] = {}
    for subject in SUBJECTS:
        provider = _PROVIDERS.get(subject)
        given = provider(population) if provider else Provided([])
        facts[subject], labels[subject] = given.rows, given.labels
    for add in _ADDS:
        add(population, facts)
    return Collected(facts, labels)
