"""Who follows drafts as they move on; policies knows none, they register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jigai.core.models import User
from jigai.policies.models import PackDraft

# submitted: handed in; reviewed: the review is passed; heard: the round of comments is over;
# finished: the final text is handed in; returned: sent back to be written; issued; withdrawn.
MOMENTS = ("submitted", "reviewed", "heard", "finished", "returned", "issued", "withdrawn")


@dataclass(frozen=True, slots=True)
class DraftWay:
    """``hold`` is called before a draft is locked (by id), ``moved`` in the transaction of every
    moment with who caused it and why; both may raise, then nothing has happened. ``where`` gives
    the number and address under which a draft is followed, or nothing.
    """

    hold: Callable[[int], None]
    moved: Callable[[PackDraft, str, User, str], None]
    where: Callable[[int], tuple[str, str] | None]


_WAYS: list[DraftWay] = []


def register_draft_way(way: DraftWay) -> None:
    """Follow drafts from now on; call it from the room's ``ready``."""
    _WAYS[:] = [way]


def hold(draft: int) -> None:
    """Whoever follows the draft is locked first, always in this order."""
    for way in _WAYS:
        way.hold(draft)


def moved(draft: PackDraft, moment: str, by: User, reason: str = "") -> None:
    """Tell whoever follows."""
    if moment not in MOMENTS:
        raise ValueError(f"not a moment: {moment}")
    for way in _WAYS:
        way.moved(draft, moment, by, reason)


def where_followed(draft: int) -> tuple[str, str] | None:
    """Number and address under which a draft is followed."""
    return next((found for way in _WAYS if (found := way.where(draft))), None)
