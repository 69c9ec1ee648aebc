"""The steps of a month, as people take them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from django.contrib.auth.hashers import make_password
from django.db import connection
from python_calamine import CalamineWorkbook

from jigai.core.access import Access, access_of
from jigai.core.evidence import store_evidence
from jigai.core.imports import services
from jigai.core.jobs.run import run_job
from jigai.core.models import Assignment, Enterprise, ImportBatch, Job, Role, User
from jigai.core.services.install_demo_people import install_demo_people
from jigai.core.services.install_reference import install_reference
from jigai.projects.models import MonthlyLock, MonthlyPeriod, MonthlyReport, Project
from jigai.projects.monthly.due import standing_of
from jigai.projects.monthly.services.lock_period import lock_period, still_whole
from jigai.projects.monthly.services.open_period import open_period
from jigai.projects.monthly.services.publish_lock import publish_lock
from jigai.projects.monthly.services.remind_unreported import remind_unreported
from jigai.projects.monthly.services.reopen_period import reopen_period
from jigai.projects.monthly.template import write_template

REGION, YEAR, MONTH = "370812", 2021, 6
PER_OWNER = 3
WAN = 1_000_000


class Month:
    """A county with ``count`` projects, five months of reports, and one month to come."""

    def __init__(self, count: int, folder: Path) -> None:
        self.count, self.people = count, max(1, count // PER_OWNER)
        self.form, self.filled = folder / "form.xlsx", folder / "filled.xlsx"

    def prepare(self) -> None:
        """Reference data, people, enterprises, projects and the months before."""
        install_reference()
        install_demo_people(password="bench-Password-1")
        self.chief = User.objects.get(username="chief")
        self.access: Access = access_of(self.chief)
        firms = Enterprise.objects.bulk_create(
            Enterprise(name=f"示例{number:05d}有限公司", region_code=REGION)
            for number in range(self.people)
        )
        Project.objects.bulk_create(self._projects(firms))
        self._accounts(firms)
        rows = list(Project.objects.order_by("pk").values_list("pk", flat=True))
        for month in range(1, MONTH):
            MonthlyReport.objects.bulk_create(self._reports(rows, month), batch_size=5_000)

    def _projects(self, firms: list[Enterprise]) -> Iterator[Project]:
        for number in range(self.count):
            firm = firms[number % len(firms)]
            yield Project(
                name=f"第{number:05d}条智能生产线改造项目", year=YEAR, ledger_years=[YEAR],
                number=f"{REGION}-{YEAR}-{number:06d}", region_code=REGION, enterprise=firm,
                enterprise_raw=firm.name, total_fen=2_000 * WAN, state="building",
            )  # fmt: skip

    def _accounts(self, firms: list[Enterprise]) -> None:
        role, secret = Role.objects.get(code="enterprise-handler"), make_password(None)
        users = User.objects.bulk_create(
            User(username=f"firm{number}", name="示例经办", password=secret)
            for number in range(len(firms))
        )
        Assignment.objects.bulk_create(
            Assignment(user=user, role=role, enterprise=firm)
            for user, firm in zip(users, firms, strict=True)
        )

    def _reports(self, rows: list[int], month: int) -> Iterator[MonthlyReport]:
        for row in rows:
            yield MonthlyReport(
                project_id=row, region_code=REGION, year=YEAR, month=month,
                current_fen=100 * WAN, cumulative_fen=100 * WAN * month, origin="import",
            )  # fmt: skip

    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """Names and acts, in the order of the month; what has no name is not ours."""
        return [
            ("开报", self.open), ("页面：谁报了谁没报", self.look), ("批量催报", self.remind),
            ("生成填报表", self.write),
            ("", self.type), ("导入：识别与核对", self.read),
            ("导入：入库", self.commit), ("锁定第 1 版", self.lock), ("发布", self.publish),
            ("重开并更正一个项目", self.correct), ("锁定第 2 版", self.lock),
            ("重读两版并验散列", self.replay),
        ]  # fmt: skip

    def open(self) -> str:
        """Open the month."""
        self.period = open_period(
            region_code=REGION, year=YEAR, month=MONTH, cut_off=date(YEAR, MONTH + 1, 10),
            by=self.chief, access=self.access,
        )  # fmt: skip
        return f"截止 {self.period.cut_off}"

    def look(self) -> str:
        """What the month's page counts."""
        found = standing_of(self.period, self.access)
        return f"应报 {found.due:,} 个"

    def remind(self) -> str:
        """Tell everybody who has not reported."""
        done = remind_unreported(period=self.period.pk, by=self.chief, access=self.access)
        return f"{done.people:,} 人，{done.projects:,} 个项目"

    def write(self) -> str:
        """The form."""
        return f"{write_template(self.form, self.period, self.access):,} 行"

    def type(self) -> str:
        """What people do: one project in a hundred falls, one is in a mistaken unit. Not timed."""
        chance = random.Random(7)
        book = openpyxl.load_workbook(self.form)
        page = book.worksheets[0]
        for row in range(4, page.max_row + 1):
            current = chance.randint(1, 300)
            total = 500 + current
            if row % 100 == 0:
                total = 400
            elif row % 100 == 1:
                current, total = current * 10_000, total * 10_000
            page.cell(row, 9, current)
            page.cell(row, 10, total)
        book.save(self.filled)
        return ""

    def read(self) -> str:
        """Upload and read."""
        with self.filled.open("rb") as stream:
            file = store_evidence(
                stream=stream, name="月报.xlsx", owner=self.chief, region_code=REGION, source="导入"
            )
        group = services.start_group(
            files=[file], year=YEAR, region_code=REGION, by=self.chief, kind="monthly"
        )
        work()
        self.batch = ImportBatch.objects.get(group=group)
        codes = self.batch.counts["code"]
        return f"累计下降 {codes['E_M_DECREASE']} 条，单位疑错 {codes['E_M_UNIT']} 条"

    def commit(self) -> str:
        """Write."""
        services.commit(batch_id=self.batch.pk, by=self.chief, repeat=True)
        work()
        self.batch.refresh_from_db()
        return f"新增 {self.batch.counts['done']['created']:,} 条"

    def lock(self) -> str:
        """Lock what is there."""
        self.period.refresh_from_db()
        lock = lock_period(
            period=self.period.pk, seen=self.period.version, reason="按时锁定", by=self.chief,
            access=self.access,
        )  # fmt: skip
        return f"{lock.rows:,} 行"

    def publish(self) -> str:
        """Publish it."""
        self.period.refresh_from_db()
        publish_lock(
            period=self.period.pk, seen=self.period.version, by=self.chief, access=self.access
        )
        return "第 1 版"

    def correct(self) -> str:
        """Reopen, change one figure."""
        from jigai.projects.monthly.services.fill_report import Figures, fill_report

        self.period.refresh_from_db()
        reopen_period(
            period=self.period.pk, seen=self.period.version, reason="更正一个项目", by=self.chief,
            access=self.access,
        )  # fmt: skip
        report = MonthlyReport.objects.filter(month=MONTH, flags=[]).order_by("pk")[0]
        fill_report(
            project=report.project_id, year=YEAR, month=MONTH,
            figures=Figures(200 * WAN, 700 * WAN), reason="按发票更正", seen=report.version,
            by=self.chief, access=self.access,
        )  # fmt: skip
        return "1 条"

    def replay(self) -> str:
        """Both versions read again."""
        whole = [still_whole(lock) for lock in MonthlyLock.objects.order_by("number")]
        assert whole == [True, True] and MonthlyPeriod.objects.get().published == 1
        return "两版都与锁定时一致"

    def bare(self) -> str:
        """The same figures by calamine and COPY into a plain table."""
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE bare (number text, current numeric, total numeric)")
            sheet = CalamineWorkbook.from_path(str(self.filled)).get_sheet_by_index(0)
            with cursor.copy("COPY bare FROM STDIN") as copy:
                for row in sheet.to_python(skip_empty_area=False)[3:]:
                    copy.write_row((row[0], Decimal(str(row[8])), Decimal(str(row[9]))))
        return ""


def work() -> None:
    """Do every waiting job, as a worker does."""
    waiting: Any = Job.objects.filter(status=Job.Status.WAITING).order_by("id")
    while job := waiting.first():
        run_job(job.pk)
