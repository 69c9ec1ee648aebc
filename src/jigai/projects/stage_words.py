"""What a ledger's words on progress tell about the stage of a project's life."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jigai.projects.states import State
from jigai.yaml_files import read_yaml

_WORDS = Path(__file__).parent / "data" / "stage_words.yaml"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(row["pattern"]), row["state"]) for row in read_yaml(_WORDS))


def told_state(words: str | None, filing: str) -> State:
    """The stage that the words tell; without work going on, filed if it is, else planned.

    ``filing`` is ``yes``, ``none`` or ``unknown``.
    """
    for pattern, state in _patterns():
        if words and pattern.search(words):
            if state:
                return State(state)
            break
    return State.FILED if filing == "yes" else State.PLANNED
