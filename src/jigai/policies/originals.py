"""The original of a document beside its clauses: matched by anchors, numbers led to their facts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from jigai.policies.models import OriginalText
from jigai.reading.number_marks import Piece, mark_numbers
from jigai.rules.loader import Pack
from jigai.rules.numerals import clause_places

_GAP = re.compile(r"\n\s*\n+")


@dataclass(frozen=True, slots=True)
class Matched:
    """A text cut at the anchors of a pack."""

    parts: list[dict[str, Any]]
    missing: list[str]


def match_text(pack: Pack, text: str) -> Matched:
    """Cut ``text`` at the clauses' anchors, in order."""
    places = clause_places(text, pack.clauses)
    starts = sorted(start for _clause, start in places if start is not None)
    parts, missing = [], []
    for clause, start in places:
        if start is None:
            missing.append(clause.id)
            continue
        later = [other for other in starts if other > start]
        parts.append({"clause": clause.id, "start": start, "end": later[0] if later else len(text)})
    return Matched(parts, missing)


def newest_original(slug: str) -> OriginalText | None:
    """The text that counts; ``None`` while nobody has brought one in."""
    return OriginalText.objects.filter(slug=slug).order_by("-id").first()


def original_pieces(original: OriginalText, pack: Pack) -> dict[str, list[Piece]]:
    """Text of every matched clause by its id, with its numbers marked."""
    clauses = {clause.id: clause for clause in pack.clauses}
    found = {}
    for part in original.parts:
        clause = clauses.get(part["clause"])
        if clause is not None:
            stretch = _GAP.sub("\n", original.text[part["start"] : part["end"]].strip())
            tokens = [(fact.id, fact.token) for fact in clause.facts]
            found[clause.id], _missing = mark_numbers(stretch, tokens)
    return found
