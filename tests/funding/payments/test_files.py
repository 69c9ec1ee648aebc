"""The file for the treasury: the same every time, harmless in a spreadsheet, with its totals."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.models import AccessLog
from jigai.funding.models import Application, BankAccount, PaymentOrder
from jigai.funding.payments.batch_file import csv_text, hash_of, orders_of, write_xlsx
from tests.factories import make_user
from tests.funding.payments.scene import Scene

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


@pytest.fixture
def scene() -> Scene:
    return Scene((100_00, 1_234_567_89))


def lines(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_rows_totals_and_hash(scene: Scene) -> None:
    batch = scene.sent()
    orders = orders_of(batch)
    head, first, second, total = lines(csv_text(orders))
    assert head[:4] == ["序号", "支付编号", "收款人户名", "收款账号"]
    assert first[3] == orders[0].account.number and first[6] == "100.00"
    assert second[6] == "1234567.89"
    assert total[0] == "合计" and total[1] == "2 笔" and total[6] == "1234667.89"
    digest = hashlib.sha256()
    for row in (first, second):
        digest.update(f"{row[1]}|{row[3]}|{row[2]}|{row[6]}\n".encode())
    assert total[9] == f"SHA-256 {digest.hexdigest()}" and batch.file_hash == digest.hexdigest()


def test_it_is_the_same_after_the_answers(scene: Scene) -> None:
    batch = scene.sent()
    before = csv_text(orders_of(batch))
    scene.answer(batch)
    assert csv_text(orders_of(batch)) == before


def test_what_a_spreadsheet_would_run_is_text(scene: Scene, tmp_path: Path) -> None:
    Application.objects.filter(pk=scene.applications[0].pk).update(title='=HYPERLINK("x")')
    firm = scene.applications[1].enterprise
    BankAccount.objects.filter(enterprise=firm).update(bank="@SUM(A1)")
    batch = scene.sent()
    _head, first, second, _total = lines(csv_text(orders_of(batch)))
    assert first[9].startswith("'=") and second[4].startswith("'@")
    write_xlsx(tmp_path / "a.xlsx", batch, orders_of(batch))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    numbers = [cell for cell in cells if cell.value == orders_of(batch)[0].account.number]
    assert numbers and numbers[0].data_type == "s"


def test_the_download_is_for_few_and_on_record(client: Client, scene: Scene) -> None:
    batch = scene.released(scene.granted())
    url = reverse("payment-batch-file", args=[batch.pk, "csv"])
    client.force_login(scene.finance)
    assert client.get(url).status_code == 404
    scene.send(batch)
    answer = client.get(url)
    assert answer.status_code == 200 and batch.number in answer["Content-Disposition"]
    assert hash_of(orders_of(batch)) in answer.content.decode()
    assert AccessLog.objects.filter(kind="payment-batch", action="download").count() == 1
    assert client.get(reverse("payment-batch-file", args=[batch.pk, "xlsx"])).status_code == 200
    assert client.get(reverse("payment-batch-file", args=[batch.pk, "exe"])).status_code == 404
    for role in ("section-clerk", "auditor", "leader"):
        client.force_login(make_user(role))
        assert client.get(url).status_code == 403


def test_orders_changed_behind_its_back_are_not_given_out(client: Client, scene: Scene) -> None:
    batch = scene.sent()
    PaymentOrder.objects.filter(batch=batch, amount_fen=100_00).update(amount_fen=100_01)
    client.force_login(scene.finance)
    answer = client.get(reverse("payment-batch-file", args=[batch.pk, "csv"]))
    assert answer.status_code >= 400 and "散列不符" in answer.content.decode()
