"""重复收费与侵权举报: taken, handed on, looked into, answered; none ends without a result."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jigai.cases.models import Case, CaseProcedure, CaseRecord, FilingThrottle
from jigai.cases.services import file_complaint as filing
from jigai.cases.services.file_complaint import NoDesk, digest_of, file_complaint
from jigai.core.models import EvidenceFile
from jigai.errors import JigaiError
from tests.cases.conftest import open_tasks
from tests.factories import COUNTY, SIBLING
from tests.workbench.complaints.conftest import ANSWER, VALUES, Desk

pytestmark = [pytest.mark.django_db, pytest.mark.system("complaint-desk")]
NONCE = "7b1f9a52-3a0e-4a5f-9a60-1c2d3e4f5a6b"


def look(client: Client, receipt: str) -> str:
    answer = client.get(reverse("complaint-query"), {"number": receipt})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    return str(answer.content.decode())


def test_it_passes_through_the_department_of_its_matter(desk: Desk) -> None:
    case = desk.file()
    assert (case.state, open_tasks(case)) == ("submitted", ["register"])
    desk.do(case, "accept", "miit")
    case = desk.do(case, "agree", "miit", values={"handler_line": "finance"})
    assert open_tasks(case) == ["finance"]
    assert {s.code for s in case.steps.filter(state="skipped")} == {"market"}
    case = desk.do(case, "agree", "finance", values={
        "finding": "示例", "outcome": "false", "measure": "none"})  # fmt: skip
    assert open_tasks(case) == ["reply"]


def test_it_is_not_closed_without_a_result(desk: Desk) -> None:
    case = desk.file()
    desk.do(case, "accept", "miit")
    desk.do(case, "agree", "miit", values={"handler_line": "market"})
    with pytest.raises(JigaiError, match="没有填写：结论"):
        desk.do(case, "agree", "market", values={"finding": "示例", "measure": "none"})


def test_it_is_not_closed_without_an_answer(desk: Desk) -> None:
    case = desk.until_found(desk.file())
    with pytest.raises(JigaiError, match="没有填写：答复"):
        desk.do(case, "agree", "miit", values={"answer": "  "})
    case.refresh_from_db()
    assert case.state == "open"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"outcome": None}, "没有写结论"),
        ({"outcome": "gone"}, "没有写结论"),
        ({"answer": " "}, "没有写答复"),
        ({"measure": ""}, "没有写处理"),
        ({"refund": None}, "没有写退费金额"),
        ({"measure": "stop"}, "只有处理是退费"),
    ],
)
def test_even_a_changed_procedure_does_not_close_it_half_done(
    desk: Desk, values: dict[str, Any], said: str
) -> None:
    case = desk.until_found(desk.file())
    # As if the designer had made every field optional.
    content = case.release.content
    for item in content["fields"]:
        item["required"] = False
    release = case.procedure.versions.create(
        number=9, content=content, sha256="0" * 64, published=True
    )
    kept = {**case.values, "answer": "已答复", **values}
    Case.objects.filter(pk=case.pk).update(release=release, values=kept)
    with pytest.raises(JigaiError, match=said):
        desk.do(case, "agree", "miit", values={})


def test_the_result_is_seen_by_its_number_and_only_once_it_is_final(
    desk: Desk, client: Client
) -> None:
    case = desk.file(name="示例举报人", contact="示例电话")
    text = look(client, case.receipt)
    assert "三个月内两次收检测费" in text and "待受理" in text
    desk.until_found(case)
    text = look(client, case.receipt.lower())
    assert "反馈与结案" in text and "1,200.00" not in text and "属实" not in text
    desk.do(case, "agree", "miit", values=ANSWER)
    text = look(client, case.receipt)
    assert "属实" in text and "退费" in text and "1,200.00" in text
    assert ANSWER["answer"] in text
    for secret in ("示例举报人", "示例电话", "两次收费属实", "示例market"):
        assert secret not in text


def test_a_refusal_tells_why(desk: Desk, client: Client) -> None:
    case = desk.file()
    desk.do(case, "refuse_acceptance", "miit", reason="不属于涉企收费，请向劳动监察部门反映")
    assert "请向劳动监察部门反映" in look(client, case.receipt)


def test_an_unknown_number_says_so_and_nothing_else(desk: Desk, client: Client) -> None:
    desk.file()
    answer = client.get(reverse("complaint-query"), {"number": "TS-2222-3333-4444"})
    assert answer.status_code == 404 and "没有这个查询码" in answer.content.decode()
    assert client.get(reverse("complaint-query")).status_code == 200
    # Cases of other kinds have no number; an empty one finds none of them.
    assert "办理进度" not in client.get(reverse("complaint-query") + "?number=").content.decode()


def form(**more: Any) -> dict[str, Any]:
    given = {"name": "", "contact": "", "homepage": "", "paper": "", "place": "兖州区",
             "nonce": NONCE, **VALUES, **more}  # fmt: skip
    return given


def test_anybody_files_without_an_account_and_gets_a_number(desk: Desk, client: Client) -> None:
    page = client.get(reverse("complaint-new"))
    assert page["Cache-Control"] == "no-store" and "sessionid" not in page.cookies
    answer = client.post(reverse("complaint-new"), form(name="示例举报人"))
    case = Case.objects.get()
    assert answer.status_code == 302 and case.receipt in answer["Location"]
    assert (case.region_code, case.started_by, case.applicant_name) == (COUNTY, None, "示例举报人")
    assert case.values["amount"] == 120_000
    assert case.receipt in client.get(answer["Location"]).content.decode()
    kept = str(list(CaseRecord.objects.values_list("reason", "data")))
    assert "示例举报人" not in kept


def test_the_same_form_sent_again_is_one_complaint(desk: Desk, client: Client) -> None:
    first = client.post(reverse("complaint-new"), form())
    again = client.post(reverse("complaint-new"), form())
    assert first["Location"] == again["Location"] and Case.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"place": "不存在区"}, "没有这个地区"),
        ({"place": "济宁市"}, "还没有接入本平台"),
        ({"subject": ""}, "必填"),
        ({"told": ""}, "必填"),
        ({"amount": "一些钱"}, "带单位的数"),
        ({"homepage": "http://example.com"}, "应当空着"),
        ({"happened": "2999-01-01"}, "这一天还没有到"),
        ({"nonce": "x"}, "表单已失效"),
    ],
)
def test_what_does_not_fit_is_refused_and_says_why(
    desk: Desk, client: Client, change: dict[str, Any], said: str
) -> None:
    answer = client.post(reverse("complaint-new"), form(**change))
    assert answer.status_code == 422 and said in answer.content.decode()
    assert not Case.objects.exists()


def test_a_flood_from_one_address_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "PER_HOUR", 2)
    desk.file(address="192.0.2.1")
    desk.file(address="192.0.2.1")
    with pytest.raises(JigaiError, match="最多提交 2 件"):
        desk.file(address="192.0.2.1")
    desk.file(address="192.0.2.2")
    assert Case.objects.count() == 3
    kept = FilingThrottle.objects.get(digest=digest_of("192.0.2.1"))
    assert "192" not in kept.digest[:3] and kept.count == 2


def test_numbers_are_not_to_be_guessed(desk: Desk) -> None:
    found = {filing.new_receipt() for _ in range(200)}
    assert len(found) == 200
    assert all(not set("01IO") & set(one.removeprefix("TS-")) for one in found)


def test_a_place_without_desk_is_told_whom_to_ask(desk: Desk) -> None:
    with pytest.raises(NoDesk, match="还没有接入"):
        desk.file(region_code=SIBLING)
    assert not Case.objects.exists()
    CaseProcedure.objects.filter(code="complaint").update(region_code=SIBLING)
    with pytest.raises(NoDesk, match="还没有开通"):
        file_complaint(values=VALUES, region_code=COUNTY)


def test_without_the_procedure_the_page_says_so(db: None, client: Client) -> None:
    text = client.get(reverse("complaint-new")).content.decode()
    assert "还没有开通" in text and "<textarea" not in text


def test_proof_comes_with_it_and_hostile_files_do_not(desk: Desk, client: Client) -> None:
    hostile = SimpleUploadedFile("票据.pdf", b"MZ\x90\x00 not a receipt", "application/pdf")
    answer = client.post(reverse("complaint-new"), form(proof=hostile))
    assert answer.status_code == 422 and not Case.objects.exists()
    assert not EvidenceFile.objects.exists()
    kept = SimpleUploadedFile(
        "票据.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n", "application/pdf"
    )
    client.post(reverse("complaint-new"), form(proof=kept))
    row = Case.objects.get().evidence.get(item="proof")
    assert row.file is not None and (row.file.name, row.file.region_code) == ("票据.pdf", COUNTY)


def test_nobody_is_named_where_no_name_was_given(desk: Desk) -> None:
    assert desk.file().applicant_name == "匿名"
