"""The sandbox on screen: made, changed, asked, shared, exported; what is wrong is said."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jigai.core.models import EvidenceUse, Job, User
from jigai.policies.models import PackDraft, PackVersion
from jigai.workbench.models import SandboxAnalysis, SandboxStudy
from jigai.workbench.sandbox.services.change_study import share_study
from jigai.workbench.sandbox.services.start_work import start_export, start_question
from tests.workbench.sandbox.conftest import access, finish, new_study

pytestmark = pytest.mark.django_db
SignIn = Callable[[str], Client]


def nonce(page: Any) -> str:
    found = re.search(r'name="nonce" value="([^"]+)"', page.content.decode())
    assert found, page.content.decode()[:500]
    return found[1]


def text(page: Any) -> str:
    return page.content.decode()


def post(client: Client, start: str, to: str, **values: Any) -> Any:
    """Send a form from the page it stands on."""
    return client.post(to, {"nonce": nonce(client.get(start)), **values})


def url(study: SandboxStudy, part: str = "") -> str:
    return f"/sandbox/{study.pk}/{part}"


def test_a_study_is_made_on_screen(installed: PackVersion, web: SignIn) -> None:
    client = web("clerk")
    answer = post(client, "/sandbox/new/", "/sandbox/new/", title="示例", pack=installed.pk,
                  population="demo", region="370812", year="2021")  # fmt: skip
    assert answer.status_code == 302, text(answer)[-3000:]
    study = SandboxStudy.objects.get(title="示例")
    page = text(client.get(answer["Location"]))
    assert answer["Location"] == url(study) and "演示省（虚构）" in page and "现行规定" in page


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "名称"),
        ({"pack": ""}, "请选一份政策文件"),
        ({"population": "imported"}, "还要上传：企业名录、技改项目台账"),
        ({"region": "370811"}, "不在您的数据权限之内"),
    ],
)
def test_a_form_that_lacks_something_says_what(
    installed: PackVersion, web: SignIn, values: dict[str, str], said: str
) -> None:
    given = {"title": "示例", "pack": str(installed.pk), "population": "current",
             "region": "370812", "year": "2021", **values}  # fmt: skip
    answer = post(web("clerk"), "/sandbox/new/", "/sandbox/new/", **given)
    assert answer.status_code == 422 and said in text(answer)
    assert not SandboxStudy.objects.filter(title="示例").exists()


def test_every_page_says_it_is_a_simulation(district: SandboxStudy, web: SignIn) -> None:
    client = web("clerk")
    first = district.scenarios.get(place=1).pk
    pages = [url(district), url(district, "changes/"), url(district, "ask/"),
             f"/sandbox/scenarios/{first}/",
             url(district, f"shortage/?scenario={first}&budget=2000&rank=grade")]  # fmt: skip
    for address in pages:
        page = client.get(address)
        assert page.status_code == 200 and "【模拟】政策沙盘的结果只供研究" in text(page), address


def test_scenarios_stand_beside_one_another(district: SandboxStudy, web: SignIn) -> None:
    """Costs, difference, beneficiaries; every figure has its table."""
    page = text(web("clerk").get(url(district)))
    for part in ("4,544.19", "3,575.74", "-968.45", "设备补助比例 3% → 2%", "前十家占比"):
        assert part in page, part
    assert page.count("data-chart ") == page.count("看数据表") == 7


def test_winners_and_losers_are_listed_and_filtered(district: SandboxStudy, web: SignIn) -> None:
    client = web("clerk")
    page = text(client.get(url(district, "changes/")))
    assert "减少" in page and "-968.45" in page and "666,666.67" in page
    none = text(client.get(url(district, "changes/?kind=new")))
    assert "没有符合的企业" in none
    one = district.scenarios.get(place=1).pk
    same = text(client.get(url(district, f"changes/?one={one}&other={one}")))
    assert "两边是同一个情景" in same


def test_values_are_changed_and_wrong_ones_told(district: SandboxStudy, web: SignIn) -> None:
    """What is typed stays on the page; a value like the document's is no change."""
    client, row = web("clerk"), district.scenarios.get(place=2)
    address = f"/sandbox/scenarios/{row.pk}/"
    page = text(client.get(address))
    assert 'type="range"' in page and 'value="2%"' in page
    given = {"version": row.version, "name": "新名称", "v-equipment_rate": "三成",
             "v-equipment_cap": "100万元"}  # fmt: skip
    answer = post(client, address, address, **given)
    assert answer.status_code == 422 and "读不懂" in text(answer) and "三成" in text(answer)
    answer = post(client, address, address, **{**given, "v-equipment_rate": "2.5%"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.name, row.overrides) == ("新名称", {"equipment_rate": "2.5%"})
    answer = post(client, address, address, **given)
    assert answer.status_code == 422 and "被改过" in text(answer)


def test_a_scenario_is_added_and_taken_out_once(district: SandboxStudy, web: SignIn) -> None:
    client, first = web("clerk"), district.scenarios.get(place=1)
    number = nonce(client.get(url(district)))
    given = {"nonce": number, "source": f"copy:{first.pk}", "name": "抄一份"}
    one, two = (client.post(url(district, "scenarios/add/"), given) for _ in range(2))
    assert one["Location"] == two["Location"]
    assert district.scenarios.filter(active=True, name="抄一份").count() == 1
    made = district.scenarios.get(name="抄一份")
    post(client, url(district), f"/sandbox/scenarios/{made.pk}/remove/")
    assert client.get(f"/sandbox/scenarios/{made.pk}/").status_code == 404


def test_the_solver_is_asked_and_answers_on_screen(district: SandboxStudy, web: SignIn) -> None:
    client, first = web("clerk"), district.scenarios.get(place=1)
    address = url(district, "ask/")
    wrong = post(client, address, address, kind="solve", scenario=first.pk,
                 parameter="equipment_rate", budget="很多")  # fmt: skip
    assert wrong.status_code == 422
    answer = post(client, address, address, kind="solve", scenario=first.pk,
                  parameter="equipment_rate", budget="2000")  # fmt: skip
    assert answer.status_code == 302 and answer["Location"].startswith("/jobs/")
    job = finish(Job.objects.filter(kind="sandbox-ask").latest("id"))
    page = text(client.get(job.url))
    for part in ("0.41%", "19,914,898.62", "0.42%", "20,011,632.22", "0.01 个百分点"):
        assert part in page, part
    assert "0.41%" in text(client.get(address))


@pytest.mark.parametrize(
    ("kind", "asked", "said"),
    [
        ("heat", {"x": {"parameter": "equipment_rate", "low": "2", "high": "3", "count": 2},
                  "y": {"parameter": "equipment_cap", "low": "90", "high": "100", "count": 2}},
         "4,544.19"),
    ],
)  # fmt: skip
def test_other_answers_are_shown(
    district: SandboxStudy, web: SignIn, kind: str, asked: dict[str, Any], said: str
) -> None:
    job = start_question(
        scenario=district.scenarios.get(place=1), kind=kind, asked=asked,
        by=User.objects.get(username="clerk"), access=access("clerk"),
    )  # fmt: skip
    assert said in text(web("clerk").get(finish(job).url))


def test_a_step_of_each_parameter_is_shown_with_its_sign(
    district: SandboxStudy, web: SignIn
) -> None:
    side = {"text": "3.01%", "total": 101, "difference": 7_069_398, "selected": -1}
    row = {"id": "equipment_rate", "name": "设备补助比例", "clause": "四.1", "text": "3%",
           "step": "0.01 个百分点", "alone": "换了说法", "up": side, "down": None}  # fmt: skip
    answer = SandboxAnalysis.objects.create(
        study=district, scenario=district.scenarios.get(place=1), kind="marginal",
        fingerprint="x", found={"total": 94, "passes": 1, "rows": [row]},
        created_by=district.created_by,
    )  # fmt: skip
    page = text(web("clerk").get(f"/sandbox/answers/{answer.pk}/"))
    for part in ("+70,693.98", "单独测算：换了说法", "-1", "情景在这之后改过"):
        assert part in page, part


@pytest.mark.system("budget-control")
def test_three_ways_out_of_a_short_budget(district: SandboxStudy, web: SignIn) -> None:
    """The document does not say how to cut: each way is shown with what it does to each."""
    first = district.scenarios.get(place=1).pk
    page = text(web("clerk").get(
        url(district, f"shortage/?scenario={first}&budget=2000&rank=small")
    ))  # fmt: skip
    assert page.count("20,000,000.00") == 3 and page.count("45,441,903.27") == 3
    assert "440,122.41" in page and "按比例" in page and "先到先得" in page
    enough = text(web("clerk").get(
        url(district, f"shortage/?scenario={first}&budget=9000&rank=grade")
    ))  # fmt: skip
    assert "资金够用" in enough


def test_who_sees_what(district: SandboxStudy, web: SignIn) -> None:
    """Out of reach is 404, without the right 403; a colleague reads what is shared."""
    assert web("chief").get(url(district)).status_code == 404
    share_study(study=district.pk, shared=True, tell=[], by=district.created_by,
                access=access("clerk"))  # fmt: skip
    page = text(web("chief").get(url(district)))
    assert "另存一份" in page and "增加情景" not in page and "重新取数" not in page
    assert web("neighbour").get(url(district)).status_code == 404
    first = district.scenarios.get(place=1).pk
    for address in ("changes/", "ask/", "shortage/"):
        assert web("neighbour").get(url(district, address)).status_code == 404
    assert web("neighbour").get(f"/sandbox/scenarios/{first}/").status_code == 404


def test_a_study_is_exported_as_word(district: SandboxStudy, web: SignIn) -> None:
    """模拟 in words and across every page; seven real charts with their workbooks; the same bytes
    again."""
    from jigai.workbench.sandbox.standing import standings
    from jigai.workbench.sandbox.word import study_paper

    client = web("clerk")
    answer = post(client, url(district), url(district, "export/"), form="docx")
    finish(Job.objects.filter(kind="sandbox-export").latest("id"))
    assert answer.status_code == 302
    use = EvidenceUse.objects.get(kind="sandbox", key=str(district.pk), purpose="导出")
    file = client.get(url(district, f"files/{use.file_id}/"))
    content = b"".join(file.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
        body, head = (package.read(f"word/{n}.xml").decode() for n in ("document", "header1"))
    assert "【模拟】" in body and 'string="模拟"' in head
    assert len([n for n in names if n.startswith("word/charts/chart")]) == 7
    assert len([n for n in names if n.startswith("word/embeddings/")]) == 7
    assert "4,544.19" in body and "{{" not in body and "{%" not in body
    listed = standings(district)
    assert study_paper(district, listed, []) == study_paper(district, listed, []) == content
    assert web("neighbour").get(url(district, f"files/{use.file_id}/")).status_code == 404


def test_a_workbook_has_every_row_and_runs_nothing(district: SandboxStudy) -> None:
    """Amounts to the fen, every decision, charts; a title that looks like a formula is text."""
    district.title = "=HYPERLINK(1)"
    district.save()
    job = start_export(study=district, form="xlsx", by=district.created_by, access=access("clerk"))
    finish(job)
    from jigai.core.evidence import path_of

    file = EvidenceUse.objects.get(kind="sandbox", key=str(district.pk)).file
    book = openpyxl.load_workbook(io.BytesIO(path_of(file).read_bytes()))
    assert book.sheetnames[:3] == ["说明", "情景对比", "分组"] and "图" in book.sheetnames
    assert len(book["图"]._charts) == 7
    rows = list(book["情景对比"].iter_rows(values_only=True))
    assert rows[0][0] == "'=HYPERLINK(1)（模拟）" and "【模拟】" in rows[1][0]
    assert rows[3][1] == 45_441_903.27
    money = [r[12] or 0 for r in book["明细1"].iter_rows(min_row=4, values_only=True)]
    assert round(sum(money), 2) == 45_441_903.27
    lost = [r[7] for r in book["增减名单"].iter_rows(min_row=4, values_only=True)]
    assert round(sum(lost), 2) == -9_684_464.48


def test_nothing_to_export_before_a_run(installed: PackVersion, web: SignIn) -> None:
    study = new_study(installed)
    client = web("clerk")
    assert "还没有结果" in text(client.get(url(study)))
    answer = post(client, url(study), url(study, "export/"), form="docx", follow=False)
    assert answer["Location"] == url(study)
    assert "还没有结果可以导出" in text(client.get(url(study)))


def test_a_draft_that_cannot_be_read_is_told_with_its_place(
    district: SandboxStudy, web: SignIn
) -> None:
    """Faulty rules are neither run nor shown as numbers; the page says file, line and cure."""
    row = district.scenarios.get(place=2)
    assert row.base is not None
    row.files = {n: t for n, t in row.base.files.items() if n.startswith("yanzhou-2020/")}
    broken = row.files["yanzhou-2020/measures.yaml"].replace("设备起点额", "没有的事实", 1)
    row.files = {**row.files, "yanzhou-2020/measures.yaml": broken}
    row.save()
    client = web("clerk")
    assert "规则有错" in text(client.get(url(district)))
    page = text(client.get(f"/sandbox/scenarios/{row.pk}/"))
    assert "measures.yaml" in page and "没有的事实" in page


def test_a_draft_is_tried_and_a_scenario_becomes_one(district: SandboxStudy, web: SignIn) -> None:
    """Values and readings are written into the files; the draft's text is another scenario's
    rules, and later text is told and taken."""
    from jigai.workbench.sandbox.services.draft_scenario import draft_scenario
    from jigai.workbench.sandbox.standing import standings

    client, second = web("clerk"), district.scenarios.get(place=2)
    draft = draft_scenario(scenario=second.pk, by=district.created_by, access=access("clerk"))
    assert "value: 2%" in draft.files["yanzhou-2020/parameters.yaml"]
    page = text(client.get(f"/sandbox/new/?draft={draft.pk}"))
    assert "起草稿" in page and draft.title in page
    answer = post(client, url(district), url(district, "scenarios/add/"),
                  source=f"draft:{draft.pk}", name="起草的")  # fmt: skip
    assert answer["Location"].startswith("/sandbox/scenarios/")
    job = Job.objects.create(kind="sandbox-run", title="x", owner=district.created_by,
                             params={"study": district.pk})  # fmt: skip
    finish(job)
    found = standings(district)[2]
    assert found.summary["total"] == standings(district)[1].summary["total"]
    PackDraft.objects.filter(pk=draft.pk).update(version=draft.version + 1)
    assert standings(district)[2].behind_draft
    assert "取最新稿" in text(client.get(url(district)))


def test_the_list_asks_as_much_for_many_as_for_few(installed: PackVersion, web: SignIn) -> None:
    client = web("clerk")
    counts = []
    for size in (2, 8):
        for number in range(size):
            new_study(installed, title=f"示例{size}-{number}")
        client.get("/sandbox/")
        with CaptureQueriesContext(
            connection,
        ) as caught:
            page = text(client.get("/sandbox/"))
        counts.append(len(caught))
        assert f"示例{size}-0" in page
    assert counts[0] == counts[1]
