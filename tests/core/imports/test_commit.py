"""Exactly once, all or nothing, and nothing overwritten."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection, connections

from jigai.core.imports import services
from jigai.core.imports.services import commit, commit_group, reread, start_group
from jigai.core.jobs.rescue import rescue_stalled
from jigai.core.jobs.run import run_job
from jigai.core.models import (
    Enterprise,
    EnterpriseFigure,
    ImportBatch,
    ImportChange,
    ImportIssue,
    Job,
    User,
)
from jigai.errors import JigaiError
from tests.core.imports.kit import (
    HEADS,
    begin,
    book,
    bring,
    keep,
    register,
    run_jobs,
)
from tests.factories import COUNTY, SIBLING, make_enterprise, make_user, uscc_of

Status = ImportBatch.Status


def test_the_preview_writes_nothing_and_says_what_will_happen(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司", "兖州乙机械有限公司"), clerk)
    assert batch.status == Status.READY
    assert batch.counts["planned"] == {
        "created": 2, "changed": 0, "unchanged": 0, "absent": 0, "figures": 6,
        "former_names": 0, "writes": 8,
    }  # fmt: skip
    assert not Enterprise.objects.exists() and not EnterpriseFigure.objects.exists()
    assert batch.sample[0]["cells"]["name"] == "兖州甲机械有限公司"
    units = {c["field"]: c["unit"] for c in batch.columns}
    assert units["revenue"] == "万元"


def test_a_second_file_changes_only_what_differs(clerk: User) -> None:
    bring(register("兖州甲机械有限公司", "兖州乙机械有限公司"), clerk, name="一.xlsx")
    second = begin(
        register("兖州甲机械股份有限公司", "兖州乙机械有限公司", "兖州丙机械有限公司", grade="B"),
        clerk, name="二.xlsx",
    )  # fmt: skip
    assert second.counts["planned"] == {
        "created": 1, "changed": 1, "unchanged": 1, "absent": 0, "figures": 5,
        "former_names": 0, "writes": 7,
    }  # fmt: skip
    commit(batch_id=second.pk, by=clerk)
    run_jobs()
    second.refresh_from_db()
    assert (second.counts["done"]["created"], second.counts["done"]["figures"]) == (1, 5)
    firm = Enterprise.objects.get(uscc=uscc_of(1))
    assert (firm.name, firm.version) == ("兖州甲机械股份有限公司", 2)
    grades = list(firm.figures.filter(term="grade").order_by("id").values_list("text", "source"))
    assert grades == [("A", "一.xlsx F2"), ("B", "二.xlsx F2")]
    assert firm.figures.filter(term="employees").count() == 1
    change = ImportChange.objects.get()
    assert change.before["name"] == "兖州甲机械有限公司" and "uscc" not in change.before


def test_an_unreadable_cell_is_stored_as_known_to_be_missing(clerk: User) -> None:
    bring(register("兖州甲机械有限公司"), clerk)
    bring(register("兖州甲机械有限公司", staff="约120"), clerk)  # type: ignore[arg-type]
    figures = EnterpriseFigure.objects.filter(term="employees").order_by("id")
    assert [f.number for f in figures] == [50, None]


def test_columns_that_are_not_in_the_file_stay(clerk: User) -> None:
    bring(register("兖州甲机械有限公司"), clerk)
    bring(book(("企业名称", "统一社会信用代码"), ("兖州甲机械有限公司", uscc_of(1))), clerk)
    firm = Enterprise.objects.get()
    assert firm.town == "酒仙桥街道" and firm.figures.count() == 3 and firm.version == 1


def test_an_enterprise_without_code_is_found_by_its_name_and_given_its_code(clerk: User) -> None:
    bring(book(HEADS, ("兖州甲机械有限公司", None, "镇", 5, 1, "A")), clerk)
    assert Enterprise.objects.get().uscc is None
    bring(register("兖州甲机械有限公司"), clerk)
    assert Enterprise.objects.get().uscc == uscc_of(1)
    # A register without the code does not take it away again.
    bring(book(HEADS, ("兖州甲机械有限公司", None, "镇", 5, 1, "A")), clerk)
    assert Enterprise.objects.get().uscc == uscc_of(1)


def test_an_enterprise_of_another_region_is_not_touched(clerk: User) -> None:
    other = make_enterprise("任城某机械有限公司", SIBLING, uscc=uscc_of(1))
    batch = bring(register("兖州甲机械有限公司", "兖州乙机械有限公司"), clerk)
    other.refresh_from_db()
    assert other.name == "任城某机械有限公司" and not other.figures.exists()
    assert batch.counts["done"]["created"] == 1
    issue = ImportIssue.objects.get(code="E_ENT_ELSEWHERE")
    assert (issue.row, issue.column, issue.severity) == (2, "B", "error")


def test_values_the_tables_cannot_hold_are_findings(clerk: User) -> None:
    batch = bring(
        book(HEADS, ("兖州甲机械有限公司", uscc_of(1), "镇" * 80, 10**20, "9" * 30 + "元", "A")),
        clerk,
    )
    firm = Enterprise.objects.get()
    assert firm.town == ""
    assert not firm.figures.filter(term__in=["employees", "revenue"], number__isnull=False).exists()
    found = set(
        ImportIssue.objects.filter(batch=batch, emptied=True).values_list("code", flat=True)
    )
    assert found == {"E_TOO_LONG", "E_TOO_LARGE"}


def test_the_same_bytes_need_a_confirmation_and_bring_nothing(clerk: User) -> None:
    content = register("兖州甲机械有限公司")
    bring(content, clerk)
    again = begin(content, clerk, name="改了名.xlsx")
    with pytest.raises(JigaiError) as refused:
        commit(batch_id=again.pk, by=clerk)
    assert refused.value.code == "import-repeat"
    again.refresh_from_db()
    assert again.status == Status.READY
    commit(batch_id=again.pk, by=clerk, repeat=True)
    run_jobs()
    again.refresh_from_db()
    assert again.counts["done"] == {
        "created": 0, "changed": 0, "unchanged": 1, "absent": 0, "figures": 0,
        "former_names": 0, "writes": 0,
    }  # fmt: skip
    assert EnterpriseFigure.objects.count() == 3


def test_a_double_submit_gives_the_same_job(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk)
    first, second = commit(batch_id=batch.pk, by=clerk), commit(batch_id=batch.pk, by=clerk)
    assert first.pk == second.pk
    run_jobs()
    assert commit(batch_id=batch.pk, by=clerk).pk == first.pk
    run_job(first.pk)
    assert Enterprise.objects.count() == 1 and EnterpriseFigure.objects.count() == 3


def test_two_clerks_at_the_same_moment_get_one_commit(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk)
    other = make_user("section-clerk")
    jobs: list[int] = []

    def ask(person: User) -> None:
        try:
            jobs.append(commit(batch_id=batch.pk, by=person).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask, args=(p,)) for p in (clerk, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(jobs) == 2 and len(set(jobs)) == 1
    run_jobs()
    assert Enterprise.objects.count() == 1


def test_files_that_bring_the_same_enterprise_at_once_make_it_once(clerk: User) -> None:
    one = begin(register("兖州甲机械有限公司"), clerk, name="一.xlsx")
    two = begin(register("兖州甲机械有限公司", grade="B"), clerk, name="二.xlsx")
    jobs = [commit(batch_id=b.pk, by=clerk) for b in (one, two)]
    errors: list[BaseException] = []

    def work(number: int) -> None:
        try:
            run_job(number)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(job.pk,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert Enterprise.objects.count() == 1
    assert {b.status for b in ImportBatch.objects.all()} == {Status.COMMITTED}
    assert EnterpriseFigure.objects.filter(term="grade").count() == 2


def test_a_failure_in_the_middle_writes_nothing(clerk: User, monkeypatch: Any) -> None:
    from jigai.core.importers import enterprises

    batch = begin(register("兖州甲机械有限公司"), clerk)
    monkeypatch.setattr(enterprises, "write_figures", _broken)
    commit(batch_id=batch.pk, by=clerk)
    (job,) = run_jobs()
    assert job.status == Job.Status.FAILED and job.error == "磁盘坏了"
    assert not Enterprise.objects.exists() and not ImportChange.objects.exists()
    batch.refresh_from_db()
    assert batch.status == Status.READY and batch.committed_at is None
    monkeypatch.undo()
    commit(batch_id=batch.pk, by=clerk)
    run_jobs()
    assert Enterprise.objects.count() == 1


def _broken(*_args: Any) -> None:
    raise JigaiError("broken", "磁盘坏了")


_WORKER = """
import time
import django
django.setup()
from jigai.core.importers import enterprises
write = enterprises.write_figures
def slow(*args):
    write(*args)
    print("written", flush=True)
    time.sleep(60)
