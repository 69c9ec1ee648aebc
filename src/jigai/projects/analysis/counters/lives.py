"""Projects with the days that say where they stood in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Min, Q

from jigai.core.access import Access
from jigai.core.screens.list_filters import below
from jigai.metrics.lives import Life
from jigai.projects.models import Project
from jigai.projects.selectors import projects_for
from jigai.projects.states import ENDED, FINISHED, UNDER_WAY


@dataclass(frozen=True, slots=True)
class Lived:
    """A life with what counters ask besides. ``recorded`` says that its beginning rests on a
    recorded step, not only on the day of the ledger; ``filed_in`` is the year it was first kept
    as filed."""

    life: Life
    enterprise: int | None
    recorded: bool
    filed_in: int | None


def lives_of(access: Access, region: str = "") -> Sequence[Lived]:
    """Every project within reach that is no new build and no repeated row; one query.

    A recorded step outweighs the day the ledger gives; a project ended early has the day its state
    began, unless it was taken up again.
    """
    rows = projects_for(access).filter(duplicate_of__isnull=True).exclude(nature="new")
    if region:
        rows = below(rows, "region_code", region)
    stands = Q(steps__taken_back_by__isnull=True, steps__takes_back__isnull=True)
    found = rows.order_by("id").annotate(
        began=Min("steps__happened_on", filter=stands & Q(steps__after__in=UNDER_WAY)),
        finished=Min("steps__happened_on", filter=stands & Q(steps__after__in=FINISHED)),
        # In the library while any level keeps it.
        admitted=Min("entries__admitted_on"),
        left=Max("entries__left_on", filter=Q(entries__status="out")),
        kept=Count("entries", filter=Q(entries__status="in"), distinct=True),
    )
    values = found.values_list(
        "pk", "enterprise_id", "ledger_years", "year", "filing", "start", "end", "state",
        "state_since", "began", "finished", "admitted", "left", "kept",
    )  # fmt: skip
    lives = []
    for (pk, owner, years, year, filing, start, end, state, since, began, finished, admitted, left,
         kept) in values:  # fmt: skip
        ended = since if state in ENDED else None
        life = Life(
            pk, frozenset(years or [year]), began or start, finished or end, ended, admitted,
            None if kept else left,
        )  # fmt: skip
        filed = year if filing == Project.Filing.YES else None
        lives.append(Lived(life, owner, began is not None, filed))
    return lives


def ledgers_of(lives: Sequence[Lived]) -> set[int]:
    """Years of which a ledger is here; without one a year's count is not known to be whole."""
    return {year for one in lives for year in one.life.years}
