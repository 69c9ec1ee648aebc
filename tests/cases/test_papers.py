"""Notices of a case: when each may be issued, by whom, and what it says."""

from __future__ import annotations

import io
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.cases.models import Case, CaseRecord
from jigai.cases.papers import NEEDS, kinds, letter_of, papers_of, values_for
from jigai.cases.services.issue_paper import issue_paper
from jigai.cases.viewer import viewer_of
from jigai.core.access import Denied, access_of
from jigai.core.models import IssuedDocument, Notice, User
from jigai.errors import JigaiError
from tests.cases.conftest import CONTENT, Do, People, publish
from tests.factories import SIBLING, make_department, make_enterprise, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """A place for the files of this test."""
    settings.DATA_DIR = tmp_path
    yield tmp_path


def a_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(case: Case, kind: str, user: User) -> str:
    case = Case.objects.get(pk=case.pk)
    content = letter_of(viewer_of(case, access_of(user)), kind, "示例审批局")
    table = content["table"] or {"rows": []}
    cells = [cell for row in table["rows"] for cell in row]
    return "\n".join([content["addressee"], *content["paragraphs"], *cells])


def issue(case: Case, kind: str, user: User) -> IssuedDocument:
    return issue_paper(case=case.pk, kind=kind, by=user, access=access_of(user))


def test_every_sentence_can_be_filled_in_and_names_its_law(opened: Case) -> None:
    for kind, one in kinds().items():
        values = values_for(opened, one)
        assert one["needs"] in NEEDS and one["title"] and one["word"], kind
        assert "行政许可法" in values["by_law"], kind
        for part in one["paragraphs"]:
            assert "{" not in part["text"].format_map(values)
            assert {part.get("if"), part.get("unless")} - {None} <= set(values)


def test_a_law_for_licences_is_not_quoted_for_others(people: People, opened: Case) -> None:
    service = publish({**CONTENT, "kind": "service"}, "a-service")
    Case.objects.filter(pk=opened.pk).update(release=service.current, procedure=service)
    assert "行政许可法" not in text_of(opened, "acceptance", people["approval"])


def test_acceptance_says_the_days_and_what_is_to_follow(opened: Case, people: People) -> None:
    said = text_of(opened, "acceptance", people["approval"])
    row = opened.evidence.get(item="land_paper")
    for words in (people.enterprise.name, opened.number, "示例技改项目", "20个工作日", "第三十二条",
                  "用地材料", f"{row.promised_on.month}月{row.promised_on.day}日"):  # fmt: skip
        assert words in said, words
    assert opened.due and f"{opened.due.year}年{opened.due.month}月{opened.due.day}日" in said


def test_correction_lists_everything_at_once(submitted: Case, people: People, do: Do) -> None:
    items = [{"id": "application", "say": "没有盖章"}]
    fields = [{"id": "invest", "say": "与批复不一致"}]
    do(submitted, "correct", "approval", reason="一次告知", items=items, fields=fields)
    said = text_of(submitted, "correction", people["approval"])
    for words in ("没有盖章", "与批复不一致", "申请书", "总投资", "一次告知", "第（四）项"):
        assert words in said, words


def test_refusal_of_acceptance_gives_reason_and_remedy(
    submitted: Case, people: People, do: Do
) -> None:
    do(submitted, "refuse_acceptance", "approval", reason="示例：不属于本机关职权范围")
    said = text_of(submitted, "refusal", people["approval"])
    assert "不属于本机关职权范围" in said and "行政复议" in said and "六十日" in said


def closed(opened: Case, do: Do, verb: str = "agree", reason: str = "") -> Case:
    for who in ("ecology", "land", "land", "market"):
        do(opened, "agree", who)
    return do(opened, verb, "approval", reason=reason, values={"opinion_no": "示例1号"})


def test_closing_says_the_result_and_the_days_it_took(opened: Case, people: People, do: Do) -> None:
    closed(opened, do)
    said = text_of(opened, "closing", people["approval"])
    assert "结论：准予" in said and "行政复议" not in said and "时限20个工作日" in said


def test_a_refusal_closes_with_its_reason_and_remedy(opened: Case, people: People, do: Do) -> None:
    closed(opened, do, "disagree", "示例：不符合规划")
    said = text_of(opened, "closing", people["approval"])
    assert "结论：不予" in said and "不符合规划" in said and "行政复议" in said


def test_the_time_needed_is_told_in_writing(opened: Case, people: People, do: Do) -> None:
    do(opened, "pause", "ecology", kind="expert", expected_days=7, reason="示例专家评审")
    said = text_of(opened, "pause", people["ecology"])
    assert "专家评审" in said and "预计7个工作日" in said and "第四十五条" in said
    assert "完成后恢复计时" in said and "已于" not in said
    do(opened, "resume", "ecology")
    said = text_of(opened, "pause", people["ecology"])
    assert "已于" in said and "完成后恢复计时" not in said


def test_an_extension_is_told_with_its_reason(opened: Case, people: People, do: Do) -> None:
    do(opened, "extend", "chief", days=5, reason="示例：案情复杂", basis="行政许可法第四十二条")
    said = text_of(opened, "extension", people["approval"])
    assert "延长办理期限5个工作日" in said and "案情复杂" in said


