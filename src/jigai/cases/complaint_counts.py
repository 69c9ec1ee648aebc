"""Public figures of complaints: by matter, region, month and outcome, small groups hidden."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from jigai.cases.complaints import OUTCOMES
from jigai.cases.flow.suppress import K, published
from jigai.cases.models import Case, CaseProcedure
from jigai.cases.services.file_complaint import CODE

OPEN, REFUSED, CLOSED_OTHERWISE = "还在办理", "不予受理", "撤回或终止"
_NOT_COUNTED = ("draft", "void")


@dataclass(frozen=True, slots=True)
class Row:
    """One complaint as counted. ``days`` from handing in to closing, calendar days; ``on_time`` is
    ``None`` without a limit."""

    subject: str
    region: str
    month: str
    outcome: str
    days: int | None
    on_time: bool | None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; ``None`` where too few cases stand behind it. Tenths of a day and ‰."""

    name: str
    count: int | None
    days: int | None = None
    on_time: int | None = None

    @property
    def days_words(self) -> str:
        """``12.5``, or a dash."""
        return "—" if self.days is None else f"{self.days // 10}.{self.days % 10}"

    @property
    def share_words(self) -> str:
        """``87.5%``, or a dash."""
        return "—" if self.on_time is None else f"{self.on_time // 10}.{self.on_time % 10}%"


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything published: ``total`` is ``None`` below :data:`K`."""

    total: int | None
    closed: Line
    tables: tuple[tuple[str, tuple[Line, ...]], ...]
    limited: bool


def rows_since(since: dt.date, until: dt.date, region: str = "") -> list[Row]:
    """Complaints handed in from ``since`` to ``until``, both included, in a region (prefix)."""
    cases = Case.objects.filter(
        procedure__code=CODE, submitted_on__gte=since, submitted_on__lte=until,
        region_code__startswith=region,
    ).exclude(state__in=_NOT_COUNTED)  # fmt: skip
    columns = ("values__subject", "region_code", "submitted_on", "closed_on", "due", "state",
               "values__outcome")  # fmt: skip
    return [_row(*one) for one in cases.order_by("id").values_list(*columns)]


def _row(
    subject: str | None, region: str, handed_in: dt.date, closed: dt.date | None,
    due: dt.date | None, state: str, outcome: str | None,
) -> Row:  # fmt: skip
    word = {"done": OUTCOMES.get(outcome or "", ""), "refused": REFUSED,
            "withdrawn": CLOSED_OTHERWISE, "lapsed": CLOSED_OTHERWISE}.get(state, OPEN)  # fmt: skip
    done = closed if state == "done" else None
    return Row(
        subject or "", region, f"{handed_in:%Y-%m}", word,
        (done - handed_in).days if done else None,
        (done <= due) if done and due else None,
    )  # fmt: skip


def figures(rows: Sequence[Row], subjects: dict[str, str], names: Callable[[str], str]) -> Figures:
    """The tables. ``subjects`` are the words of matters, ``names`` those of regions.

    Averages and shares stand only beside a count that is shown and rest on :data:`K` closed cases.
    """
    by_subject = _table(rows, lambda row: subjects.get(row.subject, "其他"))
    by_region = _table(rows, lambda row: names(row.region))
    by_month = _table(rows, lambda row: row.month)
    by_outcome = _table(rows, lambda row: row.outcome)
    closed = [row for row in rows if row.days is not None]
    return Figures(
        len(rows) if len(rows) >= K else None,
        _line("已办结", closed, len(closed) if len(closed) >= K else None),
        (("事项", by_subject), ("地区", by_region), ("收到月份", by_month), ("结论", by_outcome)),
        any(row.on_time is not None for row in rows),
    )


def _table(rows: Sequence[Row], of: Callable[[Row], str]) -> tuple[Line, ...]:
    counts = Counter(of(row) for row in rows)
    shown = published(counts) if len(rows) >= K else dict.fromkeys(counts)
    return tuple(
        _line(name, [row for row in rows if of(row) == name], shown[name])
        for name in sorted(counts)
    )


def _line(name: str, rows: Iterable[Row], count: int | None) -> Line:
    if count is None:
        return Line(name, None)
    held = list(rows)
    days = [row.days for row in held if row.days is not None]
    timed = [row.on_time for row in held if row.on_time is not None]
    return Line(
        name, count,
        (sum(days) * 10 + len(days) // 2) // len(days) if len(days) >= K else None,
        sum(timed) * 1000 // len(timed) if len(timed) >= K else None,
    )  # fmt: skip


def subject_words() -> dict[str, str]:
    """The words of matters as the procedure names them now."""
    found = CaseProcedure.objects.select_related("current").filter(code=CODE).first()
    if found is None:
        return {}
    item = next((f for f in found.spec.fields if f.id == "subject"), None)
    return dict(item.options) if item else {}


def latest_change() -> dt.datetime | None:
    """When anything was last done to a complaint."""
    from jigai.cases.models import CaseRecord

    rows = CaseRecord.objects.filter(case__procedure__code=CODE).order_by("-id")
    return rows.values_list("at", flat=True).first()
