"""Gate ``pilot-zone``: the quick ways are for pilot zones on the list only (reading L31)."""

from __future__ import annotations

import datetime as dt
import unicodedata

from jigai.cases.gates import FAIL, PASS, Answer, Question
from jigai.registers.models import EntrySpan
from jigai.registers.selectors import on_day
from jigai.registers.special.handling import lies_in

REGISTER, FIELD = "pilot-zones", "zone"
# The ways of a list entry in words, by the system a procedure carries out.
WAYS = {
    "tolerance-approval": "容缺", "zero-land-fast-track": "零增地",
    "land-and-start": "拿地即开工", "commitment-approval": "承诺制",
    "build-then-verify": "先建后验",
}  # fmt: skip
HIGH_ENOUGH = ("nation", "province")
SOURCE = "名录“审批改革试点开发区”"


def plain(text: object) -> str:
    """A name without blanks and in half-width signs, for comparison."""
    return "".join(unicodedata.normalize("NFKC", str(text or "")).split())


def zone_on(name: str, region: str, day: dt.date) -> EntrySpan | None:
    """The listed zone of a name or code, of the region or one above or below it, on a day."""
    wanted = plain(name)
    for span in EntrySpan.objects.filter(on_day(day), register__code=REGISTER).order_by("pk"):
        given = span.values
        place = given.get("place") or ""
        near = lies_in(region, place) or lies_in(place, region)
        if wanted and wanted in (plain(given["name"]), plain(given.get("code"))) and near:
            return span
    return None


def pilot_zone(question: Question) -> Answer:
    """Whether the zone written in the case may use this way; what was handed in while it was on the
    list is finished by it. No name, no list and no entry are all a no: the way is an exception."""
    case = question.case
    day = case.submitted_on or question.on
    name = case.values.get(FIELD) or ""
    way = next((WAYS[s] for s in case.procedure.systems if s in WAYS), "")
    elsewhere = "按一般程序办理"
    if not name:
        return Answer(FAIL, f"没有填写所在开发区，{elsewhere}", SOURCE, day)
    span = zone_on(name, case.region_code, day)
    if span is None:
        return Answer(FAIL, f"“{name}”不在试点名单上，{elsewhere}", SOURCE, day)
    given = span.values
    source = f"{SOURCE}，{given['document']}"
    if given.get("level") not in HIGH_ENOUGH:
        return Answer(FAIL, f"“{name}”不是省级以上开发区，{elsewhere}", source, day)
    if way and way not in (given.get("modes") or ()):
        return Answer(FAIL, f"“{name}”没有批准试行“{way}”，{elsewhere}", source, day)
    return Answer(PASS, f"“{name}”在试点名单上", source, day)
