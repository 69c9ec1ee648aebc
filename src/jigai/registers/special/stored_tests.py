"""Results of tests, what makes them recognised, the exceptions and the uses, as stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from jigai.core.access import Access
from jigai.registers.access import visible_entries
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import Entry, EntrySpan, Register
from jigai.registers.selectors import entries_on
from jigai.registers.special.ledger import find_register
from jigai.registers.special.recognition import (
    Asked,
    Exemption,
    Ground,
    Result,
    Use,
    Verdict,
    judge,
)

RESULTS, GROUNDS, EXEMPTIONS, USES = (
    "test-results", "test-recognition-rules", "test-recognition-exceptions", "test-result-uses",
)  # fmt: skip
MOST = 2_000
OUTCOMES = {"accepted": "认可使用", "refused": "不认可", "again": "要求重新检测"}
_TELLS = {"yes": True, "no": False}


def _on(code: str, day: dt.date) -> QuerySet[EntrySpan]:
    register = find_register(code)
    return entries_on(register, day) if register else EntrySpan.objects.none()


def grounds_on(day: dt.date) -> list[Ground]:
    """Documents in force on a day, the nearest region first."""
    found = [
        Ground(s.entry_id, s.values["name"], s.values["clause"], s.values.get("place") or "",
               bool(s.values["retrofit_only"]), bool(s.values["exceptions"]))
        for s in _on(GROUNDS, day)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.region.rstrip("0"), reverse=True)


def exemptions_on(day: dt.date) -> list[Exemption]:
    """Exceptions in force on a day."""
    return [
        Exemption(
            s.entry_id, s.values["name"], tuple(s.values.get("words") or ()), s.values["basis"],
            s.values.get("place") or "", tuple(s.values.get("departments") or ()),
            s.values["checked"] == "done",
        )
        for s in _on(EXEMPTIONS, day)
    ]  # fmt: skip


def results_in_reach(
    access: Access, words: str = "", enterprise: int | None = None
) -> tuple[list[Result], bool]:
    """Results the person may see, expired ones too, and whether there are more than are read."""
    register = find_register(RESULTS)
    if register is None:
        return [], False
    rows = visible_entries(access, register).filter(state=Entry.State.LISTED)
    if enterprise is not None:
        rows = rows.filter(enterprise=enterprise)
    for word in words.split():
        rows = rows.filter(words__icontains=word)
    found = list(rows.defer("search").order_by("-pk")[: MOST + 1])
    return [result_of(row) for row in found[:MOST]], len(found) > MOST


def result_of(row: Entry) -> Result:
    """An entry as a result."""
    given = row.values
    return Result(
        key=row.pk, enterprise=row.enterprise_id,
        name=(given.get("enterprise") or {}).get("name") or "", thing=given["thing"],
        item=given["item"], standard=given["standard"], institution=given["institution"],
        qualification=given.get("qualification") or "",
        certificate=given.get("certificate") or "", qualified_until=_day(given, "qualified_until"),
        report=given["report"], issued=dt.date.fromisoformat(given["issued"]),
        valid_to=_day(given, "valid_to"), retrofit=_TELLS.get(given.get("retrofit") or ""),
        regions=tuple(given.get("regions") or ()),
        departments=tuple(given.get("departments") or ()),
    )  # fmt: skip


def judged(results: Sequence[Result], asked: Asked) -> list[Verdict]:
    """Every result under the documents and exceptions of the day."""
    grounds, exemptions = grounds_on(asked.on), exemptions_on(asked.on)
    return [judge(one, asked, grounds, exemptions) for one in results]


def uses_in_reach(access: Access, most: int = MOST) -> list[Use]:
    """Recorded uses the person may see, the newest first."""
    register = find_register(USES)
    if register is None:
        return []
    rows = visible_entries(access, register).filter(state=Entry.State.LISTED).order_by("-pk")
    return [
        Use(row.pk, row.values["report"]["id"], row.values["place"], row.values["department"],
            dt.date.fromisoformat(row.values["used"]), row.values["outcome"],
            row.values.get("reason") or "")
        for row in rows.defer("search", "words")[:most]
    ]  # fmt: skip


def check_uses(register: Register, rows: Sequence[Prepared]) -> None:
    """A refusal or a repeated test needs its reason."""
    for row in rows:
        if row.values["outcome"] != "accepted" and not row.values.get("reason"):
            row.problems.append(
                ValueProblem(
                    "reason", "不认可或要求重新检测的，没有写理由", "写明依据哪条法律或哪处不符"
                )
            )


def _day(values: dict[str, Any], name: str) -> dt.date | None:
    text = values.get(name)
    return dt.date.fromisoformat(text) if text else None
