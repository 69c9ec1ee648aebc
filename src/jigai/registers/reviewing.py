"""Who carries the review of proposals: another room may register its way; registers knows none.

Without one a proposal is decided on the page of its entry alone, and nobody is told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jigai.core.access import Access
from jigai.core.models import User
from jigai.registers.models import Proposal


@dataclass(frozen=True, slots=True)
class ReviewWay:
    """``proposed`` is called in the transaction that made a proposal; ``decide`` (approve or not,
    with the answer) and ``withdraw`` lead, at once or after more steps, to
    :func:`jigai.registers.services.decide_proposal.settle_proposal` and
    :func:`jigai.registers.services.propose_entry.take_back`. ``where`` gives the number and address
    under which each of some proposals is reviewed, by id.
    """

    proposed: Callable[[Proposal], None]
    decide: Callable[[Proposal, bool, User, Access, str], None]
    withdraw: Callable[[Proposal, User], None]
    where: Callable[[Iterable[int]], dict[int, tuple[str, str]]]


_WAYS: list[ReviewWay] = []


def register_review_way(way: ReviewWay) -> None:
    """Carry reviews from now on; call it from the room's ``ready``."""
    _WAYS[:] = [way]


def review_way() -> ReviewWay | None:
    """Who carries reviews, if anybody does."""
    return _WAYS[0] if _WAYS else None


def where_reviewed(proposals: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Number and address of each review."""
    way = review_way()
    return way.where(proposals) if way else {}
