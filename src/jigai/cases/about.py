"""The way back from a case to what it is about in another room; rooms say where theirs are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jigai.cases.models import Case


@dataclass(frozen=True, slots=True)
class About:
    """What a case is about: in words, and the address of its page."""

    title: str
    text: str
    url: str


# The id behind the prefix to what to show; ``None`` where it is gone.
Look = Callable[[int], About | None]
_LOOKS: dict[str, Look] = {}


def register_about(prefix: str, look: Look) -> None:
    """Say where matters of a kind (``consultation``) are shown; their pages check reach."""
    _LOOKS[prefix] = look


def about_of(case: Case) -> About | None:
    """What a case is about; ``None`` where it is about nothing elsewhere."""
    prefix, _, pk = case.about.partition(":")
    look = _LOOKS.get(prefix)
    return look(int(pk)) if look and pk.isdigit() else None
