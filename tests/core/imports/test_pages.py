"""The pages of imports: who sees them, what they say, what the buttons do."""

from __future__ import annotations

import io
import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.core.imports import services
from jigai.core.jobs.registry import Cancelled, JobContext
from jigai.core.models import Enterprise, EvidenceFile, ImportBatch, ImportIssue, Job, User
from tests.core.imports import kit
from tests.core.imports.kit import HEADS, begin, book, register, run_jobs
from tests.factories import SIBLING, make_role, make_user, uscc_of
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def person() -> User:
    return kit.clerk(name="王经办")


@pytest.fixture
def own(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def nonce(**fields: Any) -> dict[str, Any]:
    return {"nonce": str(uuid.uuid4()), **fields}


def messy(*names: str) -> bytes:
    rows = [
        (f" {name}", uscc_of(place), "镇", "约120", "1,250.00", "a")
        for place, name in enumerate(names, 1)
    ]
    return book(HEADS, *rows)


def test_files_come_in_without_scripts(own: Client) -> None:
    page = own.get("/imports/new/").content.decode()
    assert "选择表格文件" in page and "兖州区" in page and 'data-pieces="/uploads/"' in page
    files = [io.BytesIO(register("兖州甲机械有限公司")), io.BytesIO(b"MZ" + bytes(90))]
    files[0].name, files[1].name = "名录.xlsx", "病毒.xlsx"
    fields = nonce(year=2021, region=kit.COUNTY, kind="", files=files)
    first = own.post("/imports/new/", fields)
    assert first.status_code == 302 and ImportBatch.objects.count() == 1
    run_jobs()
    shown = own.get(first.url, follow=True).content.decode()
    assert "文件“病毒.xlsx”的类型不能接收" in shown
    assert "入库后将新建 1 家企业，更新 0 家，记录 3 条年度数据" in shown


def test_a_form_sent_twice_begins_once(own: Client) -> None:
    fields = nonce(year=2021, region=kit.COUNTY, kind="")
    urls = []
    for _ in range(2):
        given = io.BytesIO(register("兖州甲机械有限公司"))
        given.name = "名录.xlsx"
        urls.append(own.post("/imports/new/", {**fields, "files": given}).url)
    assert urls[0] == urls[1] and ImportBatch.objects.count() == 1


def test_what_is_missing_is_said_on_the_form(own: Client) -> None:
    answer = own.post("/imports/new/", nonce(year=2021, region=kit.COUNTY, kind=""))
    assert answer.status_code == 422 and "还没有选择文件" in answer.content.decode()
    answer = own.post("/imports/new/", nonce(year="", region="", kind=""))
    assert answer.status_code == 422


def test_another_region_is_refused(own: Client) -> None:
    given = io.BytesIO(register("兖州甲机械有限公司"))
    given.name = "名录.xlsx"
    answer = own.post("/imports/new/", nonce(year=2021, region=SIBLING, kind="", files=given))
    assert answer.status_code == 422 and "您不能向这个地区导入数据" in answer.content.decode()
    assert not EvidenceFile.objects.exists() and not ImportBatch.objects.exists()


def test_the_page_groups_findings_and_filters_them(own: Client, person: User) -> None:
    batch = begin(messy("兖州甲机械有限公司", "兖州乙机械有限公司"), person)
    here = f"/imports/{batch.pk}/"
    text = own.get(here).content.decode()
    assert "填的是约数，请填准确数" in text and ">D2<" in text and "2 处错误单元格留空" in text
    assert "确认入库" in text and "预览" in text
    part = own.get(f"{here}issues/?severity=error", headers=HTMX).content.decode()
    assert "<html" not in part and "约120" in part and "1,250.00" not in part
    part = own.get(f"{here}issues/?code=A_THOUSANDS", headers=HTMX).content.decode()
    assert "1,250.00" in part and "12500000.00" in part and "约120" not in part
    assert own.get(f"{here}issues/?code=A_THOUSANDS").url.startswith(here)


def test_long_lists_of_findings_go_on(own: Client, person: User) -> None:
    names = [f"兖州第{n}机械有限公司" for n in range(60)]
    batch = begin(messy(*names), person)
    url = f"/imports/{batch.pk}/issues/?severity=error"
    first = own.get(url, headers=HTMX).content.decode()
    assert first.count("约120") == 50 and "再看 50 条" in first
    after = first.split("after=")[1].split("#")[0].split('"')[0]
    rest = own.get(f"{url}&after={after}", headers=HTMX).content.decode()
    assert rest.count("约120") == 10 and "再看" not in rest and "jg-import-groups" not in rest


def test_commit_progress_and_result(own: Client, person: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), person)
    here = f"/imports/{batch.pk}/"
    assert own.post(f"{here}commit/", nonce()).url == here
    assert own.post(f"{here}commit/", nonce()).url == here
    assert Job.objects.filter(kind="import-commit").count() == 1
    assert "every 2s" in own.get(f"{here}state/").content.decode()
    assert "正在入库" in own.get(here).content.decode()
    run_jobs()
    assert own.get(f"{here}state/").headers["HX-Refresh"] == "true"
    text = own.get(here).content.decode()
    assert "已入库" in text and "撤销导入" in text and "确认入库" not in text
    assert "撤销会做什么" in own.get(f"{here}undo/").content.decode()
    own.post(f"{here}undo/", nonce())
    run_jobs()
    assert "已撤销" in own.get(here).content.decode()


