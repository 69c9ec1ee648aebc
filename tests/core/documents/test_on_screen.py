"""The same paper as a page: every part, the square as a drawing, drafts and revoked ones marked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.template.loader import render_to_string

from jigai.core.documents import document_page, draft_page, revoke_document
from jigai.core.documents.qr import check_address, qr_svg
from jigai.core.evidence import path_of
from jigai.core.models import IssuedDocument
from tests.core.documents.conftest import SITE, notice, texts_of
from tests.factories import make_user

Issue = Callable[..., IssuedDocument]


def drawn(letter: dict[str, Any]) -> str:
    return render_to_string("core/documents/letter.html", {"letter": letter})


@pytest.mark.django_db
def test_the_page_shows_every_text_of_the_document(issue: Issue) -> None:
    paper = IssuedDocument.objects.get(pk=issue().pk)
    html = drawn(document_page(paper))
    shown = re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))
    missing = [
        text for text in texts_of(path_of(paper.file).read_bytes())
        if re.sub(r"\s+", "", text) not in shown
    ]  # fmt: skip
    assert missing == []
    assert html.count("<svg") == 1 and "草稿" not in html and "已撤销" not in html


@pytest.mark.django_db
def test_a_revoked_paper_is_marked(issue: Issue) -> None:
    paper = issue()
    done = revoke_document(document=paper.pk, reason="编号有误", by=make_user("section-chief"))
    assert "已撤销" in drawn(document_page(done)) and "编号有误" in drawn(document_page(done))


@pytest.mark.django_db
def test_a_paper_of_another_shape_is_shown_without_the_parts_it_lacks(issue: Issue) -> None:
    paper = issue()
    paper.content = {
        key: paper.content[key] for key in ("title", "code", "check_address", "check_hint")
    }
    html = drawn(document_page(paper))
    assert "补正通知书" in html and "<table" not in html and "jg-letter-to" not in html


def test_a_draft_has_no_code_and_says_so() -> None:
    html = drawn(draft_page(title="受理通知书", context=notice(table_rows=[])))
    assert "草稿，没有查验码" in html and "示例机械有限公司：" in html
    assert "<svg" not in html and "查验码：" not in html and "<table" not in html


def test_hostile_texts_stay_texts() -> None:
    bad = "<script>x()</script>{{ 7*7 }}"
    html = drawn(draft_page(
        title=bad, number=bad, date=bad,
        context=notice(
            addressee=bad, paragraphs=[f"{bad}\n二"], organ=bad, closing=bad, contact=bad,
            table_title=bad, table_header=[bad], table_rows=[[bad]],
        ),
    ))  # fmt: skip
    assert "<script" not in html and html.count("&lt;script&gt;x()&lt;/script&gt;{{ 7*7 }}") == 12
    assert "<br>二" in html


def test_the_drawing_keeps_the_security_policy(settings: Any) -> None:
    settings.SITE_URL = SITE
    svg = qr_svg(check_address("7KQM-2XAB-PR9T-HC4Z"))
    assert svg.startswith("<svg") and 'class="jg-letter-square"' in svg and "viewBox" in svg
    assert not re.search(r"style|<script|href|width=\"\d|<!|on[a-z]+=", svg)
    assert svg != qr_svg(check_address("8KQM-2XAB-PR9T-HC4Z"))
    assert svg == qr_svg(f"{SITE}/check/7KQM-2XAB-PR9T-HC4Z/")
