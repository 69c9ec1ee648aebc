"""Draft and final version beside each other: clause by clause, parameter by parameter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jigai.errors import JigaiError
from jigai.outreach.consultation_drafts import pack_of
from jigai.outreach.models import Consultation, ConsultationAnswer
from jigai.policies.compare import compare_packs
from jigai.policies.stored_packs import model_of
from jigai.rules.loader import Pack

# Sections of the comparison that concern the text and its numbers, in the order they are told.
_PARAMETERS = "parameters"
_IDENTITY = "identity"


@dataclass(slots=True)
class ClausePair:
    """One clause as it stood in the draft and as it stands in the final; empty where it is not.

    ``rows`` are the differences of everything that comes from the clause (numbers, measures,
    targets…), as :func:`compare_packs` gives them.
    """

    code: str
    heading: str
    before: str
    after: str
    change: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    answers: list[ConsultationAnswer] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Compared:
    """The whole comparison; ``others`` are sections that no clause owns."""

    clauses: list[ClausePair]
    parameters: list[dict[str, Any]]
    identity: list[dict[str, Any]]
    counts: Mapping[str, int]


def compared(item: Consultation) -> Compared:
    """What differs. Raises :class:`JigaiError` while there is no final version."""
    if item.final is None:
        raise JigaiError("no-final", "还没有登记定稿", "定稿印发并安装以后才能比对")
    before, after = pack_of(item), model_of(item.final).pack
    found = compare_packs(before, after)
    sections = {section["code"]: section["rows"] for section in found["sections"]}
    return Compared(
        _pairs(before, after, sections),
        sections.get(_PARAMETERS, []),
        sections.get(_IDENTITY, []),
        found["counts"],
    )


def changed_clauses(found: Compared) -> set[str]:
    """Codes of clauses in which anything differs, also through their parameters."""
    own = {pair.code for pair in found.clauses if pair.change}
    return own | {row["clause"] for row in found.parameters if row["clause"]}


def with_answers(found: Compared, answers: Sequence[ConsultationAnswer]) -> Compared:
    """Lay each answer beside its clause."""
    known = {pair.code: pair for pair in found.clauses}
    for answer in answers:
        if answer.clause in known:
            known[answer.clause].answers.append(answer)
    return found


def _pairs(before: Pack, after: Pack, sections: Mapping[str, Any]) -> list[ClausePair]:
    old = {clause.id: clause for clause in before.clauses}
    new = {clause.id: clause for clause in after.clauses}
    by_clause: dict[str, list[dict[str, Any]]] = {}
    for code, rows in sections.items():
        if code not in (_IDENTITY, _PARAMETERS, "clauses"):
            for row in rows:
                by_clause.setdefault(row["clause"], []).append(row)
    pairs = []
    for code in {**new, **old}:
        one, two = old.get(code), new.get(code)
        told = two or one
        pair = ClausePair(
            code,
            told.heading if told else "",
            one.summary if one else "",
            two.summary if two else "",
            "",
            by_clause.get(code, []),
        )
        pair.change = _change(pair)
        pairs.append(pair)
    return pairs


def _change(pair: ClausePair) -> str:
    if not pair.before:
        return "added"
    if not pair.after:
        return "removed"
    return "changed" if pair.rows or pair.before != pair.after else ""