def test_repeated_content_asks_for_a_tick(own: Client, person: User) -> None:
    content = register("兖州甲机械有限公司")
    kit.bring(content, person)
    again = begin(content, person)
    here = f"/imports/{again.pk}/"
    # Nothing in it is new until the row is changed by hand.
    Enterprise.objects.update(town="新兖镇")
    services.reread(batch_id=again.pk, by=person)
    run_jobs()
    assert "这个文件导入过" in own.get(here).content.decode()
    answer = own.post(f"{here}commit/", nonce())
    assert answer.status_code == 422 and "不会带来新数据" in answer.content.decode()
    assert own.post(f"{here}commit/", nonce(repeat="1")).status_code == 302


def test_a_file_with_nothing_new_is_not_offered_for_commit(own: Client, person: User) -> None:
    content = register("兖州甲机械有限公司")
    first = kit.bring(content, person)
    again = begin(content, person)
    text = own.get(f"/imports/{again.pk}/").content.decode()
    assert "没有需要写入的内容" in text and f"批次 {first.pk}" in text
    assert "确认入库" not in text and "仍然入库" not in text


def test_a_group_with_nothing_new_is_not_offered_for_commit(own: Client, person: User) -> None:
    old, new = register("兖州甲机械有限公司"), register("兖州乙机械有限公司", first=2)
    kit.bring(old, person)
    files = [kit.keep(old, person, "旧.xlsx"), kit.keep(old, person, "旧二.xlsx")]
    group = services.start_group(files=files, year=kit.YEAR, region_code=kit.COUNTY, by=person)
    run_jobs()
    text = own.get(f"/imports/group/{group}/").content.decode()
    assert "没有需要写入的内容" in text and "全部入库" not in text
    files = [kit.keep(old, person, "旧三.xlsx"), kit.keep(new, person, "新.xlsx")]
    group = services.start_group(files=files, year=kit.YEAR, region_code=kit.COUNTY, by=person)
    run_jobs()
    assert "按下表顺序入库 1 个文件" in own.get(f"/imports/group/{group}/").content.decode()
    own.post(f"/imports/group/{group}/commit/", nonce())
    run_jobs()
    states = ImportBatch.objects.filter(group=group).order_by("file__name")
    assert set(states.values_list("file__name", "status")) == {
        ("新.xlsx", "committed"), ("旧三.xlsx", "ready"),
    }  # fmt: skip


def test_regions_are_told_by_name(own: Client, person: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), person)
    text = own.get(f"/imports/{batch.pk}/").content.decode()
    assert f'<span title="区划代码 {kit.COUNTY}">兖州区</span>' in text
    row = own.get("/imports/").content.decode().split("<tbody>")[1]
    assert "兖州区" in row and kit.COUNTY not in row.split("</tbody>")[0]


def test_a_repeated_project_names_its_row_in_words(own: Client, person: User) -> None:
    kit.bring(register("兖州甲机械有限公司"), person)
    line = ("智能车间", "兖州甲机械有限公司", uscc_of(1), None, "备1", "技改", 500, "是")
    batch = begin(book(kit.PROJECT_HEADS, line, line), person)
    issue = ImportIssue.objects.get(batch=batch, code="E_PROJECT_DUP")
    assert issue.message.endswith("（与第 2 行重复）")
    text = own.get(f"/imports/{batch.pk}/?code=E_PROJECT_DUP").content.decode()
    assert issue.message in text and '<td class="jg-clean">—</td>' in text


