"""Pages of the library: tabs, single and bulk actions, the work on many, and what others see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.jobs import run_job
from jigai.core.models import Job, User
from jigai.policies.models import PackVersion
from jigai.projects.library.services.judge_projects import judge_projects
from jigai.projects.models import AdmissionDecision, LibraryEntry, Project
from tests.factories import make_user
from tests.projects.library.conftest import (
    CITY,
    COUNTY,
    DAY,
    WAN,
    MakeProject,
    in_library,
    put_up,
)
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
NONCE = "6f2b6f0e-0000-4000-8000-0000000001{:02d}"


def state_of(project: Project, level: str) -> str:
    """How a project stands at a level."""
    row = LibraryEntry.objects.filter(project=project, level=level).first()
    return row.status if row else ""


@pytest.mark.system("three-level-dynamic-library")
class TestTabs:
    def test_every_level_and_status_has_its_number_and_rows(
        self, fits: MakeProject, county: User, city: User, as_user: SignIn
    ) -> None:
        waiting, inside = fits("等着的"), fits("在里面的")
        for project in (waiting, inside):
            in_library(project)
        put_up(waiting, "city", county)
        in_library(inside, "city")
        page = as_user(city).get("/library/?level=city&status=reported")
        text = page.content.decode()
        assert "等着的" in text and "在里面的" not in text
        tabs = {tab["label"]: {s["label"]: s["count"] for s in tab["statuses"]}
                for tab in page.context["tabs"]}  # fmt: skip
        assert tabs["市级库"] == {"待审": 1, "在库": 1, "退回": 0, "移出": 0}
        assert tabs["县级库"]["在库"] == 2

    def test_a_project_at_two_levels_is_summed_once(
        self, fits: MakeProject, city: User, as_user: SignIn
    ) -> None:
        project = fits(total_fen=500 * WAN)
        in_library(project)
        in_library(project, "city")
        text = as_user(city).get("/library/").content.decode()
        assert "1 个项目，总投资合计 500.00 万元" in text

    def test_a_longer_list_asks_no_more(
        self, luan: PackVersion, fits: MakeProject, city: User, as_user: SignIn
    ) -> None:
        def grow(count: int) -> None:
            while Project.objects.count() < count:
                row = fits()
                in_library(row)
                in_library(row, "city")
                judge_projects(projects=[row], level="city", day=DAY, by=None)

        assert_query_count(as_user(city), "/library/", grow, most=35)
        for url in ("/library/decisions/", "/library/candidates/"):
            assert_query_count(as_user(city), url, grow, most=30, sizes=(15, 22))


@pytest.mark.system("three-level-dynamic-library")
class TestOneByOne:
    def test_report_admit_and_remove_from_the_projects_page(
        self, luan: PackVersion, fits: MakeProject, county: User, as_user: SignIn
    ) -> None:
        project, client = fits(), as_user(county)
        home = f"/library/projects/{project.pk}/"
        assert "没有上报" in client.get(home).content.decode()
        sent = {"level": "county", "seen": project.version, "nonce": NONCE.format(1)}
        assert client.post(f"{home}report/", sent).status_code == 302
        entry = LibraryEntry.objects.get()
        act = f"/library/entries/{entry.pk}/admit/"
        assert "由人决定" in client.get(act).content.decode()
        refused = client.post(act, {"reason": "", "seen": entry.version, "nonce": NONCE.format(2)})
        assert refused.status_code == 422
        given = {"reason": "会议纪要", "seen": entry.version, "nonce": NONCE.format(3)}
        assert client.post(act, given).status_code == 302
        assert state_of(project, "county") == "in"
        entry.refresh_from_db()
        gone = {"reason": "企业搬迁", "seen": entry.version, "nonce": NONCE.format(4)}
        assert client.post(f"/library/entries/{entry.pk}/remove/", gone).status_code == 302
        assert state_of(project, "county") == "out"
        assert "企业搬迁" in client.get(home).content.decode()

    def test_the_second_clerk_is_told_on_the_page(
        self, fits: MakeProject, county: User, city: User, as_user: SignIn
    ) -> None:
        project = fits()
        in_library(project)
        entry = put_up(project, "city", county)
        client = as_user(city)
        first = {"reason": "缺证", "seen": entry.version, "nonce": NONCE.format(5)}
        assert client.post(f"/library/entries/{entry.pk}/return/", first).status_code == 302
        late = {"reason": "可以", "seen": entry.version, "nonce": NONCE.format(6)}
        answer = client.post(f"/library/entries/{entry.pk}/admit/", late)
        assert answer.status_code == 422 and "他人办理" in answer.content.decode()
        assert state_of(project, "city") == "returned"

    def test_a_county_does_not_find_the_citys_buttons(
        self, fits: MakeProject, county: User, as_user: SignIn
    ) -> None:
        project = fits()
        in_library(project)
        entry = put_up(project, "city", county)
        text = as_user(county).get(f"/library/projects/{project.pk}/").content.decode()
        assert f"/library/entries/{entry.pk}/admit/" not in text
        sent = {"reason": "自己批", "seen": entry.version, "nonce": NONCE.format(7)}
        answer = as_user(county).post(f"/library/entries/{entry.pk}/admit/", sent)
        assert answer.status_code in (403, 404) and state_of(project, "city") == "reported"


@pytest.mark.system("three-level-dynamic-library")
class TestBulk:
    def bulk(self, client: Client, list_url: str, key: str, rows: list[Any], **given: Any) -> Any:
        """Choose, look, do."""
        ids = [row.pk for row in rows]
        url = f"{list_url}bulk/{key}/"
        shown = client.post(url, {"row": ids, "step": "preview", **given})
        assert shown.status_code == 200, shown.content.decode()[:300]
        versions = [f"{line.pk}:{line.version}" for line in shown.context["lines"]]
        return client.post(url, {"row": ids, "step": "apply", "version": versions,
                                 "nonce": NONCE.format(len(ids) + 40), **given},
                           follow=True)  # fmt: skip

    def test_many_are_reported_and_those_that_cannot_go_are_told(
        self, fits: MakeProject, county: User, as_user: SignIn
    ) -> None:
        ready, early = fits("县里在库"), fits("还没进县库")
        in_library(ready)
        page = self.bulk(as_user(county), "/library/candidates/", "report", [ready, early],
                         level="city")  # fmt: skip
        assert "还没进县库：还不在县级库" in page.content.decode()
        assert (state_of(ready, "city"), state_of(early, "city")) == ("reported", "")

    def test_many_are_returned_but_not_what_changed_meanwhile(
        self, fits: MakeProject, county: User, city: User, as_user: SignIn
    ) -> None:
        entries = []
        for name in ("先被办的", "没人动的"):
            project = fits(name)
            in_library(project)
            entries.append(put_up(project, "city", county))
        client = as_user(city)
        url = "/library/bulk/return/"
        ids = [entry.pk for entry in entries]
        shown = client.post(url, {"row": ids, "step": "preview", "reason": "补材料"})
        versions = [f"{line.pk}:{line.version}" for line in shown.context["lines"]]
        LibraryEntry.objects.filter(pk=ids[0]).update(version=9)
        page = client.post(url, {"row": ids, "step": "apply", "version": versions,
                                 "reason": "补材料", "nonce": NONCE.format(60)},
                           follow=True)  # fmt: skip
        assert "先被办的：预览之后被他人办理" in page.content.decode()
        assert [e.status for e in LibraryEntry.objects.filter(pk__in=ids).order_by("pk")] == [
            "reported", "returned",
        ]  # fmt: skip


@pytest.mark.system("library-admission")
class TestMany:
    def run(self, client: Client, **given: Any) -> Job:
        """Start the work and do it."""
        sent = {"region": CITY, "level": "city", "about": "reported", "day": DAY.isoformat(),
                "nonce": NONCE.format(80), **given}  # fmt: skip
        answer = client.post("/library/batch/", sent)
        assert answer.status_code == 302, answer.content.decode()[-400:]
        job = Job.objects.get(kind="library-batch")
        run_job(job.pk)
        return Job.objects.get(pk=job.pk)

    def test_what_fits_is_admitted_and_the_rest_listed_with_its_reasons(
        self, luan: PackVersion, fits: MakeProject, county: User, city: User, as_user: SignIn
    ) -> None:
        good, poor, open_ = (
            fits("够的"),
            fits("差的", fixed_fen=100 * WAN),
            fits("缺的", filing="unknown"),
        )
        for project in (good, poor, open_):
            in_library(project)
            put_up(project, "city", county)
        client = as_user(city)
        job = self.run(client, then="admit")
        assert job.status == "done", (job.error_code, job.error)
        assert job.result == {"judged": 3, "admitted": 1}
        assert [state_of(p, "city") for p in (good, poor, open_)] == ["in", "reported", "reported"]
        listed = client.get(f"/library/decisions/?batch={job.pk}&verdict=out").content.decode()
        assert (
            "差的" in listed and "固定资产投资还差 100.00 万元" in listed and "够的" not in listed
        )
        missing = client.get(f"/library/decisions/?batch={job.pk}&verdict=missing")
        assert "发改或经信部门掌握" in missing.content.decode()
        decision = AdmissionDecision.objects.get(project=poor)
        page = client.get(f"/library/decisions/{decision.pk}/").content.decode()
        for words in (
            "固定资产投资还差 100.00 万元",
            "200万元以上",
            "入库投资口径",
            "L17",
            "三.一",
        ):
            assert words in page
        assert LibraryEntry.objects.get(project=good, level="city").decision.batch == job.pk

    def test_a_county_does_not_admit_for_the_city(
        self, luan: PackVersion, county: User, as_user: SignIn
    ) -> None:
        sent = {"region": COUNTY, "level": "city", "about": "reported", "then": "admit",
                "day": DAY.isoformat(), "nonce": NONCE.format(81)}  # fmt: skip
        assert as_user(county).post("/library/batch/", sent).status_code in (403, 404)
        assert not Job.objects.filter(kind="library-batch").exists()

    def test_where_no_rule_is_installed_the_outcome_says_so(
        self, fits: MakeProject, county: User, as_user: SignIn
    ) -> None:
        fits()
        client = as_user(county)
        job = self.run(client, region=COUNTY, level="county", about="none")
        assert job.status == "done" and not AdmissionDecision.objects.exists()
        assert "没有装好的入库规则" in client.get(f"/jobs/{job.pk}/").content.decode()

    def test_one_is_judged_from_its_page(
        self, luan: PackVersion, fits: MakeProject, county: User, as_user: SignIn
    ) -> None:
        project, client = fits(), as_user(county)
        url = f"/library/projects/{project.pk}/judge/"
        assert client.get(url).status_code == 200
        given = {"level": "city", "day": DAY.isoformat(), "seen": "1"}
        answer = client.post(url, {**given, "nonce": NONCE.format(82)}, follow=True)
        assert "征求意见" in answer.content.decode() or "草案" in answer.content.decode()
        none = client.post(url, {**given, "level": "county", "nonce": NONCE.format(83)})
        assert none.status_code == 422 and "由人决定" in none.content.decode()


@pytest.mark.system("three-level-dynamic-library")
def test_an_enterprise_sees_its_own_and_nothing_of_trial_runs(
    fits: MakeProject, county: User, as_user: SignIn
) -> None:
    mine, theirs = fits("我家的"), fits("别家的")
    for project in (mine, theirs):
        in_library(project)
    person = make_user("enterprise-handler", enterprise=mine.enterprise)
    client = as_user(person)
    text = client.get("/library/").content.decode()
    assert "我家的" in text and "别家的" not in text
    assert client.get(f"/library/projects/{theirs.pk}/").status_code == 404
    assert client.get("/library/adjustments/").status_code == 403
