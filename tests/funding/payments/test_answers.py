"""Files of answers: each row that does not fit is set apart, the others are booked once."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances
from jigai.funding.models import PaymentOrder, ReturnFile
from jigai.funding.payments.answers import HEADINGS, read_answers, read_yuan
from jigai.funding.payments.reconcile import reconcile
from jigai.ledgers.models import Entry
from jigai.sheets.writer import TEXT, ExportColumn, write_table
from tests.funding.payments.scene import Scene, answer_row, keep, states, store

pytestmark = [pytest.mark.django_db, pytest.mark.system("application-workflow")]


@pytest.fixture
def scene() -> Scene:
    return Scene((100_00, 200_00, 300_00))


def refs(batch: Any) -> list[str]:
    return list(batch.orders.order_by("id").values_list("reference", flat=True))


@pytest.mark.parametrize(
    ("place", "value", "problem"),
    [
        (0, "ZF-370812-1999-00001-00001", "平台没有这个支付编号"),
        (0, "", "没有支付编号"),
        (1, "99999999", "收款账号与支付明细不符"),
        (2, "100.01", "金额与支付明细不符"),
        (3, "成功", "结果应是"),
        (4, "2021年6月", "日期读不出"),
        (4, "2099-01-01", "日期读不出"),
    ],
)
def test_a_row_that_does_not_fit_is_set_apart_and_the_others_booked(
    scene: Scene, place: int, value: str, problem: str
) -> None:
    batch = scene.sent()
    first = refs(batch)[0]
    record = scene.answer(batch, change={first: {place: value}})
    assert record.paid == 2 and len(record.problems) == 1
    found = record.problems[0]
    assert found["row"] == 2 and problem in found["problem"] and found["next"]
    assert states(*scene.applications) == ["paying", "paid", "paid"]
    assert balances(scene.programme).paid == 500_00 and reconcile(scene.programme).agrees


def test_a_file_with_a_wrong_total_books_nothing(scene: Scene) -> None:
    batch = scene.sent()
    for total in ((3, 600_01), (4, 600_00)):
        record = scene.answer(batch, total=total, name=f"错{total[0]}.csv")
        assert record.paid == 0 and "合计" in record.problems[0]["problem"]
    assert balances(scene.programme).paid == 0
    assert scene.answer(batch, name="重出.csv").paid == 3


def test_a_file_cut_off_before_its_total_books_nothing(scene: Scene) -> None:
    batch = scene.sent()
    order = batch.orders.order_by("id")[0]
    text = ",".join(HEADINGS) + "\n" + ",".join(answer_row(order)) + "\n"
    record = scene.book(batch, keep(scene.finance, text.encode(), "半截.csv"))
    assert record.paid == 0 and "没有传完整" in record.problems[0]["problem"]


def test_the_same_file_twice_is_said_and_books_once(scene: Scene) -> None:
    batch = scene.sent()
    file = scene.answer_file(batch)
    scene.book(batch, file)
    entries = Entry.objects.count()
    with pytest.raises(JigaiError) as error:
        scene.book(batch, file)
    assert error.value.code == "answers-repeated" and "到账 3 笔" in error.value.message
    assert (Entry.objects.count(), ReturnFile.objects.count()) == (entries, 1)


def test_a_second_file_with_the_same_rows_books_nothing_again(scene: Scene) -> None:
    batch = scene.sent()
    scene.answer(batch)
    again = scene.answer(batch, extra=[("X", "1", "1.00", "到账", "", "")], name="又一份.csv")
    assert again.paid == 0
    assert [p["problem"][:9] for p in again.problems].count("这一笔以前的回单") == 0
    assert sum("没有重复记账" in p["problem"] for p in again.problems) == 3
    assert balances(scene.programme).paid == 600_00


def test_a_repeated_row_counts_once_and_one_that_contradicts_itself_not_at_all(
    scene: Scene,
) -> None:
    batch = scene.sent()
    orders = list(batch.orders.select_related("account").order_by("id"))
    extra = [answer_row(orders[0]), answer_row(orders[1], back=True)]
    record = scene.answer(batch, extra=extra)
    assert record.paid == 2 and record.returned == 0
    words = [p["problem"] for p in record.problems]
    assert any("重复" in word for word in words)
    assert sum("互相矛盾" in word for word in words) == 2
    assert states(*scene.applications) == ["paid", "paying", "paid"]


def test_rows_of_another_batch_are_sent_to_its_page(scene: Scene) -> None:
    first = scene.sent()
    late = scene.add(50_00)
    scene.reserve([late], list_pk=2)
    second = scene.sent(scene.granted())
    order = second.orders.get()
    record = scene.answer(first, extra=[answer_row(order)])
    assert record.paid == 3 and second.number in record.problems[0]["problem"]
    order.refresh_from_db()
    assert order.state == "sent"


def test_what_the_bank_says_afterwards_moves_nothing(scene: Scene) -> None:
    batch = scene.sent()
    first, second, _third = refs(batch)
    scene.answer(batch, back=[first])
    record = scene.answer(batch, back=[second], name="后来.csv")
    words = {p["reference"]: p["problem"] for p in record.problems}
    assert "现在又说到账" in words[first] and "现在又说退票" in words[second]
    assert (record.paid, record.returned) == (0, 0)
    assert balances(scene.programme).paid == 500_00


def test_an_unsent_batch_has_no_answers(scene: Scene) -> None:
    batch = scene.released(scene.granted())
    with pytest.raises(JigaiError) as error:
        scene.answer(batch)
    assert error.value.code == "not-sent"


def test_what_is_no_file_of_answers(scene: Scene) -> None:
    batch = scene.sent()
    file = keep(scene.finance, "序号,名称\n1,某某\n".encode(), "名单.csv")
    with pytest.raises(JigaiError) as error:
        scene.book(batch, file)
    assert error.value.code == "answers-heading" and "支付编号" in error.value.hint
    assert not ReturnFile.objects.exists()


def test_a_workbook_and_the_other_encoding_are_read_alike(scene: Scene, tmp_path: Path) -> None:
    batch = scene.sent()
    rows = [answer_row(o) for o in batch.orders.select_related("account").order_by("id")]
    path = tmp_path / "回单.xlsx"
    columns = [ExportColumn(name, TEXT) for name in HEADINGS]
    write_table(path, columns, [*rows, ["合计", "3 笔", "600.00", "", "", ""]], title="国库回单")
    assert [a.fen for a in read_answers(path).rows] == [100_00, 200_00, 300_00]
    path = tmp_path / "回单.csv"
    lines = [HEADINGS, *rows, ["合计", "3", "600.00", "", "", ""]]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="gb18030")
    found = read_answers(path)
    assert found.wrong_total() == "" and found.rows[0].account == rows[0][1]


def test_a_formula_or_a_number_that_lost_its_digits_is_no_account(scene: Scene) -> None:
    batch = scene.sent()
    first, second, _ = refs(batch)
    record = scene.answer(batch, change={first: {1: "=HYPERLINK(1)"}, second: {1: "3.70010E+17"}})
    assert record.paid == 1 and len(record.problems) == 2


@given(st.one_of(st.text(max_size=12), st.floats(), st.integers()))
def test_an_amount_is_read_exactly_or_not_at_all(raw: Any) -> None:
    fen = read_yuan(raw)
    assert fen is None or (isinstance(fen, int) and fen >= 0)


@pytest.mark.parametrize(
    ("raw", "fen"),
    [("1,234.50", 123450), ("12", 1200), (12.34, 1234), (0.29, 29), ("12.345", None),
     ("1,2,3", None), ("-5.00", None), (12.345, None), ("１２", None), ("5万", None),
     ("1e3", None)],
)  # fmt: skip
def test_amounts(raw: Any, fen: int | None) -> None:
    assert read_yuan(raw) == fen


def test_a_closed_period_books_today(scene: Scene) -> None:
    batch = scene.sent()
    scene.programme.book.closed_until = timezone.localdate() - dt.timedelta(days=1)
    scene.programme.book.save()
    scene.answer(batch)
    assert not Entry.objects.filter(kind="paid", happened_on__lt=timezone.localdate()).exists()
    assert PaymentOrder.objects.filter(state="paid").count() == 3


def test_rows_are_kept_with_the_file_they_came_in(scene: Scene) -> None:
    batch = scene.sent()
    file = store(scene.finance, [("X", "1", "1.00", "到账", "2021-01-01", "")])
    record = scene.book(batch, file)
    assert record.evidence == file and record.rows == 1 and record.problems[0]["row"] == 2
