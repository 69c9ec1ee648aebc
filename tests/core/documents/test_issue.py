"""Issuing and revoking: what is kept, what can never change, and what is refused."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jigai.core.documents import (
    Template,
    documents_of,
    find_document,
    qr,
    revoke_document,
    shipped_template,
)
from jigai.core.documents.qr import qr_png
from jigai.core.documents.rendering import render_docx
from jigai.core.evidence import path_of
from jigai.core.models import EvidenceFile, EvidenceUse, IssuedDocument
from jigai.errors import JigaiError
from tests.core.documents.conftest import SITE, notice, template_with, texts_of
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user

pytestmark = pytest.mark.django_db
Issue = Callable[..., IssuedDocument]


def test_an_issued_paper_is_kept_as_it_was_printed(issue: Issue) -> None:
    clerk, enterprise = make_user("section-clerk"), make_enterprise()
    paper = issue(by=clerk, enterprise=enterprise, dated=dt.date(2026, 11, 20), url="/cases/7/")
    content = path_of(paper.file).read_bytes()
    texts = texts_of(content)
    assert {"补正通知书", "示工信补〔2026〕3号", "2026年11月20日", f"查验码：{paper.code}"} <= set(
        texts
    )
    assert paper.sha256 == paper.file.sha256 == hashlib.sha256(content).hexdigest()
    assert paper.template_sha256 == shipped_template().sha256
    assert (paper.organ, paper.dated) == ("示例县工业和信息化局", dt.date(2026, 11, 20))
    assert (paper.object_kind, paper.object_key, paper.issued_by) == ("case", "7", clerk)
    file = paper.file
    assert file.name == "补正通知书 示工信补〔2026〕3号.docx" and file.media_type.endswith(
        "document"
    )
    assert (file.region_code, file.enterprise, file.created_by) == (COUNTY, enterprise, clerk)
    use = EvidenceUse.objects.get()
    assert (use.file, use.kind, use.key, use.url) == (file, "case", "7", "/cases/7/")


def test_the_record_alone_prints_the_paper_again(issue: Issue) -> None:
    paper = IssuedDocument.objects.get(pk=issue().pk)
    again = render_docx(
        shipped_template().content, paper.content, qr_png(paper.content["check_address"])
    )
    assert hashlib.sha256(again).hexdigest() == paper.sha256


def test_the_square_holds_the_address_of_the_check_page(
    issue: Issue, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    made: list[str] = []
    real = qr.segno.make
    monkeypatch.setattr(
        qr.segno, "make", lambda text, **rest: made.append(text) or real(text, **rest)
    )
    paper = issue()
    assert made == [f"{SITE}/check/{paper.code}/"]
    assert any(f"{SITE}/check/" in text for text in texts_of(path_of(paper.file).read_bytes()))
    settings.SITE_URL = ""
    other = issue()
    assert made[1:] == [f"/check/{other.code}/"]
    assert other.content["check_hint"] == "扫描二维码，或在平台输入查验码，可核对本文书的真伪。"


def test_each_call_issues_another_paper_with_another_code(issue: Issue) -> None:
    clerk = make_user("section-clerk")
    first, second = issue(by=clerk), issue(by=clerk)
    assert first.code != second.code and first.sha256 != second.sha256
    assert [row.pk for row in documents_of("case", 7)] == [second.pk, first.pk]
    assert not documents_of("case", 8) and not documents_of("other", 7)
    assert documents_of("case", 7, 8).count() == 2


def test_today_is_the_day_where_the_platform_is(
    issue: Issue, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = dt.datetime(2026, 11, 22, 17, 0, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert issue().content["date"] == "2026年11月23日"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"title": " "}, "document-incomplete"), ({"title": "长" * 101}, "document-too-long"),
        ({"number": "1" * 101}, "document-too-long"),
        ({"context": notice(paragraphs=["长" * 100_001])}, "document-too-long"),
        ({"context": {"organ": "示例"}}, "template-unknown-field"),
        ({"template": Template("坏", template_with("{{ title"))}, "template-bad-tag"),
        ({"public_summary": {"a": "字" * 301}}, "document-too-long"),
    ],
)  # fmt: skip
def test_what_cannot_be_printed_issues_nothing(
    issue: Issue, changed: dict[str, Any], code: str, own_store: Path
) -> None:
    with pytest.raises(JigaiError) as problem:
        issue(**changed)
    assert problem.value.code == code
    assert not IssuedDocument.objects.exists() and not EvidenceFile.objects.exists()
    assert not [path for path in own_store.rglob("*") if path.is_file()]


def test_a_number_with_a_slash_stays_whole_in_the_name_of_the_file(issue: Issue) -> None:
    assert issue(number="A/2026/3").file.name == "补正通知书 A／2026／3.docx"


def test_hostile_texts_are_kept_and_printed_as_they_are(issue: Issue) -> None:
    bad = "<w:p>{{ 7*7 }}\x00\x1b"
    paper = issue(context=notice(addressee=bad), title=f"通知{bad}", public_summary={"单位": bad})
    texts = texts_of(path_of(paper.file).read_bytes())
    assert {"通知<w:p>{{ 7*7 }}", "<w:p>{{ 7*7 }}："} <= set(texts)
    assert paper.public_summary == [["单位", "<w:p>{{ 7*7 }}"]]


def test_nothing_of_a_paper_can_be_changed_or_dropped(issue: Issue) -> None:
    paper = issue()
    rows = IssuedDocument.objects.filter(pk=paper.pk)
    changes: list[dict[str, Any]] = [
        {"code": "AAAA-AAAA-AAAA-AAAA"}, {"title": "别的"}, {"content": {}}, {"sha256": "0" * 64},
        {"public_summary": [["单位", "别的"]]}, {"number": "别的"}, {"dated": dt.date(2020, 1, 1)},
        {"issued_at": timezone.now()}, {"object_key": "8"}, {"region_code": SIBLING},
    ]  # fmt: skip
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_issueddocument CASCADE")
    found = rows.get()
    assert (found.title, found.content) == (paper.title, paper.content)


def test_a_paper_is_revoked_once_and_with_a_reason(issue: Issue) -> None:
    paper, chief = issue(), make_user("section-chief")
    with pytest.raises(JigaiError, match="缺少撤销原因"):
        revoke_document(document=paper.pk, reason=" ", by=chief)
    done = revoke_document(document=paper.pk, reason="编号\n有误", by=chief)
    assert (done.revoked_reason, done.revoked_by) == ("编号 有误", chief)
    with pytest.raises(JigaiError) as problem:
        revoke_document(document=paper.pk, reason="再来", by=chief)
    assert problem.value.code == "already-revoked"
    with pytest.raises(JigaiError, match="没有这份文书"):
        revoke_document(document=999_999, reason="没有", by=chief)
    for change in ({"revoked_at": None, "revoked_reason": "", "revoked_by": None},
                   {"revoked_reason": "改口"}, {"revoked_at": timezone.now()}):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            IssuedDocument.objects.filter(pk=paper.pk).update(**change)
    assert IssuedDocument.objects.get(pk=paper.pk).revoked_reason == "编号 有误"


def test_half_a_revocation_is_refused_by_the_database(issue: Issue) -> None:
    rows = IssuedDocument.objects.filter(pk=issue().pk)
    for change in ({"revoked_at": timezone.now()}, {"revoked_reason": "只有原因"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(**change)


def test_a_code_is_found_however_it_is_typed_and_a_list_reads_no_content(issue: Issue) -> None:
    paper = issue()
    assert find_document(paper.code.lower().replace("-", " ")) == paper
    assert find_document("AAAA-AAAA-AAAA-AAAA") is None and find_document("'; --") is None
    issue(by=paper.issued_by)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        shown = [(row.title, row.file.name, row.issued_by.name) for row in documents_of("case", 7)]
    assert len(shown) == 2 and len(caught) == 1
    assert '"content"' not in caught.captured_queries[0]["sql"]


def test_the_file_is_served_to_whoever_may_see_it_and_nobody_else(issue: Issue) -> None:
    make_regions()
    owner, other = make_enterprise(), make_enterprise(region=SIBLING)
    paper = issue(enterprise=owner)
    seen = {}
    for name, user in {
        "clerk": make_user("section-clerk"), "neighbour": make_user("section-clerk", SIBLING),
        "owner": make_user("enterprise-handler", enterprise=owner),
        "rival": make_user("enterprise-handler", enterprise=other),
    }.items():  # fmt: skip
        client = Client(raise_request_exception=False)
        client.force_login(user)
        answer = client.get(f"/evidence/{paper.file_id}/file/")
        seen[name] = answer.status_code
        # Read to its end, so that the file is closed.
        size = sum(map(len, answer)) if answer.streaming else 0
        assert size == (paper.file.size if answer.status_code == 200 else 0)
    assert seen == {"clerk": 200, "neighbour": 404, "owner": 200, "rival": 404}
