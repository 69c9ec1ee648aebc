"""Exports: what is filtered, what the owner may see when it runs, and only for the owner."""

from __future__ import annotations

import hashlib
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from jigai.core.jobs.registry import JobContext
from jigai.core.jobs.run import _claim, _work
from jigai.core.models import AccessLog, Assignment, Export, Job, User
from jigai.core.services.clear_exports import KEPT_FOR, clear_exports
from jigai.core.services.start_export import start_export
from tests.factories import COUNTY, SIBLING, make_enterprise, make_user

pytestmark = pytest.mark.django_db
START = "/enterprises/export/"


@pytest.fixture
def owner() -> User:
    return make_user("section-clerk", name="张经办")


@pytest.fixture
def clerk(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def ask(client: Client, state: str = "", **more: str) -> Any:
    return client.post(START, {"state": state, "nonce": str(uuid.uuid4()), **more})


def work(job: Job) -> Export:
    """Do what the worker does, on the connection of the test."""
    claimed = _claim(job.pk)
    assert claimed is not None
    _work(claimed)
    job.refresh_from_db()
    return Export.objects.get(job=job)


def written(export: Export) -> list[list[Any]]:
    """Rows of the workbook from the heading on."""
    book = openpyxl.load_workbook(Path(settings.DATA_DIR) / export.path)
    return [list(row) for row in book.active.iter_rows(min_row=3, values_only=True)]


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path


def test_exactly_the_filtered_rows_with_chosen_columns_in_order(clerk: Client) -> None:
    for n in range(30):
        make_enterprise(f"甲{n:02d}", pinyin=f"{n:02d}", town="东镇" if n % 2 else "西镇",
                        figures={2021: {"revenue": n * 100}})  # fmt: skip
    state = "?q=东镇&year=2021&cols=town&cols=name&cols=revenue&sort=-pinyin&size=20&page=x"
    answer = ask(clerk, state)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.pk}/"
    export = work(job)
    assert (job.status, job.error) == ("done", "")
    rows = written(export)
    assert rows[0] == ["所属镇街", "企业名称", "营业收入（元）"]
    names = [f"甲{n:02d}" for n in range(29, 0, -2)]
    assert [row[1] for row in rows[1:]] == names
    assert [row[2] for row in rows[1:]] == [float(int(name[1:])) for name in names]
    assert export.rows == 15 and job.told == [["行数", 15]]
    file = Path(settings.DATA_DIR) / export.path
    assert export.sha256 == hashlib.sha256(file.read_bytes()).hexdigest()
    assert export.size == file.stat().st_size


def test_more_rows_than_a_chunk_come_once_each(clerk: Client, monkeypatch: Any) -> None:
    from jigai.core.services import write_export

    monkeypatch.setattr(write_export, "CHUNK", 4)
    for n in range(11):
        make_enterprise(f"甲{n:02d}", pinyin="同")
    ask(clerk, "?cols=name")
    rows = written(work(Job.objects.get()))
    assert [row[0] for row in rows[1:]] == [f"甲{n:02d}" for n in range(11)]


def test_text_that_looks_like_a_formula_stays_text(clerk: Client) -> None:
    make_enterprise('=HYPERLINK("http://x")', town="@SUM(A1)", address="-2+3")
    ask(clerk, "?cols=name&cols=town&cols=address")
    export = work(Job.objects.get())
    book = openpyxl.load_workbook(Path(settings.DATA_DIR) / export.path)
    cells = next(iter(book.active.iter_rows(min_row=4)))
    assert [cell.data_type for cell in cells] == ["s", "s", "s"]
    assert all(str(cell.value).startswith("'") for cell in cells)


@pytest.mark.system("role-access")
def test_only_what_the_owner_may_see_when_it_runs(clerk: Client, owner: User) -> None:
    make_enterprise("本县企业", COUNTY)
    make_enterprise("邻县企业", SIBLING)
    Assignment.objects.filter(user=owner).update(scope="custom", custom_regions=[COUNTY, SIBLING])
    ask(clerk, "?cols=name")
    Assignment.objects.filter(user=owner).update(custom_regions=[SIBLING])
    rows = written(work(Job.objects.get()))
    assert [row[0] for row in rows[1:]] == ["邻县企业"]


