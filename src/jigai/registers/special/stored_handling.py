"""Approval items and what changed about them as stored; the interface for rooms that take cases."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from jigai.core.models import Department, Region
from jigai.core.selectors_regions import names_of_regions
from jigai.registers.entry_values import Prepared, ValueProblem
from jigai.registers.models import EntrySpan, Register
from jigai.registers.special.handling import (
    CANCEL,
    MERGE,
    Change,
    Handling,
    Item,
    handle,
)

ITEMS, CHANGES = "approval-items", "approval-item-changes"
_LENGTH = {"province": 2, "city": 4, "county": 6}


def handling_of(item_code: str, on: dt.date, region: str, zone: str = "") -> Handling:
    """Where an approval item is handled on a day in a region, or in a zone of it, two queries
    (three where it was merged).

    ``region`` is a GB/T 2260 code, ``zone`` the name of a development or pilot zone. An item that
    is not registered, or not yet in force, has the state ``unknown``: nothing may be refused on it.
    """
    item = _items([item_code], on).get(item_code)
    found = handle(item, _changes([item_code]).get(item_code, ()), on, region, zone)
    if found.into:
        into = _items([found.into], on).get(found.into)
        return replace(found, into_name=into.name if into else "")
    return found if found.code else Handling(found.state, item_code)


def every_handling(on: dt.date, region: str, zone: str = "") -> list[Handling]:
    """All registered items in the order of their codes, two queries."""
    items, changes = _items((), on), _changes()
    found = (handle(items[code], changes.get(code, ()), on, region, zone) for code in sorted(items))
    return [
        replace(one, into_name=items[one.into].name) if one.into in items else one for one in found
    ]


def item_choices() -> list[tuple[str, str]]:
    """Codes and names for a question."""
    return [(code, f"{item.name}（{code}）") for code, item in sorted(_items().items())]


def office(found: Handling, region: str) -> str:
    """The department of the line at the level, by the name it has in the region; else empty."""
    length = _LENGTH.get(found.level)
    if length is None or len(region) < length or not found.line:
        return ""
    code = region[:length].ljust(6, "0")
    rows = Department.objects.filter(region_code=code, line=found.line, valid_to__isnull=True)
    return rows.order_by("id").values_list("name", flat=True).first() or ""


def places(changes: Iterable[Change]) -> dict[str, str]:
    """Names of the regions changes are limited to."""
    return names_of_regions({code for change in changes for code in change.regions})


def _spans(register: str, codes: Sequence[str], path: str) -> dict[int, list[EntrySpan]]:
    rows = EntrySpan.objects.filter(register__code=register).select_related("entry")
    if codes:
        rows = rows.filter(**{f"{path}__in": codes})
    found: dict[int, list[EntrySpan]] = defaultdict(list)
    for span in rows.order_by("entry_id", "starts"):
        found[span.entry_id].append(span)
    return found


def _items(codes: Sequence[str] = (), on: dt.date | None = None) -> dict[str, Item]:
    """Items by code as they stood on a day (without one: as they stand)."""
    found = {}
    for spans in _spans(ITEMS, codes, "values__code").values():
        span = span_of(spans, on)
        given = span.values
        moved = [s for s in spans if s.starts <= span.starts and _who(s) != _who(span)]
        found[given["code"]] = Item(
            code=given["code"], name=given["name"], level=given["level"],
            line=given.get("line") or "", department=given.get("department") or "",
            starts=dt.date.fromisoformat(given["effective"]),
            ends=span.ends, procedure=given.get("procedure") or "",
            basis=given.get("basis") or "", entry=span.entry_id, source=span.entry.source,
            since=next(s.starts for s in spans if s.starts > moved[-1].starts) if moved else None,
        )  # fmt: skip
    return found


def _who(span: EntrySpan) -> tuple[str, str]:
    return span.values["level"], span.values.get("department") or ""


def span_of(spans: Sequence[EntrySpan], on: dt.date | None) -> EntrySpan:
    """The span of an entry that tells of a day: the last begun by then, else the first, for what is
    entered late was so before. ``spans`` are in order and not empty."""
    begun = [span for span in spans if on is None or span.starts <= on]
    return begun[-1] if begun else spans[0]


def _changes(codes: Sequence[str] = ()) -> dict[str, list[Change]]:
    """The last word on every change: what was corrected later counts for all days."""
    found: dict[str, list[Change]] = defaultdict(list)
    for spans in _spans(CHANGES, codes, "values__item__name").values():
        last, given = spans[-1], spans[-1].values
        found[given["item"]["name"]].append(
            Change(
                code=given["item"]["name"], kind=given["kind"],
                effective=dt.date.fromisoformat(given["effective"]),
                document=given["document"], before=given.get("before") or "",
                after=given.get("after") or "", line=given.get("line") or "",
                department=given.get("department") or "",
                regions=tuple(given.get("regions") or ()), zones=tuple(given.get("zones") or ()),
                into=(given.get("into") or {}).get("name") or "", ends=last.ends,
                entry=last.entry_id, note=given.get("note") or "",
            )
        )  # fmt: skip
    return found


def check_changes(register: Register, rows: Sequence[Prepared]) -> None:
    """A change of level says the new one, a merger what it became; regions must exist."""
    wanted = {code for row in rows for code in row.values.get("regions") or ()}
    known = set(Region.objects.filter(code__in=wanted).values_list("code", flat=True))
    for row in rows:
        given = row.values
        kind = given["kind"]
        if kind == MERGE and not given.get("into"):
            row.problems.append(ValueProblem("into", "合并没有写并入的事项", "填写并入的事项"))
        if kind not in (CANCEL, MERGE):
            if not given.get("after"):
                row.problems.append(ValueProblem("after", "没有写新层级", "填写下放或收回到哪一级"))
            elif given.get("before") == given["after"]:
                row.problems.append(
                    ValueProblem("after", "新层级与原层级相同", "核对原层级和新层级")
                )
        odd = [code for code in given.get("regions") or () if code not in known]
        if odd:
            row.problems.append(
                ValueProblem("regions", f"没有“{'、'.join(odd)}”这些区划代码",
                             "填六位区划代码；功能区没有代码的，把名称写在“适用园区”")
            )  # fmt: skip
