"""Worked examples of a document as filled-in calculators."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from jigai.policies.calculator.answers import UNKNOWN
from jigai.policies.calculator.questions import CHOICE, UNLISTED, Question, Section
from jigai.rules import schema
from jigai.rules.example_case import (
    ABSENT,
    UNREADABLE_WORD,
    example_environment,
    with_profile,
)
from jigai.rules.model import Model

_NUMBER = re.compile(r"(-?[\d.]+)(\D*)")
_OWNERS = {"项目", "成员", "原票"}
# Rows a case may have none of.
_ASIDE = ("project", "award", "loan", "parcel")


def examples_for(model: Model, measure: str) -> list[schema.Example]:
    """Examples of a measure that one form can hold: one row of each kind."""
    rows = [e for e in model.pack.examples if e.measure == measure and not e.profile]
    return [e for e in rows if _fits(model, e)]


def _fits(model: Model, example: schema.Example) -> bool:
    full = with_profile(model, example)
    several = (full.projects, full.awards, full.loans, full.parcels)
    red = any("原票" in line for line in full.lines)
    return not any(len(rows) > 1 for rows in several) and not red


def usual_examples(model: Model, measure: str) -> list[schema.Example]:
    """Those that take every reading as the document is usually read."""
    return [e for e in examples_for(model, measure) if not with_profile(model, e).readings]


def day_of(model: Model, example: schema.Example) -> dt.date:
    """The day of the application in an example."""
    full = with_profile(model, example)
    context = example_environment(model, full).context
    day: dt.date = context["deadline" if full.deadline else "as_of"]
    return day


def query_of(model: Model, example: schema.Example, sections: tuple[Section, ...]) -> str:
    """The address part that fills the form as in an example."""
    return urlencode(pairs_of(model, example, sections))


def pairs_of(
    model: Model, example: schema.Example, sections: tuple[Section, ...]
) -> list[tuple[str, str]]:
    """Inputs of the form by name; facts the measure does not ask about are left out."""
    full = with_profile(model, example)
    found = [("day", day_of(model, example).isoformat())]
    for section in sections:
        blocks = _blocks(full, section.subject)
        if section.many:
            found.append((f"{section.subject}.rows", str(len(blocks))))
        for number, facts in enumerate(blocks, 1):
            place = f"{section.subject}.{number}" if section.many else section.subject
            if section.subject == "line" and "成员" in facts:
                found.append((f"{place}.of", facts["成员"]))
            found += _typed(model, section, place, facts)
    return found


def _blocks(full: schema.Example, subject: str) -> list[Mapping[str, str]]:
    """Facts of each row of a subject; those of a member's enterprise go with the member."""
    if subject == "line":
        return [{**full.line, **facts} for facts in full.lines]
    if subject == "member":
        return [{**full.enterprise, **full.member, **facts} for facts in full.members]
    common = getattr(full, subject)
    several = getattr(full, f"{subject}s", [])
    single = [common] if common or subject not in _ASIDE else []
    return [{**common, **facts} for facts in several] or single


def _typed(
    model: Model, section: Section, place: str, facts: Mapping[str, str]
) -> list[tuple[str, str]]:
    given = {model.scope.names[n][1]: t for n, t in facts.items() if n not in _OWNERS}
    found = []
    for question in section.all:
        text = given.get(question.term)
        if section.subject == "line" and text is None and facts:
            # An example that leaves a check out does not know it; a form takes it as passed.
            passed = question.assumed and not _assumes(model, question.term)
            text = UNREADABLE_WORD if passed else None
        if text is None or text == ABSENT:
            continue
        name = f"{place}.{question.term}"
        number = _NUMBER.fullmatch(text) if question.units else None
        if number and number[2] in question.units:
            found += [(name, number[1]), (f"{name}~u", number[2])]
        else:
            found.append((name, _word(model, question, text)))
    return found


def _assumes(model: Model, term: str) -> bool:
    return model.scope.terms[term].assume is not None


def _word(model: Model, question: Question, text: str) -> str:
    if text == UNREADABLE_WORD:
        return UNKNOWN
    info = model.scope.terms[question.term]
    if info.type.kind == "enum" and text in info.type.options:
        return info.words[info.type.options.index(text)]
    known = {value for value, _ in question.words}
    if question.kind == CHOICE and info.type.kind == "text" and text not in known:
        return UNLISTED
    return text
