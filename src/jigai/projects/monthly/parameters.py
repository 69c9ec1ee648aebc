"""What documents leave to the bureau: the cut-off day, the statistical threshold, what is odd."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jigai.core.calendar import WorkCalendar
from jigai.policies.models import PackParameter
from jigai.policies.selectors_open import open_parameters, standing_of
from jigai.projects.monthly.checks import Limits
from jigai.yaml_files import read_yaml

DAY_CODE = "monthly_report_day"


@cache
def _content() -> dict[str, Any]:
    path = Path(__file__).parents[1] / "data" / "monthly.yaml"
    content: dict[str, Any] = read_yaml(path)
    return content


def limits() -> Limits:
    """When figures are taken to be odd."""
    return Limits(**_content()["limits"])


def suggested_day() -> int:
    """The day of the following month that the platform suggests (六安 三.一 names none)."""
    return int(_content()["suggested_day"])


def remind_days() -> tuple[int, ...]:
    """On which days before (positive) and after (negative) the cut-off people are reminded."""
    return tuple(_content()["remind_days"])


def entry_threshold() -> int:
    """Planned total in fen from which a project is reported to the statistics directly (Y43)."""
    return int(_content()["entry_threshold_wan"]) * 1_000_000


def scope_natures() -> tuple[str, ...]:
    """Natures of construction that count as technical transformation."""
    return tuple(_content()["natures"])


@dataclass(frozen=True, slots=True)
class Decided:
    """A cut-off day that a bureau has decided, with the document and the source."""

    day: int
    title: str
    source: str


def decided_day(on: dt.date) -> Decided | None:
    """The day approved in the register of open parameters, ``None`` while it is 未定."""
    rows: list[PackParameter] = list(open_parameters(on).filter(code=DAY_CODE))
    standings = standing_of(rows, on) if rows else {}
    for row in rows:
        found = re.search(r"\d{1,2}", standings[row.pk].text)
        if found and 1 <= int(found[0]) <= 28:
            return Decided(int(found[0]), row.pack.title, standings[row.pk].source)
    return None


def cut_off(year: int, month: int, day: int, calendar: WorkCalendar | None) -> dt.date:
    """The last day for a month's report: ``day`` of the following month.

    With a calendar a day off is rolled forward to the next working day.
    """
    last = dt.date(year + month // 12, month % 12 + 1, day)
    return calendar.roll_forward(last) if calendar else last
