"""The living document: clauses, original and items side by side."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from jigai.policies.models import EvaluationRun, OriginalText, PackItem, PackVersion
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-corpus")]
URL = "/policies/yanzhou-2020/living/"
# Invented sentences around the anchors of two clauses and their numbers.
TEXT = """济兖政字某号
一、总体思路
示例文字，不是原文。
四、政策支持
1.装备升级奖补。示例：设备投资500万元及以上的按3%补助，单个企业最高100万元；\
机器人300万元及以上的按5%补助，单个企业最高100万元。
2.信息化提升奖补。示例：200万元及以上的按10%补助，单个企业最高50万元。
"""


def page(client: Client, query: str = "") -> str:
    return client.get(URL + query).content.decode()


def bring(client: Client, text: str) -> Any:
    sent = {"text": text, "nonce": str(uuid.uuid4())}
    return client.post("/policies/yanzhou-2020/original/", sent)


def test_every_clause_with_its_numbers_and_items(web: Client, pack: PackVersion) -> None:
    shown = page(web)
    assert shown.count("<article") == 23
    assert "YZ-F021" in shown and "用于 设备投资起点" in shown
    assert "每年滚动实施重点技改项目" in shown and "企业投资项目并联审批" in shown
    assert PackItem.objects.filter(pack=pack).count() == 55


def test_items_can_be_singled_out(web: Client, pack: PackVersion) -> None:
    shown = page(web, "?section=obligations")
    assert "D类不享受奖补" in shown and shown.count("<article") == 3


def test_measures_tell_what_the_latest_evaluation_found(
    web: Client, county: dict[str, Any], evaluate: Callable[..., EvaluationRun]
) -> None:
    assert "还没有测算" in page(web)
    run = evaluate()
    shown = page(web)
    assert "2021 年测算拟支持 1 项，30.00 万元" in shown
    assert f"/decisions/?run={run.pk}&amp;measure=equipment" in shown


def test_the_original_beside_its_clauses(web: Client, pack: PackVersion) -> None:
    assert "jg-original" not in page(web)
    assert bring(web, TEXT).status_code == 302
    shown = page(web)
    kept = OriginalText.objects.get()
    assert {part["clause"] for part in kept.parts} == {"通知", "一", "四", "四.1", "四.2"}
    assert '<a class="jg-number" href="#YZ-F021">500万元及以上</a>' in shown
    assert "三.1" in kept.missing and "原文里没有对上的条款" in shown


def test_another_document_and_an_empty_one_are_refused(web: Client, pack: PackVersion) -> None:
    for text, words in (("别的文件。" * 30, "找不到这份文件的任何一条"), ("短", "没有收到全文")):
        answer = bring(web, text)
        assert answer.status_code == 422 and words in answer.content.decode()
    assert not OriginalText.objects.exists()


def test_who_may_bring_the_original(client: Client, pack: PackVersion, clerk: Any) -> None:
    client.force_login(make_user("enterprise-handler"))
    assert bring(client, TEXT).status_code == 403
    assert client.get(URL).status_code == 200


def test_the_page_costs_the_same_for_every_document(
    web: Client, pack: PackVersion, django_assert_max_num_queries: Any
) -> None:
    web.get(URL)
    with django_assert_max_num_queries(25):
        web.get(URL)


def test_coverage_of_documents_and_systems(web: Client, pack: PackVersion) -> None:
    shown = web.get("/coverage/").content.decode()
    assert "23/23" in shown and "46/46" in shown and "policy-corpus" in shown
    assert "policy-corpus" not in web.get("/coverage/?status=planned").content.decode()


def test_it_says_how_the_document_stands_today(web: Client, pack: PackVersion) -> None:
    """The sample district's document ran out in 2023, though it is the version installed."""
    shown = page(web)
    assert "已过期" in shown and "有效期已经届满" in shown
