"""Works a round out on the claimed or the audited base, with what must follow from it."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Exists, OuterRef, Q

from jigai.core.models import User
from jigai.funding.compute.claims import AUDITED, CLAIMED
from jigai.funding.compute.run_round import live_applications, run_round
from jigai.funding.models import ApplicationLine, Round
from jigai.policies.models import EvaluationRun

Progress = Callable[[str, float], None]
# An audit that waits for nobody: it was confirmed, or there are no invoices to look at.
SETTLED = Q(audited_fen__isnull=False) | ~Exists(
    ApplicationLine.objects.filter(application=OuterRef("pk"))
)


def run_amounts(*, round_: Round, basis: str, by: User | None, progress: Progress) -> EvaluationRun:
    """Evaluate what is asked for and store the amounts; the last run is that of the later basis.

    Everything applied for is decided together, so that places go by the order among one's own;
    an amount from the audited base stands only for an application whose audit is confirmed.
    Once there are such amounts, a run on the claimed base is followed by one on the audited base:
    the reviewed amount and its trace always belong together.
    """
    rows = live_applications(round_)
    both = basis == CLAIMED and rows.filter(reviewed_fen__isnull=False).exists()
    if not both:
        found = run_round(round_=round_, basis=basis, by=by, progress=progress)
    else:
        run_round(round_=round_, basis=CLAIMED, by=by, progress=_part(progress, 0, "申报基数"))
        round_.refresh_from_db()
        found = run_round(
            round_=round_, basis=AUDITED, by=by, progress=_part(progress, 0.5, "审定基数")
        )
    if basis == AUDITED or both:
        rows.exclude(SETTLED).filter(reviewed_fen__isnull=False).update(reviewed_fen=None)
    return found


def _part(progress: Progress, start: float, name: str) -> Progress:
    return lambda step, share: progress(f"{name}：{step}", start + share / 2)
