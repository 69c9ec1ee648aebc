"""Who follows rounds of comments as they move on; outreach knows none, they register."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from jigai.core.models import User
from jigai.outreach.models import Consultation

# drafted: prepared; opened: public from its first day on; extended: the last day is later;
# answered: comments were answered or hidden, perhaps the last; published: the adoption is.
MOMENTS = ("drafted", "opened", "extended", "answered", "published")


@dataclass(frozen=True, slots=True)
class RoundWay:
    """``hold`` is called before a round is locked (by id), ``moved`` in the transaction of every
    moment with who caused it; both may raise, then nothing has happened. ``where`` gives the number
    and address under which a round is followed, or nothing.
    """

    hold: Callable[[int], None]
    moved: Callable[[Consultation, str, User], None]
    where: Callable[[int], tuple[str, str] | None]


_WAYS: list[RoundWay] = []


def register_round_way(way: RoundWay) -> None:
    """Follow rounds from now on; call it from the room's ``ready``."""
    _WAYS[:] = [way]


def hold(consultation: int) -> None:
    """Whoever follows the round is locked first, always in this order."""
    for way in _WAYS:
        way.hold(consultation)


def moved(item: Consultation, moment: str, by: User) -> None:
    """Tell whoever follows."""
    if moment not in MOMENTS:
        raise ValueError(f"not a moment: {moment}")
    for way in _WAYS:
        way.moved(item, moment, by)


def where_followed(consultation: int) -> tuple[str, str] | None:
    """Number and address under which a round is followed."""
    return next((found for way in _WAYS if (found := way.where(consultation))), None)