@pytest.mark.parametrize("kind", ["correction", "refusal", "closing", "extension", "pause"])
def test_nothing_is_issued_before_it_happened(opened: Case, people: People, kind: str) -> None:
    with pytest.raises(JigaiError, match="之后才能出具"):
        issue(opened, kind, people["approval"])
    page = a_client(people["approval"]).get(reverse("case-paper", args=[opened.number, kind]))
    assert page.status_code == 200 and "不能出具" in page.content.decode()
    assert not IssuedDocument.objects.exists()


def test_who_may_issue(opened: Case, people: People) -> None:
    for user in (people["applicant"], make_user("approval", SIBLING)):
        with pytest.raises(Denied):
            issue(opened, "acceptance", user)
    # Who accepted it is done with it and may still issue; so may who oversees.
    for name in ("approval", "chief"):
        assert issue(opened, "acceptance", people[name]).issued_by == people[name]


def test_looking_issues_nothing_and_sending_issues_once(
    opened: Case, people: People, django_capture_on_commit_callbacks: Any
) -> None:
    client = a_client(people["approval"])
    url = reverse("case-paper", args=[opened.number, "acceptance"])
    page = client.get(url).content.decode()
    assert "草稿，没有查验码" in page and "受理通知书" in page
    assert not IssuedDocument.objects.exists()
    nonce = str(uuid.uuid4())
    with django_capture_on_commit_callbacks(execute=True):
        first = client.post(url, {"nonce": nonce})
    again = client.post(url, {"nonce": nonce})
    row = IssuedDocument.objects.get()
    assert first.url == again.url == f"{url}?copy={row.pk}"
    assert row.number == f"{opened.number}-受理-1" and row.kind == "case-acceptance"
    shown = client.get(first.url).content.decode()
    assert row.code in shown and "草稿" not in shown
    record = CaseRecord.objects.get(case=opened, verb="paper")
    assert record.data["code"] == row.code
    told = Notice.objects.filter(event="case-moved", user=people["applicant"])
    assert told.filter(title__contains="受理通知书").exists()


def test_the_word_file_carries_the_text_and_the_square(opened: Case, people: People) -> None:
    row = issue(opened, "acceptance", people["approval"])
    url = reverse("case-paper-file", args=[opened.number, "acceptance", row.pk])
    for user in (people["approval"], people["applicant"]):
        data = b"".join(a_client(user).get(url).streaming_content)
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            body = package.read("word/document.xml").decode()
            assert "示例技改项目" in body and row.code in body
            assert any(name.startswith("word/media/") for name in package.namelist())


def test_the_check_page_tells_nobodys_name(opened: Case, people: People) -> None:
    row = issue(opened, "acceptance", people["approval"])
    public = Client().get(reverse("document-check", args=[row.code])).content.decode()
    assert opened.number in public and people.enterprise.name not in public


def test_the_applicant_reads_what_was_issued_and_no_draft(opened: Case, people: People) -> None:
    client = a_client(people["applicant"])
    url = reverse("case-paper", args=[opened.number, "acceptance"])
    assert client.get(url).status_code == 404
    row = issue(opened, "acceptance", people["approval"])
    page = client.get(url).content.decode()
    assert row.code in page and "出具受理通知书</button>" not in page
    detail = client.get(reverse("case-detail", args=[opened.number])).content.decode()
    assert row.number in detail
    assert client.post(url, {"nonce": str(uuid.uuid4())}).status_code in (403, 404)
    assert IssuedDocument.objects.count() == 1


def test_a_second_copy_has_a_number_of_its_own(opened: Case, people: People) -> None:
    numbers = [issue(opened, "acceptance", people["approval"]).number for _ in range(2)]
    assert numbers == [f"{opened.number}-受理-1", f"{opened.number}-受理-2"]


def test_outsiders_and_odd_addresses(opened: Case, submitted: Case, people: People) -> None:
    row = issue(opened, "acceptance", people["approval"])
    stranger = make_user("enterprise-handler", enterprise=make_enterprise())
    far = make_user("approval", SIBLING, department=make_department(SIBLING, "land", "任城自然局"))
    for user in (stranger, far):
        for name, args in (("case-paper", [opened.number, "acceptance"]),
                           ("case-paper-file", [opened.number, "acceptance", row.pk])):  # fmt: skip
            assert a_client(user).get(reverse(name, args=args)).status_code == 404
    client = a_client(people["approval"])
    for args in ([opened.number, "nothing"], ["370812-2026-999999", "acceptance"]):
        assert client.get(reverse("case-paper", args=args)).status_code == 404
    odd = reverse("case-paper", args=[opened.number, "acceptance"]) + "?copy=999999"
    assert client.get(odd).status_code == 404
    wrong = reverse("case-paper-file", args=[opened.number, "closing", row.pk])
    assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("kind", ["internal", "complaint"])
def test_where_nobody_applies_there_is_nobody_to_write_to(
    kind: str, opened: Case, people: People
) -> None:
    """Papers by kind: an affair of the house has no 受理通知书, neither offered nor issued."""
    view = viewer_of(opened, access_of(people["approval"]))
    assert [one.kind for one in papers_of(view)] == ["acceptance"]
    other = publish({**CONTENT, "kind": kind}, "a-house-affair")
    Case.objects.filter(pk=opened.pk).update(release=other.current, procedure=other)
    case = Case.objects.get(pk=opened.pk)
    assert papers_of(viewer_of(case, access_of(people["approval"]))) == []
    with pytest.raises(JigaiError, match="没有受理通知书"):
        issue(case, "acceptance", people["approval"])
    url = reverse("case-paper", args=[case.number, "acceptance"])
    assert "没有受理通知书" in a_client(people["approval"]).get(url).content.decode()
