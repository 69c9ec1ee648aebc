"""Puts it together: documents, held facts, what is tried, every measure, the best combination."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import Enterprise
from jigai.funding.held_facts import Held, deadline_of, held_facts, latest_year
from jigai.policies.fact_run import FactRows
from jigai.policies.providers import Population, look_up_terms
from jigai.rules import schema
from jigai.rules.bounds import UNBOUNDED
from jigai.rules.explanation import MissingFact
from jigai.workbench.navigator.choices import Choice, choices_of
from jigai.workbench.navigator.decide import Decided, decide
from jigai.workbench.navigator.documents import Document, documents_for
from jigai.workbench.navigator.matches import Match
from jigai.workbench.navigator.programs import Program, program_of
from jigai.workbench.navigator.tries import NEW, Option, Tries, lay_over, options_of, read_tries

_MADE_UP = {"project": "拟建项目", "award": "拟申报的称号", "loan": "拟申请的贷款",
            "parcel": "拟用的地块"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: for whom, on which day, with which projects (``None`` for all), trying what.

    ``tried`` are texts by name of the input.
    """

    enterprise: Enterprise
    day: dt.date
    chosen: tuple[int, ...] | None = None
    tried: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Supply:
    """One fact to be supplied: what, about whom, who holds it, what it decides at most (fen)."""

    name: str
    about: str
    source: str
    decides: int
    blocks: list[str]
    field: str

    @property
    def is_bounded(self) -> bool:
        """Whether the most it decides is a number."""
        return self.decides < UNBOUNDED


@dataclass(slots=True)
class Difference:
    """A measure before and after what is tried."""

    match: Match
    before: Match | None

    @property
    def fen(self) -> int | None:
        """The change in fen, where both amounts are known."""
        before = self.before.amount if self.before else 0
        now = self.match.amount
        return None if before is None or now is None else now - before


@dataclass(slots=True)
class Answer:
    """Everything the page shows. ``before`` is the answer without what is tried."""

    question: Question
    held: Held
    documents: list[Document]
    decided: list[Decided]
    choices: list[Choice]
    options: dict[str, Option]
    tries: Tries
    before: Answer | None = None

    @property
    def matches(self) -> list[Match]:
        """Measures of documents in force, by amount and verdict."""
        return self._matches(payable=True)

    @property
    def simulated(self) -> list[Match]:
        """Measures of documents not in force on the day: nothing payable."""
        return self._matches(payable=False)

    def _matches(self, payable: bool) -> list[Match]:
        rows = [m for d in self.decided for m in d.matches if m.document.payable is payable]
        return sorted(rows, key=Match.rank)

    @property
    def channels(self) -> list[tuple[Document, schema.Measure]]:
        """Measures that are never computed, document by document."""
        return [(d.program.document, m) for d in self.decided for m in d.channels]

    @property
    def in_force(self) -> list[Document]:
        """Documents under which something may be payable on the day."""
        return [document for document in self.documents if document.payable]

    @property
    def gain(self) -> int:
        """What is tried adds to the certain total, in fen."""
        return self.paid - (self.before.paid if self.before else self.paid)

    @property
    def paid(self) -> int:
        """Fen that come out as certain under documents in force."""
        return sum(d.paid for d in self.decided if d.program.document.payable)

    @property
    def open(self) -> list[Match]:
        """Measures in force about which something is still to come."""
        return [m for m in self.matches if m.is_open and not m.absent]

    @property
    def most_open(self) -> int | None:
        """The most that open measures may come to; ``None`` if there is no limit."""
        rows = [m.high for m in self.open if not m.measure.charge]
        return None if any(high >= UNBOUNDED for high in rows) else sum(rows)

    @property
    def evidence(self) -> list[tuple[str, list[str]]]:
        """What to hand in for everything that fits or may fit: item, measures that ask for it."""
        found: dict[str, dict[str, None]] = {}
        for match in self.matches:
            if match.code not in ("excluded", "below-threshold") and not match.absent:
                for item in match.evidence:
                    found.setdefault(item, {})[match.measure.name] = None
        return [(item, list(names)) for item, names in found.items()]

    @property
    def supplies(self) -> list[Supply]:
        """Facts to be supplied, those that decide most first, each once."""
        rows = [*self.matches, *self.simulated]
        return supplies_of(rows, self.options, self.labels, self.held.key)

    @property
    def labels(self) -> dict[tuple[str, str], str]:
        """Names of the rows."""
        return labels_of(self.held)

    @property
    def differences(self) -> list[Difference]:
        """Measures that what is tried changes."""
        if self.before is None:
            return []
        old = {m.place: m for m in [*self.before.matches, *self.before.simulated]}
        pairs = [(m, old.get(m.place)) for m in [*self.matches, *self.simulated]]
        return [Difference(m, b) for m, b in pairs if not m.absent and _differs(m, b)]


