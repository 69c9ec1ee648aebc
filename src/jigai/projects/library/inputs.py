"""What the platform knows of projects for an admission rule: values with their source and day.

Statements never stand in for one another: an amount that is not filed is unknown, however much
equipment was declared. A fixed number of queries, whatever the number of projects.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jigai.core.above_scale import above_scale
from jigai.core.project_tags import tag_of
from jigai.core.screens import formats
from jigai.core.selectors_figures import Figure, latest_figures
from jigai.projects.library.codes import Statement
from jigai.projects.library.rule import LibraryRule
from jigai.projects.models import MainDirection, Project, ProjectInvestment
from jigai.rules.schema_programme import Column
from jigai.yaml_files import read_yaml

_PLACES = Path(__file__).parents[1] / "data" / "library_inputs.yaml"
_WHOLE = 0
# A figure older than the year before says nothing about the day.
_YEARS_BACK = 1


@dataclass(frozen=True, slots=True)
class Found:
    """One value: ``None`` is unknown and ``why`` says why. ``shown`` is for people.

    ``several`` are values between which nobody has decided; ``any_of`` says that one of them that
    fits will do. ``waived`` says why the rule does not ask for it now.
    """

    value: Any
    shown: str
    source: str
    why: str = ""
    several: tuple[Any, ...] = ()
    any_of: bool = False
    waived: str = ""


@dataclass(slots=True)
class _Known:
    """What was read for a set of projects at once."""

    rule: LibraryRule
    amounts: dict[tuple[int, str, str], ProjectInvestment]
    revenue: dict[tuple[int, int], Figure]
    directions: dict[int, MainDirection]


@cache
def input_places() -> Mapping[str, dict[str, Any]]:
    """Where each column of a rule is found: ``data/library_inputs.yaml``."""
    found: dict[str, dict[str, Any]] = read_yaml(_PLACES)
    return found


def inputs_of(rule: LibraryRule, projects: Sequence[Project]) -> dict[int, dict[str, Found]]:
    """By project and column id; projects come with their enterprise."""
    known = _known(rule, projects)
    return {row.pk: {c.id: _found(known, row, c) for c in rule.columns} for row in projects}


def _known(rule: LibraryRule, projects: Sequence[Project]) -> _Known:
    keys = [row.pk for row in projects]
    owners = sorted({row.enterprise_id for row in projects if row.enterprise_id})
    amounts = ProjectInvestment.objects.filter(project__in=keys, year=_WHOLE).order_by("id")
    revenue = {
        (figure.enterprise_id, year): figure
        for year in _years(rule.day)
        for figure in latest_figures(owners, year, terms=["revenue"])
    }
    settled = MainDirection.objects.filter(project__in=keys).order_by("project_id")
    return _Known(
        rule, {(a.project_id, a.statement, a.kind): a for a in amounts}, revenue,
        {row.project_id: row for row in settled},
    )  # fmt: skip


def _years(day: dt.date) -> tuple[int, ...]:
    return tuple(day.year - back for back in range(_YEARS_BACK + 1))


def _found(known: _Known, row: Project, column: Column) -> Found:
    place = input_places().get(column.id)
    if place is None:
        return Found(None, "", "", f"平台没有“{column.name}”这一项，请核对")
    return _FINDERS[place["from"]](known, row, column, place)


def _investment(known: _Known, row: Project, column: Column, place: dict[str, Any]) -> Found:
    statement = place["statement"]
    for reading, options in place.get("statements", {}).items():
        statement = options.get(known.rule.option(reading), statement)
    word = Statement(statement).label
    stored = known.amounts.get((row.pk, statement, place["kind"]))
    if stored is not None:
        return Found(stored.amount_fen, _money(stored.amount_fen), f"{word}，{stored.source}")
    # The ledger states what was filed, and nothing else.
    amount = getattr(row, f"{place['kind']}_fen")
    unread = place["kind"] in row.cell_errors
    if statement == Statement.FILED and amount is not None and not unread:
        return Found(amount, _money(amount), f"{word}，{_ledger(row)}")
    return Found(
        None, "", "", f"没有{word}的{column.name}" + ("（台账里读不出来）" if unread else "")
    )


def _filing(known: _Known, row: Project, column: Column, place: dict[str, Any]) -> Found:
    waived = next(
        (
            words[option]
            for reading, words in place.get("waived", {}).items()
            if (option := known.rule.option(reading)) in words
        ),
        "",
    )
    state = Project.Filing(row.filing)
    if state is Project.Filing.UNKNOWN:
        return Found(None, "", "", "备案情况不明", waived=waived)
    number = f"，{row.filing_no}" if row.filing_no and state is Project.Filing.YES else ""
    return Found(state is Project.Filing.YES, state.label + number, _ledger(row), waived=waived)


def _direction(known: _Known, row: Project, column: Column, place: dict[str, Any]) -> Found:
    """The settled main direction; else that of the only tag; several tags leave it open."""
    wanted = {word: code for code, word in column.options.items()}
    tagged = [tag_of(tag).name for tag in row.tags if tag.startswith("direction/")]
    own = [word for word in dict.fromkeys(tagged) if word in wanted]
    any_of = any(known.rule.option(r) == option for r, option in place.get("any", {}).items())
    settled = known.directions.get(row.pk)
    if any_of and own:
        codes = tuple(wanted[word] for word in own)
        return Found(None, "、".join(own), "项目标签（含任一方向）", several=codes, any_of=True)
    if settled is not None and settled.direction in wanted:
        day = formats.day(settled.settled_on)
        return Found(wanted[settled.direction], settled.direction, f"{day} 认定的主方向")
    if len(own) == 1:
        return Found(wanted[own[0]], own[0], "项目标签")
    if own:
        codes = tuple(wanted[word] for word in own)
        why = f"有{len(own)}个方向（{'、'.join(own)}），主方向没有认定"
        return Found(None, "、".join(own), "项目标签", why, several=codes)
    return Found(None, "", "", f"没有标注{column.name}")


def _scale(known: _Known, row: Project, column: Column, place: dict[str, Any]) -> Found:
    if row.enterprise is None:
        return Found(None, "", "", "项目单位没有对应到企业名录")
    told = ""
    for year in _years(known.rule.day):
        figure = known.revenue.get((row.enterprise_id or 0, year))
        answer = above_scale(row.enterprise.industry_code, year, figure and figure.number)
        if answer.above is not None and figure is not None:
            source = f"{answer.why}（{answer.threshold}）；{figure.source}"
            return Found(answer.above, answer.word, f"{source}，{figure.recorded_at:%Y-%m-%d}")
        told = told or answer.why
    return Found(None, "", "", told)


def _ledger(row: Project) -> str:
    years = f"{row.year} 年台账"
    return f"{years}第 {row.source_row} 行" if row.source_row else years


def _money(fen: int) -> str:
    return f"{formats.yuan(fen)} 元"


_FINDERS: dict[str, Callable[[_Known, Project, Column, dict[str, Any]], Found]] = {
    "investment": _investment,
    "filing": _filing,
    "direction": _direction,
    "scale": _scale,
}
