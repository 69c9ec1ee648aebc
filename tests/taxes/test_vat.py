"""设备进项抵扣: every line left out has its reason; the sum meets the subsidy base line by line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jigai.taxes.law import Law
from jigai.taxes.vat import InputLine, input_credit

pytestmark = pytest.mark.system("vat-input-credit")
CLAIM = dt.date(2021, 3, 31)
PRICE, TAX = 100_0000_00, 13_0000_00


def line(number: str = "示例001", **more: Any) -> InputLine:
    given_ = {"issued": dt.date(2020, 6, 1), "amount": PRICE, "tax": TAX, "in_base": True}
    return InputLine(number, **{**given_, **more})


def only(
    law: Law, one: InputLine, general: bool | None = True, claim: dt.date = CLAIM
) -> tuple[str, str]:
    judged = input_credit([one], general, claim, law).judged[0]
    return judged.state, judged.why


@pytest.mark.parametrize(
    ("more", "state", "why"),
    [
        ({}, "yes", "可以抵扣"),
        ({"void": True}, "no", "已作废"),
        ({"kind": "ordinary"}, "no", "普通发票不是扣税凭证"),
        ({"kind": "customs"}, "yes", "可以抵扣"),
        ({"kind": ""}, "unknown", "发票种类不知道"),
        ({"equipment": False}, "no", "不是设备"),
        ({"equipment": None}, "unknown", "是不是设备不知道"),
        ({"buyer_matches": False}, "no", "购买方不是本企业"),
        ({"exempt_use": True}, "no", "专用于免税、简易计税或集体福利"),
        ({"amount": None}, "unknown", "金额或税额认不出"),
        ({"tax": None}, "unknown", "金额或税额认不出"),
        ({"issued": None}, "unknown", "开票日认不出"),
        ({"issued": dt.date(2021, 4, 1)}, "no", "开票日晚于勾选日"),
        ({"issued": dt.date(2008, 12, 31)}, "no", "开票日早于固定资产进项可抵的起日 2009-01-01"),
        ({"gross": PRICE + TAX + 2}, "unknown", "金额、税额、价税合计不平"),
        ({"gross": PRICE + TAX + 1}, "yes", "可以抵扣"),
        ({"tax": TAX + 2}, "unknown", "税额多于当日税率（13%）"),
        ({"tax": 3_0000_00}, "yes", "可以抵扣"),
        ({"issued": dt.date(2018, 6, 1), "tax": 16_0000_00}, "yes", "可以抵扣"),
        ({"red": True, "amount": -100, "tax": -13}, "unknown", "红字没有写对应的蓝字发票"),
    ],
)
def test_one_line_one_reason(law: Law, more: dict[str, Any], state: str, why: str) -> None:
    assert only(law, line(**more)) == (state, why)


def test_small_taxpayers_credit_nothing_and_unknown_ones_are_asked(law: Law) -> None:
    assert only(law, line(), general=False) == ("no", "小规模纳税人不抵进项")
    assert only(law, line(), general=None) == ("unknown", "是不是一般纳税人不知道")


@pytest.mark.parametrize(
    ("issued", "claimed", "state"),
    [
        ("2016-01-01", "2016-06-29", "yes"),
        ("2016-01-01", "2016-06-30", "no"),
        ("2017-07-01", "2018-06-26", "yes"),
        ("2017-07-01", "2018-06-27", "no"),
        ("2017-07-01", "2020-03-01", "yes"),
        ("2016-12-31", "2020-03-01", "no"),
        ("2009-06-01", "2009-07-01", "unknown"),
    ],
)
def test_the_window_is_that_of_the_day(law: Law, issued: str, claimed: str, state: str) -> None:
    """180 days, 360 days, none from 2020-03-01 for invoices since 2017."""
    one = line(issued=dt.date.fromisoformat(issued), tax=1_0000_00)
    assert only(law, one, claim=dt.date.fromisoformat(claimed))[0] == state


def test_repeated_void_and_red_lines_do_not_count_twice(law: Law) -> None:
    red = line("示例009", red=True, red_of="示例001", amount=-40_0000_00, tax=-5_2000_00)
    lost = line("示例010", red=True, red_of="示例404", amount=-1_00, tax=-13)
    found = input_credit([red, line(), line(), line("示例002", void=True), lost], True, CLAIM, law)
    assert [one.state for one in found.judged] == ["offset", "yes", "no", "no", "no"]
    assert found.credited == TAX - 5_2000_00 and found.amount == 60_0000_00
    assert found.left_out == TAX + TAX + 13
    assert len(found.out) == 3 and all(one.why for one in found.out)


def test_the_subsidy_base_is_another_sum_and_the_gap_is_told(law: Law) -> None:
    """与补助基数口径打架: a leased line is credited, not subsidised; a plain one reverse."""
    leased = line("示例003", amount=50_0000_00, tax=6_5000_00, leased=True, in_base=False)
    plain = line("示例004", kind="ordinary", amount=20_0000_00, tax=60_00)
    found = input_credit([line(), leased, plain], True, CLAIM, law)
    assert (found.amount, found.credited) == (150_0000_00, TAX + 6_5000_00)
    assert found.base_plain == 120_0000_00
    assert found.base_gross == 120_0000_00 + TAX + 60_00
    assert [(gap.amount, len(gap.lines)) for gap in found.gaps] == [
        (-50_0000_00, 1),
        (20_0000_00, 1),
    ]
    assert found.amount + sum(gap.amount for gap in found.gaps) == found.base_plain


LINES = st.lists(
    st.builds(
        line,
        number=st.sampled_from(["示例1", "示例2", "示例3"]),
        amount=st.integers(-(10**9), 10**9) | st.none(),
        tax=st.integers(-(10**8), 10**8) | st.none(),
        void=st.booleans(),
        red=st.booleans(),
        red_of=st.sampled_from(["", "示例1"]),
        kind=st.sampled_from(["special", "customs", "ordinary", ""]),
        equipment=st.sampled_from([True, False, None]),
        in_base=st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=120, deadline=None)
@given(lines=LINES)
def test_the_two_sums_always_reconcile_to_the_fen(law: Law, lines: list[InputLine]) -> None:
    found = input_credit(lines, True, CLAIM, law)
    assert found.amount + sum(gap.amount for gap in found.gaps) == found.base_plain
    assert found.credited == sum(one.credited for one in found.judged)
    assert len(found.judged) == len(lines)
    assert [one.line for one in found.judged] == lines