def _differs(match: Match, before: Match | None) -> bool:
    return before is None or (match.text, match.word, match.state) != (
        before.text, before.word, before.state,
    )  # fmt: skip


def navigate(question: Question, access: Access) -> Answer:
    """Answer a question; nothing is stored. The number of queries depends neither on the number of
    documents nor on that of measures or projects."""
    enterprise, day = question.enterprise, question.day
    year = latest_year(enterprise, day)
    deadline = deadline_of(year, day)
    documents = documents_for(enterprise.region_code, day, deadline)
    held = held_facts(enterprise, year, access)
    programs = [program_of(document, held.year, day) for document in documents]
    chosen = held.own if question.chosen is None else [k for k in question.chosen if k in held.own]
    facts = [_facts(program, held, chosen, day) for program in programs]
    labels = labels_of(held)
    options = options_of(
        [(p.document, p.evaluator.plan.inputs, f) for p, f in zip(programs, facts, strict=True)],
        {("project", str(key)): "" for key in chosen} or {("project", NEW): ""},
        held.key,
    )
    tries = read_tries(question.tried, options, [p.document.model for p in programs])

    def answer(tried: Mapping[Any, str], given: Tries, before: Answer | None) -> Answer:
        decided = [
            decide(p, lay_over(f, tried, p.document.model, held.key, deadline), held.key, labels)
            for p, f in zip(programs, facts, strict=True)
        ]
        found = choices_of(decided, held.key)
        return Answer(question, held, documents, decided, found, options, given, before)

    base = answer({}, Tries(), None)
    return answer(tries.readable, tries, base) if tries.given else base


def _facts(program: Program, held: Held, chosen: Iterable[int], day: dt.date) -> FactRows:
    """Held facts for one document, with what its terms read from registers."""
    facts = held.facts(program.document.version.region_code, chosen)
    population = Population(held.enterprise.region_code, held.year, timezone.now())
    look_up_terms(facts, program.document.model.terms.values(), day, population)
    return facts


def labels_of(held: Held) -> dict[tuple[str, str], str]:
    """Names of the rows an enterprise has, and of those it may try."""
    return {
        ("enterprise", held.key): "本企业",
        **{("project", str(key)): name for key, name in held.own.items()},
        **{("consortium", p.code): p.name or p.code for p in held.pools.values()},
        **{(subject, "-1"): name for subject, name in _MADE_UP.items()},
    }


def supplies_of(
    matches: Sequence[Match],
    options: Mapping[str, Option],
    labels: Mapping[tuple[str, str], str],
    owner: str,
) -> list[Supply]:
    """Missing facts of the matches, each once, with the input by which it may be tried."""
    found: dict[tuple[str, str, str], Supply] = {}
    for match in matches:
        for fact in match.missing:
            place = (fact.id, fact.subject, str(fact.key))
            about = labels.get((fact.subject, str(fact.key)), "共同体其他成员")
            known = found.setdefault(
                place,
                Supply(fact.name, about, fact.source, 0, [], _field(fact, options, owner)),
            )
            known.decides = max(known.decides, fact.decides)
            known.blocks += [n for n in [match.measure.name] if n not in known.blocks]
    return sorted(found.values(), key=lambda s: (-s.decides, s.name, s.about))


def _field(fact: MissingFact, options: Mapping[str, Option], owner: str) -> str:
    """The input by which a missing fact may be tried; only one's own facts may be."""
    key = "new" if fact.key == -1 else "own" if fact.key == owner else str(fact.key)
    name = f"try.{fact.subject}.{key}.{fact.id}"
    return name if name in options else ""
