"""Writes the large register to a file: ``ours`` as the job does, ``bare`` with nothing but the
writer and a cursor. Prints seconds, peak memory in KB, rows and bytes as JSON."""

from __future__ import annotations

import csv
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from bench.registers.pages import LARGE

COLUMNS = ("title", "f_number", "f_level", "f_place", "f_revenue", "f_power", "f_made",
           "f_valid_to", "f_phone", "state", "starts", "until", "source")  # fmt: skip
HEADS = ("企业", "编号", "级别", "所在地", "营业收入（元）", "装机功率（kW）", "投产日期",
         "有效期至", "联系电话", "状态", "入册日期", "在册至", "来源")  # fmt: skip
SQL = """
    SELECT title, values->>'number', values->>'level', values->>'place',
           (values->>'revenue')::numeric / 100, (values->>'power')::numeric, values->>'made',
           values->>'valid_to', values->>'phone', state, starts, ends, source
    FROM registers_entry
    WHERE register_id = (SELECT id FROM registers_register WHERE code = %s) ORDER BY id DESC
"""


def main(way: str, form: str) -> None:
    """One export in this process; the bare one loads nothing of the platform."""
    if way == "ours":
        import django

        django.setup()
    begun = time.perf_counter()
    rows, size = (ours if way == "ours" else bare)(form)
    seconds = time.perf_counter() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"seconds": seconds, "memory": memory, "rows": rows, "size": size}))


def ours(form: str) -> tuple[int, int]:
    """The list with its columns, as its owner may see it, as a job with progress."""
    from jigai.core.jobs.run import run_job
    from jigai.core.models import Export, User
    from jigai.core.services.start_export import start_export

    state = {"query": {}, "columns": list(COLUMNS), "sort": ""}
    job = start_export(
        owner=User.objects.get(username="reader0"), page=f"entries:{LARGE}", title="示例大名录",
        state=state, form=form,
    )  # fmt: skip
    run_job(job.pk)
    export = Export.objects.get(job=job)
    assert export.rows is not None and export.size is not None, export.job.error
    return export.rows, export.size


def bare(form: str) -> tuple[int, int]:
    """The same rows and columns from one statement straight into the writer: codes not named, no
    rights, no state of today, nothing escaped."""
    target = Path(os.environ["JIGAI_DATA"]) / f"bare.{form}"
    count = (_bare_csv if form == "csv" else _bare_xlsx)(target)
    return count, target.stat().st_size


def _cursor() -> Iterator[tuple[Any, ...]]:
    with psycopg.connect(os.environ["BENCH_DSN"]) as link, link.cursor("rows") as cursor:
        cursor.itersize = 2000
        cursor.execute(SQL, [LARGE])
        yield from cursor


def _bare_csv(target: Path) -> int:
    count = 0
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADS)
        for row in _cursor():
            writer.writerow(row)
            count += 1
    return count


def _bare_xlsx(target: Path) -> int:
    import xlsxwriter

    count = 0
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, HEADS)
        for count, row in enumerate(_cursor(), 1):
            for place, value in enumerate(row):
                if place in (10, 11) and value is not None:
                    sheet.write_datetime(count, place, value, day)
                elif place in (4, 5):
                    sheet.write_number(count, place, value)
                else:
                    sheet.write_string(count, place, value or "")
    return count


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
