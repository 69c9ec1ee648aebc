"""Gate ``handling``: from the effective day of a delegation the old level takes no application."""

from __future__ import annotations

from jigai.cases.flow.shapes import Procedure
from jigai.cases.gates import FAIL, PASS, UNKNOWN, Answer, Question
from jigai.cases.services.give_tasks import region_at
from jigai.registers.special.handling import UNKNOWN as NOT_LISTED
from jigai.registers.special.handling import refusal
from jigai.registers.special.stored_handling import handling_of

SOURCE = "名录“审批事项目录”"


def level_of(region: str) -> str:
    """The level a region's departments are of, by its code."""
    if region.endswith("0000"):
        return "province"
    return "city" if region.endswith("00") else "county"


def taking_level(spec: Procedure, region: str) -> str:
    """The level whose department takes the application; that of the region without any."""
    first = spec.acceptance or (spec.steps[0] if spec.steps else None)
    unit = next((u for u in first.who if u.line), None) if first else None
    return level_of(region_at(region, unit.level) if unit else region)


def handling(question: Question) -> Answer:
    """Whether this level handles the item of the procedure; an accepted case is finished here."""
    case = question.case
    spec = case.release.spec
    if not spec.item:
        return Answer(PASS, "这个办事方式没有对应的事项编码", SOURCE, question.on)
    if case.accepted_on is not None:
        return Answer(PASS, f"{case.accepted_on} 已受理，由原层级办结", SOURCE, question.on)
    zone = str(case.values.get("zone") or "")
    found = handling_of(spec.item, question.on, case.region_code, zone)
    source = f"{SOURCE} {spec.item}"
    if found.state == NOT_LISTED:
        return Answer(UNKNOWN, found.sentence, source, question.on)
    told = refusal(found, taking_level(spec, case.region_code))
    if told:
        return Answer(FAIL, told, source, question.on)
    return Answer(PASS, found.sentence, f"{source}，{found.citation}", question.on)
