"""Changes a round that has not opened yet, part by part."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.models import Round, RoundMeasure
from jigai.funding.rounds.access import MANAGE, require_reach
from jigai.funding.rounds.offered import Offered, offered_by, opened_measure, require_fit
from jigai.funding.rounds.services.make_round import check_fund, check_window
from jigai.funding.rounds.timetable import read_timetable
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_readings

BASICS = ("name", "programme", "pack", "year", "batch", "mode", "sealed", "opens_at", "closes_at",
          "as_of")  # fmt: skip


def locked(pk: int, access: Access, capability: str, seen: int | None = None) -> Round:
    """The round, held until the transaction ends.

    ``seen`` is the version the person had before them. Raises :class:`Denied` out of reach and
    :class:`JigaiError` ``changed-meanwhile`` where somebody else was faster.
    """
    round_ = Round.objects.select_for_update(of=("self",)).select_related("pack").get(pk=pk)
    require_reach(access, capability, round_.region_code)
    if seen is not None and seen != round_.version:
        raise JigaiError(
            "changed-meanwhile",
            "这个批次刚被别人改过，这一次没有保存",
            "刷新页面，看过现在的内容再改",
        )
    return round_


def require_draft(round_: Round) -> None:
    """Raise :class:`JigaiError` once the round is open: what was promised stays."""
    if round_.state != Round.State.DRAFT:
        raise JigaiError(
            "round-sealed", f"批次{round_.get_state_display()}，条件和时间已经封存，不能再改",
            "确有错误的，取消这一批次，另开一批",
        )  # fmt: skip


def edit_basics(
    *, round_: int, values: Mapping[str, Any], seen: int, by: User, access: Access
) -> Round:
    """Name, fund, document, year, way, window. Another document drops the measures chosen."""

    def change(row: Round) -> None:
        before = (row.pack_id, row.mode)
        for name in BASICS:
            setattr(row, name, values[name])
        require_reach(access, MANAGE, row.programme.region_code)
        row.region_code = row.programme.region_code
        check_window(row.opens_at, row.closes_at)
        check_fund(row.programme, row.pack)
        if (row.pack_id, row.mode) != before:
            row.measures.all().delete()
        if row.pack_id != before[0]:
            row.readings = {}

    return _edit(round_, seen, by, access, change)


def edit_measures(
    *, round_: int, codes: Sequence[str], details: Mapping[str, Mapping[str, Any]], seen: int,
    by: User, access: Access, own: Mapping[str, str] | None = None,
) -> Round:  # fmt: skip
    """The measures opened, each with ``evidence``, ``fields`` and ``places``.

    ``own`` (name, clause) is a matter of 一事一议 the document has no measure for. Raises
    :class:`JigaiError` for a measure that does not fit the way of the round: one with a formula is
    never decided case by case.
    """

    def change(row: Round) -> None:
        known = {item.code: item for item in offered_by(row.pack)}
        if own is not None:
            known["own-case"] = _own(row, own)
        wanted = [known[code] for code in codes if code in known]
        for item in wanted:
            require_fit(item, row.mode)
        row.measures.exclude(code__in=[item.code for item in wanted]).delete()
        held = {item.code: item for item in row.measures.all()}
        for place, item in enumerate(wanted):
            measure = held.get(item.code) or opened_measure(row, item, place)
            _detail(measure, details.get(item.code) or {}, place)
            measure.save()

    return _edit(round_, seen, by, access, change)


def _own(row: Round, own: Mapping[str, str]) -> Offered:
    if row.mode != Round.Mode.CASE:
        raise JigaiError("not-case", "只有一事一议可以写自己的事项", "从文件的措施里选")
    return Offered(
        "own-case", own["name"], own["clause"], "enterprise", False, (), case_by_case=True
    )


def _detail(measure: RoundMeasure, given: Mapping[str, Any], place: int) -> None:
    measure.place = place
    for name in ("evidence", "fields", "places"):
        if name in given:
            setattr(measure, name, given[name])


def edit_readings(
    *, round_: int, readings: Mapping[str, str], priorities: Sequence[Mapping[str, str]],
    seen: int, by: User, access: Access,
) -> Round:  # fmt: skip
    """Readings chosen for this round, and the order of its priority directions."""

    def change(row: Round) -> None:
        known = all_readings(model_of(row.pack).pack)
        for code, option in readings.items():
            if code not in known or option not in known[code].options:
                raise JigaiError(
                    "unknown-reading", "这份文件没有所选的读法或选项", "从列表里重新选"
                )
        row.readings = dict(readings)
        row.priorities = [dict(item) for item in priorities]

    return _edit(round_, seen, by, access, change)


def edit_timetable(
    *, round_: int, days: Mapping[str, int], overlap_reason: str, seen: int, by: User,
    access: Access,
) -> Round:  # fmt: skip
    """Working days by stage; their sum is the promise to whoever applies."""

    def change(row: Round) -> None:
        row.timetable = read_timetable(days)
        row.pay_by_days = sum(row.timetable.values())
        row.overlap_reason = overlap_reason.strip()

    return _edit(round_, seen, by, access, change)


def _edit(pk: int, seen: int, by: User, access: Access, change: Callable[[Round], None]) -> Round:
    with transaction.atomic():
        row = locked(pk, access, MANAGE, seen)
        require_draft(row)
        change(row)
        row.version += 1
        row.save()
    return row