def test_a_cancelled_group_keeps_what_is_in_and_frees_the_rest(
    own: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [
        kit.keep(register("兖州甲机械有限公司"), person, "一.xlsx"),
        kit.keep(register("兖州乙机械有限公司", first=2), person, "二.xlsx"),
    ]
    group = services.start_group(files=files, year=kit.YEAR, region_code=kit.COUNTY, by=person)
    run_jobs()
    own.post(f"/imports/group/{group}/commit/", nonce())
    job = Job.objects.get(kind="import-commit-group")
    assert "已经入库的文件不会退回" in own.get(f"/jobs/{job.pk}/").content.decode()

    def stop_after_first(context: JobContext, step: str, share: float) -> None:
        if share > 0:
            raise Cancelled("cancelled", "已按请求取消")

    monkeypatch.setattr(JobContext, "progress", stop_after_first)
    run_jobs()
    job.refresh_from_db()
    assert job.status == Job.Status.CANCELLED
    states = ImportBatch.objects.filter(group=group).order_by("pk").values_list("status", flat=True)
    assert list(states) == ["committed", "ready"]


def test_the_clerk_may_correct_what_was_recognised(own: Client, person: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), person)
    fields = {f"field_{c['letter']}": c["field"] for c in batch.columns}
    fields |= {"unit_revenue": "元", "year": "2020", "region": kit.COUNTY, "kind": "enterprises"}
    own.post(f"/imports/{batch.pk}/reread/", nonce(**fields))
    run_jobs()
    batch.refresh_from_db()
    assert (batch.year, batch.choices["units"]) == (2020, {"revenue": "元"})
    assert batch.choices["fields"] == {}
    assert "1200.50" in own.get(f"/imports/{batch.pk}/").content.decode()


def test_a_refused_file_says_why_and_offers_a_way(own: Client, person: User) -> None:
    batch = begin(book(("甲", "乙"), (1, 2)), person)
    text = own.get(f"/imports/{batch.pk}/").content.decode()
    assert "没有认出任何一种表的表头" in text and "指定表类后重新识别" in text
    own.post(f"/imports/{batch.pk}/discard/", nonce())
    assert "已放弃" in own.get(f"/imports/{batch.pk}/").content.decode()


def test_a_group_shows_every_file_and_goes_in_together(own: Client, person: User) -> None:
    ledger = book(("项目名称", "企业名称"), ("数控改造", "兖州甲机械有限公司"))
    contents = (("名录.xlsx", register("兖州甲机械有限公司")), ("台账.xlsx", ledger))
    files = []
    for name, content in contents:
        stream = io.BytesIO(content)
        stream.name = name
        files.append(stream)
    url = own.post("/imports/new/", nonce(year=2021, region=kit.COUNTY, kind="", files=files)).url
    assert "every 2s" in own.get(url).content.decode()
    run_jobs()
    text = own.get(url).content.decode()
    assert "按下表顺序入库 2 个文件" in text and "其中 1 个要等前面的表入库后" in text
    own.post(f"{url}commit/", nonce())
    assert "正在入库" in own.get(f"{url}state/").content.decode()
    run_jobs()
    assert "全部入库" in own.get(url).content.decode()
    own.get("/imports/")


@pytest.mark.system("data-privacy")
def test_others_see_only_what_they_may(client: Client, person: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), person)
    here = f"/imports/{batch.pk}/"
    client.force_login(make_user("section-clerk", SIBLING))
    for url in (here, f"{here}state/", f"{here}issues/", f"{here}undo/",
                f"/imports/group/{batch.group}/"):  # fmt: skip
        assert client.get(url).status_code == 404
    for url in ("commit", "reread", "discard", "undo", "corrected"):
        assert client.post(f"{here}{url}/", nonce()).status_code == 404
    client.force_login(make_user("leader"))
    assert client.get("/imports/").status_code == 403
    batch.refresh_from_db()
    assert batch.status == "ready"


def test_only_the_clerk_and_those_with_the_duty_take_back(client: Client, person: User) -> None:
    batch = kit.bring(register("兖州甲机械有限公司"), person)
    colleague, chief = kit.clerk(), make_user("section-chief")
    for user, status in ((colleague, 403), (person, 302), (chief, 302)):
        client.force_login(user)
        assert client.post(f"/imports/{batch.pk}/undo/", nonce()).status_code == status


def test_a_kind_needs_its_own_capability(client: Client, person: User) -> None:
    batch = begin(register("兖州甲机械有限公司"), person)
    role = make_role("section-clerk")
    role.capabilities = [c for c in role.capabilities if c != "enterprise.import"]
    role.save()
    client.force_login(person)
    assert client.get("/imports/").status_code == 200
    assert client.get(f"/imports/{batch.pk}/").status_code == 404


def test_the_list_asks_the_same_number_of_questions_at_any_length(
    own: Client, person: User
) -> None:
    def grow(size: int) -> None:
        while ImportBatch.objects.count() < size:
            begin(register(f"兖州第{ImportBatch.objects.count()}有限公司"), person)

    assert_query_count(own, "/imports/", grow, most=20, sizes=(2, 6))