enterprises.write_figures = slow
from django.core.management import call_command
call_command("procrastinate", "worker", "--one-shot")
"""


def test_a_worker_killed_in_the_middle_of_a_commit_leaves_nothing_and_the_job_resumes(
    clerk: User,
) -> None:
    batch = begin(register("兖州甲机械有限公司", "兖州乙机械有限公司"), clerk)
    job = commit(batch_id=batch.pk, by=clerk)
    name = connection.settings_dict["NAME"]
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    worker = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _WORKER],
        env={
            **os.environ,
            "DATABASE_URL": address,
            "DJANGO_SETTINGS_MODULE": "jigai.config.settings",
        },
        stdout=subprocess.PIPE,
    )
    assert worker.stdout is not None and worker.stdout.readline().strip() == b"written"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    # The server notices the broken connection and rolls back.
    for _ in range(100):
        batch.refresh_from_db()
        if batch.status == Status.COMMITTING and not _someone_writes():
            break
        time.sleep(0.1)
    assert not Enterprise.objects.exists() and not EnterpriseFigure.objects.exists()
    job.refresh_from_db()
    assert job.status == Job.Status.RUNNING
    Job.objects.update(created_at="2021-01-01T00:00Z")
    assert rescue_stalled(dead_after=0) == 1
    run_job(job.pk)
    batch.refresh_from_db()
    job.refresh_from_db()
    assert (batch.status, job.status) == (Status.COMMITTED, Job.Status.DONE)
    assert Enterprise.objects.count() == 2 and EnterpriseFigure.objects.count() == 6


def _someone_writes() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND state LIKE 'idle in transaction%' AND pid <> pg_backend_pid()"
        )
        return bool(cursor.fetchone()[0])


def test_the_database_may_restart_between_preview_and_commit(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk)
    # What a restart leaves behind: the batch, the file, and no connection.
    connection.close()
    commit(batch_id=batch.pk, by=clerk)
    connection.close()
    run_jobs()
    assert Enterprise.objects.count() == 1


def test_a_batch_is_not_read_again_while_it_is_written(clerk: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), clerk)
    commit(batch_id=batch.pk, by=clerk)
    with pytest.raises(JigaiError) as refused:
        reread(batch_id=batch.pk, by=clerk, year=2020)
    assert refused.value.code == "import-closed"
    run_jobs()
    with pytest.raises(JigaiError):
        services.discard(batch_id=batch.pk)


def test_a_group_goes_in_in_order_and_one_bad_file_stops_no_other(clerk: User) -> None:
    bad = keep(book(("甲", "乙"), (1, 2)), clerk, "无表头.xlsx")
    good = keep(register("兖州甲机械有限公司"), clerk, "名录.xlsx")
    ledger = keep(
        book(("项目名称", "企业名称", "设备投资（万元）"), ("数控改造", "兖州甲机械有限公司", 600)),
        clerk, "台账.xlsx",
    )  # fmt: skip
    group = start_group(files=[ledger, bad, good], year=2021, region_code=COUNTY, by=clerk)
    run_jobs()
    states = {b.file.name: b.status for b in ImportBatch.objects.filter(group=group)}
    assert states == {"台账.xlsx": "waiting", "无表头.xlsx": "refused", "名录.xlsx": "ready"}
    refused = ImportBatch.objects.get(status="refused")
    assert "没有认出" in refused.problem and "企业名录" in refused.hint
    keys = list(ImportBatch.objects.values_list("pk", flat=True))
    first = commit_group(group=group, by=clerk, allowed=keys)
    assert commit_group(group=group, by=clerk, allowed=keys).pk == first.pk
    run_jobs()
    states = {b.file.name: b.status for b in ImportBatch.objects.filter(group=group)}
    assert states == {"台账.xlsx": "committed", "无表头.xlsx": "refused", "名录.xlsx": "committed"}
    from jigai.projects.models import Project

    assert Project.objects.get().enterprise == Enterprise.objects.get()


def test_what_waited_is_read_again_once_the_register_is_in(clerk: User) -> None:
    waiting = begin(
        book(("项目名称", "企业名称", "设备投资（万元）"), ("数控改造", "兖州甲机械有限公司", 600)),
        clerk,
    )  # fmt: skip
    assert waiting.status == Status.WAITING and waiting.counts["planned"] == {}
    with pytest.raises(JigaiError) as refused:
        commit(batch_id=waiting.pk, by=clerk)
    assert refused.value.code == "import-not-ready"
    bring(register("兖州甲机械有限公司"), clerk)
    waiting.refresh_from_db()
    assert waiting.status == Status.READY and waiting.counts["planned"]["unmatched"] == 0
