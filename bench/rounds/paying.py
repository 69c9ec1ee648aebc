"""Request, quota, batch, file, sending, answers of the bank."""

from __future__ import annotations

import csv
import io
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.rounds.clock import Clock


def pay(clock: Clock, scene: dict[str, Any]) -> None:
    """All of it in one batch; the bank returns a few."""
    batch = _batch(clock, scene)
    _files(clock, scene, batch)
    _answers(clock, scene, batch)


def _batch(clock: Clock, scene: dict[str, Any]) -> Any:
    from django.utils import timezone

    from jigai.core.access import access_of
    from jigai.funding.budgets.money import balances
    from jigai.funding.payments.services.answer_request import grant_request
    from jigai.funding.payments.services.make_batch import make_batch
    from jigai.funding.payments.services.make_request import make_request
    from jigai.funding.payments.services.release_batch import release_batch
    from jigai.funding.payments.services.send_batch import send_batch
    from jigai.funding.payments.services.send_request import send_request

    people, budget = scene["people"], scene["budget"]
    clerk, finance, treasury = people["clerk"], people["finance"], people["treasury"]

    def acts(person: Any) -> dict[str, Any]:
        return {"by": person, "access": access_of(person)}

    asked = clock.step(
        "生成拨付请示", lambda: make_request(round_=scene["round"], **acts(clerk)), clerk
    )
    assert (asked.rows, asked.total_fen) == (scene["count"], budget)
    asked = clock.step("送出请示", lambda: send_request(
        request=asked.pk, seen=asked.version, **acts(clerk)), clerk)  # fmt: skip
    asked = clock.step("登记指标文件", lambda: grant_request(
        request=asked.pk, seen=asked.version, quota_no="示财指〔2021〕1号",
        quota_on=timezone.localdate(), fen=budget, **acts(finance)), finance)  # fmt: skip
    assert asked.lines.filter(state="granted").count() == scene["count"]
    batch = clock.step("制单", lambda: make_batch(request=asked.pk, **acts(finance)), finance)
    assert (batch.rows, batch.total_fen) == (scene["count"], budget)
    batch = clock.step("复核", lambda: release_batch(
        batch=batch.pk, seen=batch.version, **acts(treasury)), treasury)  # fmt: skip
    batch = clock.step("送出支付批", lambda: send_batch(
        batch=batch.pk, seen=batch.version, **acts(finance)), finance)  # fmt: skip
    stands = balances(scene["programme"])
    assert (stands.reserved, stands.transit) == (0, budget)
    return batch


def _files(clock: Clock, scene: dict[str, Any], batch: Any) -> None:
    from jigai.funding.payments.batch_file import csv_text, hash_of, orders_of, write_xlsx
    from jigai.sheets.reader import read_workbook

    orders: list[Any] = []

    def text() -> str:
        orders[:] = orders_of(batch)
        assert hash_of(orders) == batch.file_hash
        return csv_text(orders)

    told = clock.step("支付文件 CSV", text)
    rows = list(csv.reader(io.StringIO(told.removeprefix("\ufeff"))))[1:-1]
    assert sum(_fen(row[6]) for row in rows) == scene["budget"] and len(rows) == scene["count"]
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "batch.xlsx")
        clock.step("支付文件 xlsx", lambda: write_xlsx(target, batch, orders_of(batch)))
        grid = read_workbook(target).sheets[0]
        cells = [grid.rows[row] for row in grid.rows]
        paid = [row for row in cells if len(row) > 6 and str(row[1]).startswith(batch.number)]
        assert len(paid) == scene["count"] and sum(map(_whole, paid)) == scene["budget"]


def _whole(row: list[Any]) -> int:
    return _fen(str(row[6]))


def _fen(text: str) -> int:
    return int((Decimal(text.replace(",", "")) * 100).to_integral_value())


def _answers(clock: Clock, scene: dict[str, Any], batch: Any) -> None:
    from django.utils import timezone

    from jigai.core.access import access_of
    from jigai.core.evidence import store_evidence
    from jigai.funding.budgets.money import balances
    from jigai.funding.payments.reconcile import reconcile
    from jigai.funding.payments.services.book_answers import book_answers

    finance, back = scene["people"]["finance"], scene["back"]
    orders = list(batch.orders.select_related("account").order_by("id"))
    file = store_evidence(
        stream=io.BytesIO(_bank_says(orders, back, timezone.localdate().isoformat())),
        name="回单.csv", owner=finance, region_code=scene["round"].region_code,
    )  # fmt: skip
    told = clock.step(f"导入回单，{back} 笔退票", lambda: book_answers(
        batch=batch.pk, file=file, by=finance, access=access_of(finance)), finance)  # fmt: skip
    assert (told.paid, told.returned, told.problems) == (len(orders) - back, back, [])
    returned = sum(order.amount_fen for order in orders[:back])
    stands = balances(scene["programme"])
    assert (stands.paid, stands.reserved, stands.transit, stands.available) == (
        scene["budget"] - returned, returned, 0, 0,
    )  # fmt: skip
    found = clock.step("三方对账", lambda: reconcile(scene["programme"]))
    assert found.agrees
    clock.note(f"合计 {scene['budget'] / 100:,.2f} 元，退票 {returned / 100:,.2f} 元，三方一致")


def _bank_says(orders: list[Any], back: int, day: str) -> bytes:
    """The first ``back`` come back, all others arrived."""
    from jigai.funding.payments.answers import HEADINGS, PAID, RETURNED, TOTAL
    from jigai.sheets.values.amounts import yuan_text

    out = io.StringIO(newline="")
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(HEADINGS)
    for place, order in enumerate(orders):
        result, reason = (RETURNED, "账号已销户") if place < back else (PAID, "")
        amount = yuan_text(order.amount_fen)
        lines.writerow([order.reference, order.account.number, amount, result, day, reason])
    total = yuan_text(sum(order.amount_fen for order in orders))
    lines.writerow([TOTAL, f"{len(orders)}笔", total, "", "", ""])
    return out.getvalue().encode("utf-8-sig")
