"""The public check page: genuine, revoked, unknown; never more than the public summary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.core.documents import revoke_document
from jigai.core.models import IssuedDocument
from tests.core.documents.conftest import notice
from tests.factories import make_enterprise, make_user
from tests.query_counts import queries_of

pytestmark = pytest.mark.django_db
Issue = Callable[..., IssuedDocument]
UNKNOWN = "AAAA-BBBB-CCCC-DDDD"


@pytest.fixture
def anybody() -> Client:
    return Client()


def test_a_genuine_paper_shows_what_is_public(issue: Issue, anybody: Client) -> None:
    paper = issue()
    page = anybody.get(f"/check/{paper.code}/")
    text = page.content.decode()
    assert page.status_code == 200
    assert "现在有效" in text and "撤销" not in text
    shown = (
        "补正通知书",
        "示工信补〔2026〕3号",
        "示例县工业和信息化局",
        "申请单位",
        "示例**公司",
        "技术改造奖补",
    )
    for words in (*shown, paper.code, paper.dated.isoformat()):
        assert words in text
    assert (page["Cache-Control"], page["X-Robots-Tag"]) == ("no-store", "noindex")


def test_it_never_shows_more(issue: Issue, anybody: Client) -> None:
    enterprise = make_enterprise("示例秘密企业")
    clerk = make_user("section-clerk", name="示例经办")
    paper = issue(enterprise=enterprise, by=clerk, object_key="secret-key-9")
    text = anybody.get(f"/check/{paper.code}/").content.decode()
    hidden = (
        "示例机械有限公司", "请补正下列材料", "设备发票", "0000-0000000", "示例秘密企业",
        "示例经办", "secret-key-9", enterprise.uscc, paper.sha256, "supplement",
    )  # fmt: skip
    assert [words for words in hidden if words in text] == []
    assert "示例机械有限公司" in str(paper.content)


def test_signing_in_shows_no_more(issue: Issue) -> None:
    def main() -> str:
        page = client.get(f"/check/{paper.code}/").content.decode()
        return page.partition("<main")[2].partition("</main>")[0]

    paper, client = issue(), Client()
    before = main()
    client.force_login(make_user("platform-admin", scope="all"))
    assert before and main() == before


def test_a_revoked_paper_says_when_and_why(issue: Issue, anybody: Client) -> None:
    paper = issue()
    revoke_document(document=paper.pk, reason="编号<b>有误", by=make_user("section-chief"))
    text = anybody.get(f"/check/{paper.code}/").content.decode()
    assert "已经撤销，不再有效" in text and "原因：编号&lt;b&gt;有误" in text
    assert "现在有效" not in text and "补正通知书" in text


@pytest.mark.parametrize("code", [UNKNOWN, "999999", "x" * 300, "<b>", "查验码", "a%2Fb"])
def test_an_unknown_code_is_said_plainly(anybody: Client, code: str) -> None:
    page = anybody.get(f"/check/{code}/")
    text = page.content.decode()
    assert page.status_code == 404
    if "%2F" not in code:
        assert "没有查到这份文书" in text and "<b>" not in text.split("<main")[1]


def test_a_typed_code_leads_to_its_page(issue: Issue, anybody: Client) -> None:
    paper = issue()
    typed = paper.code.lower().replace("-", " ")
    answer = anybody.get("/check/", {"code": typed})
    assert (answer.status_code, answer["Location"]) == (302, f"/check/{paper.code}/")
    # A code in another writing is the same paper.
    assert anybody.get(f"/check/{typed}/").status_code == 200


def test_the_form_says_what_a_code_looks_like(anybody: Client) -> None:
    page = anybody.get("/check/")
    assert page.status_code == 200 and "共 16 位" in page.content.decode()
    wrong = anybody.get("/check/", {"code": '"><b>O0'})
    text = wrong.content.decode()
    assert wrong.status_code == 422 and "不是查验码" in text
    assert "&quot;&gt;&lt;b&gt;O0" in text and '"><b>' not in text.split("<main")[1]


def test_it_is_read_only(anybody: Client) -> None:
    assert anybody.post("/check/").status_code == 405
    assert anybody.post(f"/check/{UNKNOWN}/").status_code == 405
    assert anybody.head("/check/").status_code == 200


def test_one_query_finds_a_paper_and_none_a_code_that_cannot_be(
    issue: Issue, anybody: Client, django_assert_num_queries: Any
) -> None:
    paper = issue(context=notice(paragraphs=["长" * 50_000]))
    asked = queries_of(anybody, f"/check/{paper.code}/")
    assert len(asked) == 1 and '"content"' not in asked[0]
    for _ in range(4):
        issue(by=paper.issued_by)
    assert len(queries_of(anybody, f"/check/{paper.code}/")) == 1
    with django_assert_num_queries(0):
        anybody.get("/check/nothing/")
        anybody.get("/check/")
