"""起草通报: a region's figures of a period, frozen as they are now."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.core.region_years import name_in
from jigai.errors import JigaiError
from jigai.projects.models import Bulletin
from jigai.projects.work.access import require_region
from jigai.projects.work.bulletin_figures import computed, digest, places, rows_kept
from jigai.projects.work.bulletin_methods import Method, method_of
from jigai.projects.work.bulletin_rows import bulletin_rows, data_state, units_of
from jigai.projects.work.bulletin_words import texts_of

MAKE, RELEASE = "bulletin.make", "bulletin.release"
CADENCES = {"month": "月度", "quarter": "季度"}
Status: Any = Bulletin.Status
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('projects.bulletin'), hashtext(%s))"
_MOST_UNITS = 300


def months_of(cadence: str, period: int) -> int:
    """The month a period ends with. Raises :class:`JigaiError`."""
    most = {"month": 12, "quarter": 4}.get(cadence)
    if most is None or not 1 <= period <= most:
        raise JigaiError("no-period", "没有这一期", "月度填 1 到 12，季度填 1 到 4")
    return period if cadence == "month" else period * 3


def make_bulletin(
    *, region: str, cadence: str, year: int, period: int, method: str, by: User, access: Access
) -> Bulletin:
    """A draft with everything that will be printed.

    A year's bulletins of one kind are counted one way: another method is refused while an earlier
    one stands. Raises :class:`Denied` out of reach and :class:`JigaiError` for a period to come, or
    one that has a bulletin already.
    """
    require_region(access, MAKE, region)
    month, chosen, today = months_of(cadence, period), method_of(method), timezone.localdate()
    if (year, month) > (today.year, today.month):
        raise JigaiError("period-ahead", "这一期还没有到", "选已经开始的月份")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_LOCK, [f"{region}:{cadence}:{year}"])
        standing = Bulletin.objects.filter(region_code=region, cadence=cadence, year=year).exclude(
            status=Status.VOID
        )  # fmt: skip
        _require_new(standing, period)
        _require_method(standing, chosen)
        last = standing.filter(period__lt=period).order_by("-period").first()
        content = drawn_up(region, cadence, year, period, chosen, last)
        numbers = Bulletin.objects.filter(region_code=region, year=year).order_by("-number")
        first = numbers.values_list("number", flat=True).first()
        return Bulletin.objects.create(
            region_code=region, cadence=cadence, year=year, period=period, method=chosen.id,
            number=(first or 0) + 1, content=content, root_hash=digest(content), created_by=by,
        )  # fmt: skip


def _require_new(standing: Any, period: int) -> None:
    same = standing.filter(period=period).first()
    if same is not None:
        raise JigaiError(
            "bulletin-exists", f"这一期已有通报（{same.get_status_display()}）",
            "打开已有的；要重做的先作废",
        )  # fmt: skip


def _require_method(standing: Any, chosen: Method) -> None:
    other = standing.exclude(method=chosen.id).order_by("period").first()
    if other is not None:
        name = method_of(other.method).name
        raise JigaiError(
            "method-changed", f"本年第 {other.number} 期用的口径是“{name}”，年内前后要一致",
            "用同一口径；确要换的，从下一年开始",
        )  # fmt: skip


def method_of_year(region: str, cadence: str, year: int) -> str:
    """The method a year's bulletins have used so far; empty before the first."""
    rows = Bulletin.objects.filter(region_code=region, cadence=cadence, year=year)
    found = rows.exclude(status=Status.VOID).order_by("period").values_list("method", flat=True)
    return found.first() or ""


def drawn_up(
    region: str, cadence: str, year: int, period: int, method: Method, last: Bulletin | None
) -> dict[str, Any]:
    """Everything a bulletin prints and the rows it comes from; plain data."""
    month, today = months_of(cadence, period), timezone.localdate()
    rows = bulletin_rows(region, year, month, today)
    word, units = units_of(region, year, rows)
    if len(units) > _MOST_UNITS:
        raise JigaiError("too-many-units", f"有 {len(units)} 个{word}，排不下", "选下级地区")
    before = places(last.content) if last is not None else {}
    found = computed(rows, units, method, before)
    name = name_in(region, year)
    covered = f"{year} 年 {month} 月" if cadence == "month" else f"{year} 年第 {period} 季度"
    span = f"{year} 年 1—{month} 月" if month > 1 else f"{year} 年 1 月"
    return {
        "title": f"{name}{covered}技术改造投资调度通报", "region_name": name, "period": covered,
        "span": span, "month": month, "unit_word": word, "units": [list(unit) for unit in units],
        "made_on": today.isoformat(), "data_state": data_state(region, year, month),
        "method": {"id": method.id, "name": method.name, "inclusion": method.inclusion,
                   "ties": method.ties, "lines": list(method.lines)},
        "before": before, "before_number": last.number if last is not None else None,
        "texts": texts_of(found, span, word), "rows": rows_kept(rows), **found,
    }  # fmt: skip
