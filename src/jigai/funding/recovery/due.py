"""What a paid application is due today, on the papers as they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jigai.funding.compute.claims import AUDITED
from jigai.funding.compute.estimate import estimate
from jigai.funding.models import Application


@dataclass(frozen=True, slots=True)
class Due:
    """Amounts in fen: what the rules give now, and what of it is due after the same share that the
    decision paid; both ``None`` while the rules leave it open, with the words why."""

    worked_out: int | None
    due: int | None
    words: tuple[str, ...] = ()

    def as_basis(self, application: Application) -> dict[str, Any]:
        """For ``Recovery.basis``: old and new amounts."""
        return {
            "paid": application.paid_fen, "decided": application.decided_fen,
            "reviewed": application.reviewed_fen, "worked_out": self.worked_out,
            "due": self.due, "words": list(self.words),
        }  # fmt: skip


def due_now(application: Application) -> Due:
    """Run the round's rules for one application over what is held now.

    Where the decision paid less than was worked out (pro rata), the new amount is cut by the same
    share, down to the fen.
    """
    found = estimate(application, AUDITED)
    if found is None:
        return Due(None, None, ("台账里已没有这个项目或共同体，须人工核定",))
    measure = application.measure.code
    told = [m for m in found.explanation.measures if m.id == measure]
    words = tuple(reason.text for m in told for reason in m.reasons)
    # A datum that is missing today is no reason to ask for everything back.
    if found.amount is None or any(m.amount is None for m in told):
        return Due(None, None, words or ("按现有材料还算不出金额，须人工核定",))
    worked, decided = application.reviewed_fen, application.decided_fen
    if worked and decided is not None and decided < worked:
        return Due(found.amount, found.amount * decided // worked, words)
    return Due(found.amount, found.amount, words)
