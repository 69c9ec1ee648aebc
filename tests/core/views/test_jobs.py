"""我的任务: own jobs, progress that stops asking, cancelling, running again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import Job, User
from tests.factories import make_job, make_user
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def owner() -> User:
    return make_user("section-clerk")


@pytest.fixture
def own(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


def nonce() -> dict[str, str]:
    return {"nonce": str(uuid.uuid4())}


@pytest.mark.system("role-access")
def test_everybody_sees_their_own_and_the_platform_sees_all(own: Client, owner: User) -> None:
    mine, other = make_job(owner, title="我的导出"), make_job(make_user(), title="别人的导入")
    text = own.get("/jobs/").content.decode()
    assert "我的导出" in text and "别人的导入" not in text
    assert own.get(f"/jobs/{other.pk}/").status_code == 404
    staff = Client()
    staff.force_login(make_user("platform-admin"))
    text = staff.get("/jobs/").content.decode()
    assert "我的导出" in text and "别人的导入" in text
    assert staff.get(f"/jobs/{mine.pk}/").status_code == 200
    assert staff.post(f"/jobs/{mine.pk}/cancel/", nonce()).status_code == 404


def test_progress_is_asked_for_until_the_job_is_over(own: Client, owner: User) -> None:
    job = make_job(owner, status="running", progress=420, step="已写 1,000 行")
    part = own.get(f"/jobs/{job.pk}/", headers=HTMX).content.decode()
    assert "every 2s" in part and "42%" in part and "已写 1,000 行" in part
    assert "<html" not in part
    Job.objects.update(status="done", progress=1000, url="/exports/")
    part = own.get(f"/jobs/{job.pk}/", headers=HTMX).content.decode()
    assert "every 2s" not in part and "查看结果" in part and "取消任务" not in part


def test_a_failed_job_says_why_and_what_to_do(own: Client, owner: User) -> None:
    job = make_job(owner, status="failed", error="磁盘已满", hint="请清理后重试", error_code="disk")
    text = own.get(f"/jobs/{job.pk}/").content.decode()
    assert "磁盘已满" in text and "请清理后重试" in text and "重试" in text


def test_a_waiting_job_stops_at_once_a_running_one_at_its_next_step(
    own: Client, owner: User
) -> None:
    waiting, running = make_job(owner), make_job(owner, status="running")
    for job in (waiting, running):
        assert own.post(f"/jobs/{job.pk}/cancel/", nonce()).status_code == 302
        job.refresh_from_db()
    assert (waiting.status, running.status) == ("cancelled", "running")
    assert running.cancel_asked
    assert "等待停止" in own.get(f"/jobs/{running.pk}/").content.decode()
    again = own.post(f"/jobs/{waiting.pk}/cancel/", nonce())
    assert again.status_code == 422 and "已经结束" in again.content.decode()


@pytest.mark.parametrize("status", ["failed", "cancelled"])
def test_running_again_makes_a_new_job_with_the_same_parameters(
    own: Client, owner: User, status: str
) -> None:
    job = make_job(owner, status=status, kind="export", params={"page": "enterprises"})
    sent = nonce()
    first = own.post(f"/jobs/{job.pk}/retry/", sent)
    second = own.post(f"/jobs/{job.pk}/retry/", sent)
    fresh = Job.objects.exclude(pk=job.pk).get()
    assert first["Location"] == second["Location"] == f"/jobs/{fresh.pk}/"
    assert (fresh.kind, fresh.params, fresh.status) == ("export", job.params, "waiting")


@pytest.mark.parametrize("status", ["waiting", "running", "done"])
def test_only_what_failed_runs_again(own: Client, owner: User, status: str) -> None:
    job = make_job(owner, status=status)
    assert own.post(f"/jobs/{job.pk}/retry/", nonce()).status_code == 422
    assert Job.objects.count() == 1


@pytest.mark.parametrize("verb", ["cancel", "retry"])
def test_reading_changes_nothing(own: Client, owner: User, verb: str) -> None:
    job = make_job(owner, status="failed")
    assert own.get(f"/jobs/{job.pk}/{verb}/").status_code == 405


def test_query_count_does_not_grow_with_rows(own: Client, owner: User) -> None:
    made: list[Any] = []

    def grow(size: int) -> None:
        while len(made) < size:
            made.append(make_job(owner))

    assert_query_count(own, "/jobs/", grow, most=10)
