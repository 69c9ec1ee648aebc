"""A project held against the land standards of its place, by a document's own check."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from jigai.policies.calculator.answers import read_answers
from jigai.policies.calculator.catalogue import Subject, catalogue, subject_of
from jigai.policies.calculator.programs import program_of
from jigai.policies.calculator.questions import sections_of
from jigai.policies.calculator.work_out import Result, work_out
from jigai.policies.standing import settled_on
from jigai.registers.special.land_standards import Found

SYSTEM = "land-intensity-control"
# What is typed on the page, by the term of the packs.
QUANTITIES = {
    "area": "intensity_land_area", "investment": "intensity_fixed_investment",
    "output": "intensity_yearly_output", "floor": "plot_ratio_floor_area",
    "footprint": "building_footprint",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer of a document, and the same question as an address of its calculator."""

    subject: Subject
    result: Result
    query: str


def documents(today: dt.date) -> list[tuple[str, str]]:
    """Documents that check land (slug:measure, title), those in force first."""
    return [
        (f"{row.version.slug}:{measure.id}", row.version.title)
        for row in catalogue(today)
        for measure in row.measures
        if SYSTEM in measure.systems and measure.answers
    ]


def check_land(
    document: str, given: Mapping[str, str], found: Sequence[Found], today: dt.date, day: dt.date
) -> Checked | None:
    """Work the document's check out; a standard that is not registered stays unknown."""
    slug, _, measure = document.partition(":")
    subject = subject_of(slug, measure, today)
    if subject is None:
        return None
    asked = {f"parcel.{QUANTITIES[name]}": text for name, text in given.items() if text}
    asked |= {f"parcel.{f.term}": f.standard.as_asked for f in found if f.standard is not None}
    model = subject.model
    program = program_of(model, measure, day, settled_on(model.pack, day))
    answers = read_answers(asked, sections_of(program), model)
    query = urlencode([("day", day.isoformat()), *answers.pairs])
    return Checked(subject, work_out(program, answers, day), query)
