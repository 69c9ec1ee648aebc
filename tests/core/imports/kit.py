"""What tests of imports share: small workbooks, a clerk, a database that really commits."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
from django.db import connection

from jigai.core.evidence import store_evidence
from jigai.core.imports import services
from jigai.core.jobs.run import run_job
from jigai.core.models import EvidenceFile, ImportBatch, Job, User
from tests.factories import COUNTY, make_regions, make_user, uscc_of

YEAR = 2021
KEPT = ("django_migrations", "django_content_type")
HEADS = (
    "企业名称",
    "统一社会信用代码",
    "所属镇街",
    "从业人员",
    "营业收入（万元）",
    "亩产效益评价等级",
)
PROJECT_HEADS = (
    "项目名称", "企业名称", "统一社会信用代码", "项目代码", "备案证号", "建设性质",
    "设备投资（万元）", "是否入统",
)  # fmt: skip
INVOICE_HEADS = (
    "项目名称", "购方名称", "发票代码", "发票号码", "开票日期", "货物名称", "规格型号", "数量",
    "单价", "金额", "税额", "价税合计",
)  # fmt: skip


@contextmanager
def committed(blocker: Any) -> Iterator[None]:
    """A database in which transactions end, emptied afterwards.

    Tables whose rows may not be emptied are freed for that moment only.
    """
    with blocker.unblock():
        try:
            yield
        finally:
            _empty()


def guard(on: bool) -> None:
    """Switch the triggers that keep whole tables from being emptied."""
    verb = "ENABLE" if on else "DISABLE"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE NOT tgisinternal AND (tgtype & 32) > 0"
        )
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} {verb} TRIGGER "{name}"')


def _empty() -> None:
    guard(False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [row[0] for row in cursor.fetchall() if row[0] not in KEPT]
        listed = ", ".join(f'"{table}"' for table in tables)
        cursor.execute(f"TRUNCATE {listed} RESTART IDENTITY CASCADE")
    guard(True)


def clerk(region: str = COUNTY, **fields: Any) -> User:
    """Somebody who may import everything into a region."""
    make_regions()
    return make_user("section-clerk", region, **fields)


def book(heads: Sequence[str], *rows: Sequence[Any], sheet: str = "表") -> bytes:
    """A workbook with one table."""
    made = openpyxl.Workbook()
    page = made.worksheets[0]
    page.title = sheet
    page.append(list(heads))
    for row in rows:
        page.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def register(*names: str, staff: int = 50, grade: str = "A", first: int = 1) -> bytes:
    """A register: enterprises by name with codes counted from ``first``."""
    rows = [
        (name, uscc_of(first + place), "酒仙桥街道", staff, 1200.5, grade)
        for place, name in enumerate(names)
    ]
    return book(HEADS, *rows)


def keep(content: bytes, by: User, name: str = "表.xlsx") -> EvidenceFile:
    """The bytes in the evidence store."""
    return store_evidence(
        stream=io.BytesIO(content), name=name, owner=by, region_code=COUNTY, source="测试"
    )


def begin(
    content: bytes, by: User, *, name: str = "表.xlsx", year: int = YEAR, region: str = COUNTY,
    kind: str = "",
) -> ImportBatch:  # fmt: skip
    """A batch whose file has been read."""
    file = keep(content, by, name)
    group = services.start_group(files=[file], year=year, region_code=region, by=by, kind=kind)
    run_jobs()
    return ImportBatch.objects.get(group=group)


def bring(content: bytes, by: User, **options: Any) -> ImportBatch:
    """A batch that has been committed."""
    batch = begin(content, by, **options)
    services.commit(batch_id=batch.pk, by=by, repeat=True)
    run_jobs()
    batch.refresh_from_db()
    assert batch.status == ImportBatch.Status.COMMITTED, (batch.status, batch.problem, batch.hint)
    return batch


def run_jobs() -> list[Job]:
    """Do every waiting job, in order, as a worker does."""
    done = []
    while job := Job.objects.filter(status=Job.Status.WAITING).order_by("id").first():
        run_job(job.pk)
        job.refresh_from_db()
        done.append(job)
    return done


def bring_samples(folder: Path, by: User) -> dict[str, ImportBatch]:
    """The four sample workbooks, handed over in the wrong order and committed together."""
    names = (
        "03_设备购置发票清单_2021.xlsx", "06_技改共同体名单_2021.xlsx",
        "02_技改项目台账_2021.xlsx", "01_企业名录_2021.xlsx",
    )  # fmt: skip
    files = [keep((folder / name).read_bytes(), by, name) for name in names]
    group = services.start_group(files=files, year=YEAR, region_code=COUNTY, by=by)
    run_jobs()
    batches = ImportBatch.objects.filter(group=group)
    services.commit_group(group=group, by=by, allowed=[batch.pk for batch in batches])
    run_jobs()
    return {batch.kind: batch for batch in ImportBatch.objects.filter(group=group).order_by("pk")}
