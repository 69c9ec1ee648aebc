"""资源综合利用: refunded on payment and exempt are two things, never added or mixed."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.errors import JigaiError
from jigai.taxes.law import Law
from jigai.taxes.resource import (
    EXEMPT,
    REFUND,
    Listed,
    Sale,
    energy_contract,
    products_on,
    resource_use,
)

pytestmark = pytest.mark.system("resource-use-tax")
REVENUE, INPUT = 1000_0000_00, 60_0000_00


def sale(product: str, on: str, **more: Any) -> Sale:
    given_ = {"rate": Fraction(13, 100), "standards": True, "clean": True}
    return Sale(product, dt.date.fromisoformat(on), REVENUE, INPUT, **{**given_, **more})


def modes(law: Law, product: str, on: str) -> dict[str, Any]:
    return {way.mode: way for way in resource_use(sale(product, on), law).ways}


def test_a_product_refunded_on_payment_pays_first(law: Law) -> None:
    """即征即退: 130 out less 60 in is paid, 70 % of it comes back; nothing is exempt."""
    found = modes(law, "废渣产的水泥和熟料", "2020-05-01")
    assert list(found) == [REFUND]
    way = found[REFUND]
    assert (way.charged, way.paid, way.refunded) == (130_0000_00, 70_0000_00, 49_0000_00)
    assert way.input_cost == 0 and way.net == 49_0000_00 and way.ratio == Fraction(7, 10)


def test_an_exempt_product_charges_nothing_and_loses_its_input(law: Law) -> None:
    way = modes(law, "垃圾处理", "2013-05-01")[EXEMPT]
    assert (way.charged, way.paid, way.refunded, way.input_cost) == (0, 0, 0, INPUT)
    assert way.net == 70_0000_00 and way.net_same_price == -INPUT
    assert way.ratio is None


def test_where_both_are_open_only_one_may_be_chosen(law: Law) -> None:
    """即征即退与免征混: both ways stand apart, the sum of the two is nowhere."""
    found = resource_use(sale("污水处理", "2023-05-01", rate=Fraction(6, 100)), law)
    assert {way.mode for way in found.ways} == {REFUND, EXEMPT}
    assert found.lock == 36 and found.best in (REFUND, EXEMPT)
    by_mode = {way.mode: way for way in found.ways}
    assert by_mode[REFUND].paid == 0 and by_mode[REFUND].refunded == 0
    assert by_mode[REFUND].input_cost == 0 and by_mode[EXEMPT].refunded == 0


def test_the_better_one_depends_on_what_buyers_pay(law: Law) -> None:
    found = resource_use(sale("污水处理", "2023-05-01"), law)
    refund, exempt = (next(w for w in found.ways if w.mode == m) for m in (REFUND, EXEMPT))
    assert exempt.net > refund.net and found.best == EXEMPT
    assert exempt.net_same_price < refund.net_same_price


@pytest.mark.parametrize(
    ("product", "on", "ratio"),
    [
        ("煤层气发的电", "2020-05-01", Fraction(1)),
        ("建筑废物或煤矸石产的砂石骨料", "2020-05-01", Fraction(1, 2)),
        ("建筑废物或煤矸石产的砂石骨料", "2013-05-01", None),
        ("再生水", "2023-05-01", Fraction(7, 10)),
    ],
)
def test_ratio_and_mode_are_those_of_the_day(
    law: Law, product: str, on: str, ratio: Fraction | None
) -> None:
    assert resource_use(sale(product, on), law).ways[0].ratio == ratio


def test_what_the_pack_does_not_hold_is_unknown_not_no(law: Law) -> None:
    gone = resource_use(sale("废渣产的水泥和熟料", "2023-05-01"), law)
    assert gone.state == "unknown" and not gone.ways and "原件" in gone.missing[0]
    other = resource_use(sale("示例家具", "2020-05-01"), law)
    assert other.state == "no" and other.why


def test_standards_and_penalties_decide(law: Law) -> None:
    def state(**more: Any) -> str:
        return resource_use(sale("再生水", "2023-05-01", **more), law).state

    assert state() == "yes"
    assert (state(standards=False), state(clean=False)) == ("no", "no")
    found = resource_use(sale("再生水", "2023-05-01", standards=None, clean=None), law)
    assert found.state == "unknown" and len(found.missing) == 2
    assert resource_use(sale("再生水", "2023-05-01", clean=False), law).best == ""


@settings(max_examples=80, deadline=None)
@given(revenue=st.integers(0, 10**13), tax=st.integers(0, 10**12))
def test_a_refund_never_exceeds_what_was_paid(law: Law, revenue: int, tax: int) -> None:
    one = Sale("煤层气发的电", dt.date(2020, 5, 1), revenue, tax, Fraction(13, 100), True, True)
    way = resource_use(one, law).ways[0]
    assert 0 <= way.refunded <= way.paid == max(way.charged - tax, 0)


def test_energy_contracts_are_exempt_not_refunded(law: Law) -> None:
    one = sale("节能服务", "2023-05-01", rate=Fraction(6, 100))
    found = energy_contract(one, True, True, law)
    assert found.state == "yes" and found.vat == EXEMPT and found.way is not None
    assert found.way.refunded == 0 and found.way.input_cost == INPUT
    assert energy_contract(one, False, True, law).way is None
    assert energy_contract(one, True, False, law).state == "no"
    assert len(energy_contract(one, None, None, law).missing) == 2
    early = energy_contract(sale("节能服务", "2014-05-01"), True, True, law)
    assert early.state == "unknown" and early.vat is None


def test_products_of_a_day_and_refusals(law: Law) -> None:
    assert "再生水" in products_on(dt.date(2023, 1, 1), law)
    assert products_on(dt.date(2023, 1, 1), law) != products_on(dt.date(2020, 1, 1), law)
    with pytest.raises(JigaiError, match="负数"):
        resource_use(Sale("再生水", dt.date(2023, 1, 1), -1, 0, Fraction(0)), law)


# the catalogue as registered ---------------------------------------------------------------------


def entry(item: str, ratio: int, *words: str, checked: bool = False) -> Listed:
    return Listed(item, (item, *words), Fraction(ratio, 100), "2022年版", checked)


def test_an_entry_that_was_not_checked_leaves_the_answer_open(law: Law) -> None:
    found = resource_use(
        sale("余热发电", "2023-05-01"), law, [entry("余热、余压产的电力", 100, "余热")]
    )
    assert found.state == "unknown" and any("待核" in text for text in found.missing)
    (way,) = found.ways
    assert way.mode == REFUND and way.refunded == way.paid == 70_0000_00


def test_a_checked_entry_refunds_its_share_and_is_never_an_exemption(law: Law) -> None:
    found = resource_use(sale("生物柴油", "2023-05-01"), law, [entry("生物柴油", 70, checked=True)])
    assert found.state == "yes" and [way.mode for way in found.ways] == [REFUND]
    assert found.ways[0].refunded == 49_0000_00 and found.ways[0].input_cost == 0
    assert next(cite.text for cite in found.cites) == "70%"


def test_entries_that_differ_give_no_share(law: Law) -> None:
    rows = [
        entry("废渣产的建材", 70, "建材", checked=True),
        entry("建材骨料", 50, "建材", checked=True),
    ]
    found = resource_use(sale("建材", "2023-05-01"), law, rows)
    assert found.state == "unknown" and not found.ways and "比例不同" in found.missing[0]


def test_what_the_parameters_name_goes_first(law: Law) -> None:
    found = resource_use(sale("再生水", "2023-05-01"), law, [entry("再生水", 10, checked=True)])
    assert {way.mode for way in found.ways} == {REFUND, EXEMPT}
    assert all(way.ratio != Fraction(1, 10) for way in found.ways)


def test_what_no_entry_names_stays_open(law: Law) -> None:
    found = resource_use(sale("示例产品", "2023-05-01"), law, [entry("生物柴油", 70)])
    assert not found.ways and found.state == "unknown"
    assert resource_use(sale("", "2023-05-01"), law, [entry("生物柴油", 70)]).ways == ()