@pytest.mark.system("role-access")
@pytest.mark.parametrize("lost", ["assignment", "capability", "account"])
def test_an_owner_who_lost_the_right_gets_nothing(clerk: Client, owner: User, lost: str) -> None:
    make_enterprise("本县企业")
    ask(clerk)
    if lost == "assignment":
        Assignment.objects.filter(user=owner).delete()
    elif lost == "capability":
        role = Assignment.objects.get(user=owner).role
        role.capabilities.remove("export.make")
        role.save()
    else:
        User.objects.filter(pk=owner.pk).update(is_active=False)
    job = Job.objects.get()
    export = work(job)
    assert job.status == "failed" and "权限" in job.error
    assert export.path == "" and not list(Path(settings.DATA_DIR).rglob("*.xlsx"))


@pytest.mark.system("role-access")
def test_the_file_is_for_its_owner_alone_and_every_download_is_recorded(
    clerk: Client, owner: User
) -> None:
    make_enterprise("甲")
    ask(clerk)
    export = work(Job.objects.get())
    url = f"/exports/{export.pk}/file/"
    answer = clerk.get(url)
    body = b"".join(answer.streaming_content)
    assert hashlib.sha256(body).hexdigest() == export.sha256
    assert "attachment" in answer["Content-Disposition"]
    logs = AccessLog.objects.filter(action="download").values_list("user", "kind", "key")
    assert list(logs) == [(owner.pk, "export", str(export.pk))]
    other = Client()
    other.force_login(make_user("section-chief"))
    assert other.get(url).status_code == 404
    assert "企业名录" in clerk.get("/exports/").content.decode()
    assert "还没有导出过" in other.get("/exports/").content.decode()
    Assignment.objects.filter(user=owner).delete()
    again = Client(raise_request_exception=False)
    again.force_login(owner)
    assert again.get(url).status_code in (403, 500)


def test_old_files_are_cleared_and_the_page_says_so(clerk: Client) -> None:
    make_enterprise("甲")
    ask(clerk)
    export = work(Job.objects.get())
    assert clear_exports() == 0
    Job.objects.update(finished_at=timezone.now() - KEPT_FOR - timedelta(minutes=1))
    file = Path(settings.DATA_DIR) / export.path
    assert clear_exports() == 1 and not file.exists()
    answer = clerk.get(f"/exports/{export.pk}/file/")
    assert answer.status_code == 422 and "已清理" in answer.content.decode()
    assert "已清理" in clerk.get("/exports/").content.decode()


def test_a_cancelled_export_leaves_no_file(clerk: Client, monkeypatch: Any) -> None:
    make_enterprise("甲")
    ask(clerk)
    job = Job.objects.get()
    tell = JobContext.progress

    def stop(self: JobContext, step: str, share: float) -> None:
        Job.objects.filter(pk=job.pk).update(cancel_asked=True)
        tell(self, step, share)

    monkeypatch.setattr(JobContext, "progress", stop)
    export = work(job)
    assert job.status == "cancelled" and export.path == ""
    assert not [file for file in Path(settings.DATA_DIR).rglob("*") if file.is_file()]


def test_asking_twice_with_one_form_makes_one_job(clerk: Client) -> None:
    nonce = str(uuid.uuid4())
    first, second = ask(clerk, nonce=nonce), ask(clerk, nonce=nonce)
    assert first["Location"] == second["Location"] and Job.objects.count() == 1


@pytest.mark.system("role-access")
def test_exporting_needs_both_rights(client: Client) -> None:
    client.raise_request_exception = False
    client.force_login(make_user("tax"))
    assert ask(client).status_code in (403, 500)
    assert "/enterprises/export/" not in client.get("/enterprises/").content.decode()
    assert not Job.objects.exists()


def test_a_job_run_again_writes_the_same_export(owner: User) -> None:
    make_enterprise("甲")
    job = start_export(owner=owner, page="enterprises", title="企业名录", state={})
    work(job)
    Job.objects.filter(pk=job.pk).update(status="failed")
    copy = Job.objects.create(kind=job.kind, title=job.title, owner=owner, params=job.params)
    assert work(copy).rows == 1 and Export.objects.count() == 2
