"""The pages: who sees what, what a form answers, and how many statements a list takes."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.evidence import path_of
from jigai.core.jobs import JobContext
from jigai.core.models import Job
from jigai.funding.models import (
    Application,
    CostShare,
    PaymentBatch,
    PaymentOrder,
    PaymentRequest,
    ReturnFile,
)
from jigai.funding.payments import jobs
from jigai.funding.payments.reconcile import reconcile
from jigai.funding.payments.views import requests
from tests.factories import SIBLING, make_user
from tests.funding.payments.scene import Scene, states
from tests.query_counts import assert_query_count, queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


@pytest.fixture
def scene() -> Scene:
    return Scene((100_00, 200_00, 300_00))


def nonce(client: Client, url: str) -> str:
    return client.get(url).content.decode().split('name="nonce" value="')[1].split('"')[0]


def press(client: Client, page: str, target: str, **given: Any) -> Any:
    """Send a form of a page with its number."""
    return client.post(target, {**given, "nonce": nonce(client, page)})


def test_by_hand_from_the_first_page_to_the_last(client: Client, scene: Scene) -> None:
    client.force_login(scene.clerk)
    new = reverse("payment-new")
    page = press(client, new, new, round=scene.round.pk)["Location"]
    request = PaymentRequest.objects.get()

    def act(verb: str) -> str:
        return reverse("payment-act", args=[request.pk, verb])

    press(client, page, act("send"), seen=request.version)
    request.refresh_from_db()
    client.force_login(scene.finance)
    given = {"quota_no": "测财指1号", "quota_on": timezone.localdate(), "seen": request.version}
    refused = press(client, page, act("grant"), **given, amount="500元")
    assert refused.status_code == 422 and "先拨给谁" in refused.content.decode()
    bad = press(client, page, act("grant"), **given, amount="一些")
    assert bad.status_code == 422
    press(client, page, act("grant"), **given, amount="600元")
    press(client, page, act("batch"))
    batch = PaymentBatch.objects.get()
    own = reverse("payment-batch", args=[batch.pk])
    assert "复核通过" not in client.get(own).content.decode()
    client.force_login(scene.treasury)
    press(client, own, reverse("payment-batch-act", args=[batch.pk, "release"]), seen=batch.version)
    batch.refresh_from_db()
    client.force_login(scene.finance)
    press(client, own, reverse("payment-batch-act", args=[batch.pk, "send"]), seen=batch.version)
    assert states(*scene.applications) == ["paying"] * 3
    file = scene.answer_file(batch)
    upload = SimpleUploadedFile("回单.csv", path_of(file).read_bytes())
    went = press(client, own, reverse("payment-batch-act", args=[batch.pk, "answers"]),
                 upload=upload)  # fmt: skip
    job = Job.objects.get(kind=jobs.ANSWERS)
    assert went["Location"] == reverse("job-detail", args=[job.pk])
    outcome = jobs.take_answers(JobContext(job))
    record = ReturnFile.objects.get()
    assert outcome.url == reverse("payment-answers", args=[record.pk])
    # Begun again after a crash between the booking and the end of the job.
    assert jobs.take_answers(JobContext(job)).url == outcome.url
    assert states(*scene.applications) == ["paid"] * 3
    assert "每一行都已记账" in client.get(outcome.url).content.decode()
    fund = reverse("payment-reconcile", args=[scene.programme.pk])
    assert "分文不差" in client.get(fund).content.decode()


def test_the_same_file_uploaded_by_somebody_else_is_refused(scene: Scene) -> None:
    batch = scene.sent()
    file = scene.answer_file(batch)
    scene.book(batch, file)
    other = make_user("finance")
    job = Job.objects.create(kind=jobs.ANSWERS, title="回单", owner=other,
                             params={"batch": batch.pk, "file": file.pk})  # fmt: skip
    with pytest.raises(Exception, match="导入过"):
        jobs.take_answers(JobContext(job))


@pytest.mark.parametrize("verb", ["send", "drop", "grant", "return", "batch", "nonsense"])
def test_deeds_are_for_those_who_may(client: Client, scene: Scene, verb: str) -> None:
    request = scene.sent_request()
    url = reverse("payment-act", args=[request.pk, verb])
    for role in ("leader", "auditor", "enterprise-handler"):
        client.force_login(make_user(role))
        assert client.post(url).status_code == 403
    client.force_login(make_user("finance", SIBLING))
    assert client.post(url).status_code == 404
    assert client.get(url).status_code in (403, 405)


def test_an_enterprise_sees_its_own_payments_only(client: Client, scene: Scene) -> None:
    scene.sent()
    client.force_login(scene.firm_person)
    text = client.get(reverse("payment-orders")).content.decode()
    assert scene.applications[0].enterprise.name in text
    assert scene.applications[1].enterprise.name not in text
    assert PaymentOrder.objects.count() == 3
    request = PaymentRequest.objects.get()
    assert client.get(reverse("payment-detail", args=[request.pk])).status_code == 404


def test_what_cannot_be_paid_is_shown_with_the_next_step(client: Client, scene: Scene) -> None:
    request = scene.granted()
    Application.objects.filter(pk=scene.applications[1].pk).update(stale="发票红冲")
    client.force_login(scene.finance)
    text = client.get(reverse("payment-detail", args=[request.pk])).content.decode()
    assert "待重算：发票红冲" in text and "重新测算" in text and "可支付 2 笔" in text


def test_shares_on_their_page(client: Client, scene: Scene) -> None:
    client.force_login(scene.clerk)
    url = reverse("payment-shares", args=[scene.round.pk])
    wrong = press(
        client, url, url, percent0="60", source0="办法三条", percent2="30", source2="同上"
    )
    assert wrong.status_code == 422 and "不是 100%" in wrong.content.decode()
    assert press(client, url, url, percent0="60").status_code == 422
    press(client, url, url, percent0="60", source0="办法三条", percent2="40", source2="同上")
    assert [str(s) for s in CostShare.objects.all()] == ["省级 60.0000", "县级 40.0000"]
    assert "省级 60%，县级 40%" in client.get(url).content.decode()


def test_a_large_batch_is_made_in_the_background(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    request = scene.granted()
    client.force_login(scene.finance)
    page = reverse("payment-detail", args=[request.pk])
    press(client, page, reverse("payment-act", args=[request.pk, "batch"]))
    jobs.make_large(JobContext(Job.objects.get(kind=jobs.MAKE)))
    batch = PaymentBatch.objects.get()
    assert batch.rows == 3
    client.force_login(scene.treasury)
    own = reverse("payment-batch", args=[batch.pk])
    press(client, own, reverse("payment-batch-act", args=[batch.pk, "release"]), seen=batch.version)
    client.force_login(scene.finance)
    press(client, own, reverse("payment-batch-act", args=[batch.pk, "send"]),
          seen=batch.version + 1)  # fmt: skip
    jobs.send_large(JobContext(Job.objects.get(kind=jobs.SEND)))
    batch.refresh_from_db()
    assert batch.state == "sent"


def test_the_paper_names_every_row_or_says_where_they_are(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from jigai.funding.payments import request_word

    row = scene.asked()
    told = request_word.context_of(row, scene.clerk)
    assert len(told["table"]["rows"]) == 4 and told["table"]["rows"][-1][-1] == "600.00"
    monkeypatch.setattr(request_word, "PRINTED", 2)
    told = request_word.context_of(row, scene.clerk)
    assert told["table"] is None and "3 行" in told["paragraphs"][0]


def test_the_detail_sheet_and_the_paper_are_downloads(client: Client, scene: Scene) -> None:
    row = scene.sent_request()
    client.force_login(make_user("auditor"))
    answer = client.get(reverse("payment-paper", args=[row.pk, "sheet"]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    told = [cell for line in sheet.iter_rows(values_only=True) for cell in line]
    assert {100, 200, 300} <= {c for c in told if isinstance(c, int | float)}
    assert scene.applications[2].number in told
    word = client.get(reverse("payment-paper", args=[row.pk, "word"]))
    text = " ".join(p.text for p in docx.Document(io.BytesIO(b"".join(word))).paragraphs)
    assert "资金拨付请示" in text and "600.00 元" in text and "由本专项资金全额负担" in text
    for kind in ("quota", "nothing"):
        assert client.get(reverse("payment-paper", args=[row.pk, kind])).status_code == 404


@pytest.mark.system("budget-control")
def test_reconciliation_finds_a_fen(scene: Scene) -> None:
    batch = scene.sent()
    assert reconcile(scene.programme).agrees
    order = batch.orders.order_by("id")[0]
    PaymentOrder.objects.filter(pk=order.pk).update(amount_fen=order.amount_fen + 1)
    found = reconcile(scene.programme)
    assert not found.agrees and found.lines[0].difference == -1
    assert [w["reference"] for w in found.wrong] == [order.reference]
    PaymentOrder.objects.filter(pk=order.pk).update(amount_fen=order.amount_fen, state="paid",
                                                    paid_on=dt.date(2021, 12, 1))  # fmt: skip
    assert "没有分录" in reconcile(scene.programme).wrong[0]["told"]


@pytest.mark.parametrize("name", ["payment-list", "payment-batches", "payment-orders"])
def test_lists_ask_the_same_at_two_sizes(client: Client, name: str) -> None:
    client.force_login(make_user("finance"))

    def grow(size: int) -> None:
        while PaymentRequest.objects.count() < size:
            Scene((100_00,)).sent()

    assert_query_count(client, reverse(name), grow, most=18, sizes=(2, 6))


def test_pages_ask_the_same_at_two_sizes(client: Client) -> None:
    counts = []
    for size in (3, 12):
        scene = Scene(tuple(range(100, 100 + size)))
        request = scene.granted()
        batch = scene.made(request)
        client.force_login(scene.finance)
        urls = [reverse("payment-detail", args=[request.pk]),
                reverse("payment-batch", args=[batch.pk])]  # fmt: skip
        client.get(urls[0])
        counts.append([len(queries_of(client, url)) for url in urls])
    assert counts[0] == counts[1]
    assert requests.SHOWN == 100
