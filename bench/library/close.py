"""Fills the library of one city and closes two years; prints a table of times and statements."""

from __future__ import annotations

import datetime as dt
import sys
import time
from collections.abc import Callable
from typing import Any

import django

CITY, COUNTIES = "341500", ("341502", "341503", "341504", "341522")
DAY, WAN = dt.date(2021, 12, 31), 1_000_000
STATES = ("producing", "admitted", "building", "started")


def main(projects: int, waiting: int) -> None:
    """Fill, close 2021, close 2022, check, tell."""
    django.setup()
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from jigai.core.access import access_of
    from jigai.paths import packs_dir
    from jigai.policies.services.install_pack import install_pack
    from jigai.projects.library.rolling import plan_rollover
    from jigai.projects.library.services.roll_over import roll_over
    from jigai.projects.models import LibraryEntry, RollOverLine

    def timed(label: str, work: Callable[[], Any]) -> Any:
        # Statements are not kept at this size: only their number matters.
        started = time.perf_counter()
        with CaptureQueriesContext(connection) as caught:
            found = work()
        seconds = time.perf_counter() - started
        lines.append(f"| {label} | {seconds:.2f} | {len(caught)} |")
        return found

    lines = ["| 步骤 | 秒 | 语句 |", "|---|---:|---:|"]
    install_pack(folder=packs_dir() / "luan-2020", check=False)
    keeper = _fill(projects, waiting)
    access = access_of(keeper)
    standing = LibraryEntry.objects.filter(level="city", status="in")
    before = standing.count()
    given: dict[str, Any] = {"region": CITY, "level": "city", "day": DAY}
    timed(f"预览 {before:,} 个", lambda: plan_rollover(year=2021, **given))
    for year in (2021, 2022):
        before = standing.count()
        made = timed(
            f"结转 {year} 年，{before:,} 个",
            lambda year=year: roll_over(year=year, by=keeper, access=access, **given),
        )
        after = standing.count()
        assert before == made.before == made.moved_out + made.kept
        assert after == made.after == made.kept + made.added
        rows = RollOverLine.objects.filter(rollover=made)
        assert rows.count() == rows.values("number").distinct().count()
        lines.append(f"|　移出 {made.moved_out:,}，保留 {made.kept:,}，新增 {made.added:,} | | |")
    print("\n".join(lines))


def _fill(projects: int, waiting: int) -> Any:
    """Projects, their entries, and who keeps the library."""
    from jigai.core.models import Assignment, Department, Enterprise, EnterpriseFigure, Role, User
    from jigai.projects.models import LibraryEntry, Project

    firm = Enterprise.objects.create(
        name="示例机械有限公司", region_code=CITY, industry_code="3421"
    )
    EnterpriseFigure.objects.create(
        enterprise=firm, term="revenue", year=2021, number=9000 * WAN, source="示例",
        recorded_at=dt.datetime(2021, 12, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    rows = [
        Project(
            name=f"示例改造项目{number:05d}", year=2021, ledger_years=[2021],
            region_code=COUNTIES[number % len(COUNTIES)], enterprise=firm,
            enterprise_raw=firm.name, number=f"{CITY}-2021-{number:06d}", fixed_fen=300 * WAN,
            total_fen=500 * WAN, filing="yes", tags=["direction/绿色化"],
            state=STATES[number % 4] if number < projects else "filed",
        )
        for number in range(projects + waiting)
    ]  # fmt: skip
    Project.objects.bulk_create(rows, batch_size=5000)
    LibraryEntry.objects.bulk_create(
        [
            LibraryEntry(
                project=row, level="city", region_code=CITY, reported_on=DAY,
                status="in" if place < projects else "reported",
                admitted_on=DAY if place < projects else None,
            )
            for place, row in enumerate(rows)
        ],
        batch_size=5000,
    )  # fmt: skip
    office = Department.objects.create(region_code=CITY, name="示例市工信局", line="miit")
    role = Role.objects.create(
        code="bench",
        name="管库",
        side=Role.Side.BUREAU,
        capabilities=["project.view", "project.admit"],
    )
    keeper = User.objects.create_user("bench", None, name="示例")
    Assignment.objects.create(user=keeper, role=role, department=office, scope="below")
    return keeper


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
