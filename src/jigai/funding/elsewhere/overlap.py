"""What a document says about other public money for the same project, as its round reads it."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.funding.models import Round
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings

# Readings of packs that speak of it, and the kinds of money that each option means.
SCOPE, MODE = "other_funds_scope", "overlap_mode"
REFUSES = "a"
_KINDS = {
    "a": frozenset({"upper", "same_level"}),
    "b": frozenset({"same_level"}),
    "c": frozenset({"upper", "same_level", "equity"}),
}


@dataclass(frozen=True, slots=True)
class Overlap:
    """Which kinds of other money count (codes of 其他资金类别), and whether they refuse.

    ``clause`` is empty where the document says nothing: then everything is only shown.
    """

    kinds: frozenset[str]
    refuses: bool
    clause: str

    def blocks(self, kind: str) -> bool:
        """Whether money of a kind refuses the application by the document's own reading."""
        return self.refuses and kind in self.kinds


def overlap_of(round_: Round) -> Overlap:
    """What the round's document says, under the readings sealed with the round."""
    readings = all_readings(model_of(round_.pack).pack)
    mode, scope = readings.get(MODE), readings.get(SCOPE)
    if mode is None or scope is None:
        return Overlap(frozenset(), False, "")
    chosen = {**{key: reading.default for key, reading in readings.items()}, **round_.readings}
    return Overlap(_KINDS[chosen[SCOPE]], chosen[MODE] == REFUSES, mode.clause)
