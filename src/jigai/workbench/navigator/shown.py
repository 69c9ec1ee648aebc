"""What the page needs besides the answer: the question as typed, its inputs, the search."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from jigai.workbench.navigator.matches import Match
from jigai.workbench.navigator.navigate import Answer
from jigai.workbench.navigator.tries import Option, subject_word


@dataclass(frozen=True, slots=True)
class Asked:
    """What came with the address: the day as typed and as taken, projects, tries, a term to add."""

    day: dt.date
    given: str
    error: str
    chosen: tuple[int, ...] | None
    tried: dict[str, str]
    added: str = ""

    @property
    def query(self) -> str:
        """The same as a query string, for links that ask the same again."""
        pairs: list[tuple[str, str]] = [("day", self.given)] if self.given else []
        if self.chosen is not None:
            pairs += [("chosen", "yes"), *(("project", str(key)) for key in self.chosen)]
        return urlencode([*pairs, *self.tried.items()])


def asked(given: Any) -> Asked:
    """Read a query (a ``QueryDict``); a day that cannot be read is told and today taken."""
    text, day, error = str(given.get("day", "")).strip(), timezone.localdate(), ""
    if text:
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            error, text = f"“{text[:20]}”不是日期，写成 2021-12-31；下面按今天", ""
    chosen = None
    if given.get("chosen"):
        chosen = tuple(int(key) for key in given.getlist("project") if key.isdecimal())
    tried = {name: given[name] for name in given if name.startswith("try.")}
    # A form sends its empty choice beside the button that was pressed.
    added = next((name for name in given.getlist("add") if name.startswith("try.")), "")
    if added:
        tried.setdefault(added, "")
    tried.pop(given.get("drop", ""), None)
    return Asked(day, text, error, chosen, tried, added)


@dataclass(frozen=True, slots=True)
class Line:
    """A match with the address of its trace."""

    match: Match
    trace: str
    desk: str


def lines_of(matches: list[Match], query: str) -> list[Line]:
    """Matches with what their buttons need."""
    found = []
    for match in matches:
        slug, measure, subject, key = match.place
        place = urlencode({"pack": slug, "measure": measure, "subject": subject, "key": key})
        trace = "" if match.absent or match.silent else f"{place}&{query}" if query else place
        desk = urlencode({"pack": slug, "clause": match.measure.clause})
        found.append(Line(match, trace, desk))
    return found


def grouped_options(answer: Answer) -> list[tuple[str, list[Option]]]:
    """Terms that may still be tried, by the row they are about."""
    taken = {tried.option.field for tried in answer.tries.given}
    wanted = {supply.field for supply in answer.supplies}
    groups: dict[str, list[Option]] = {}
    for name, option in answer.options.items():
        if name not in taken:
            groups.setdefault(about(answer, option), []).append(option)
    # What is missing first, then as the documents ask.
    for options in groups.values():
        options.sort(key=lambda option: option.field not in wanted)
    return list(groups.items())


def about(answer: Answer, option: Option) -> str:
    """The row a term is about, in words."""
    if option.subject == "enterprise":
        return "本企业"
    key = "-1" if option.key == "new" else option.key
    name = answer.labels.get((option.subject, key), "")
    word = subject_word(option.subject)
    return name if option.key == "new" else f"{word}：{name}" if name else word
