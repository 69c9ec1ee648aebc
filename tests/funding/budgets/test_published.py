"""Figures that were published, reproduced by the ledger to the fen."""

from __future__ import annotations

from decimal import Decimal

import pytest

from jigai.errors import JigaiError
from jigai.funding.budgets.money import balances, reserve
from jigai.funding.budgets.services.allocate import NewShare, plan_shares, send_share
from jigai.funding.models import Allocation
from jigai.ledgers.selectors import wrong_balances
from tests.funding.budgets.funds import DAY, WAN, change, fund_of, open_fund, two

pytestmark = [pytest.mark.django_db]

# 广东省2015年省级企业技术改造专项资金（第四批）项目计划的公示，2015-09-23: city, 万元, per cent.
GUANGDONG_2015 = (
    ("汕头市", 19600, 14), ("韶关市", 14000, 10), ("河源市", 7000, 5), ("梅州市", 9800, 7),
    ("汕尾市", 7000, 5), ("阳江市", 9800, 7), ("湛江市", 14000, 10), ("茂名市", 14000, 10),
    ("清远市", 9800, 7), ("潮州市", 8400, 6), ("揭阳市", 16800, 12), ("云浮市", 9800, 7),
)  # fmt: skip
# 东莞市2019年工业企业技术改造事后奖补（普惠性）资金资助计划的公告, 2019-09-25: by level, in fen.
DONGGUAN_2019 = (("above", 9_171_000_000), ("grant", 3_821_060_000), ("add", 3_056_610_000))
DONGGUAN_TOTAL = 16_048_670_000


@pytest.mark.system("budget-control")
def test_dongguan_2019_three_levels_make_one_total() -> None:
    people = two()
    fund = open_fund(people, code="DG2019", year=2019)
    for kind, fen in DONGGUAN_2019:
        change(people, fund, fen, kind)
    assert balances(fund).budget == DONGGUAN_TOTAL == int(Decimal("16048.67") * WAN)
    # 26 projects; the published table of the single amounts is an attachment we do not have.
    part, rest = divmod(DONGGUAN_TOTAL, 26)
    amounts = {number: part + (number <= rest) for number in range(1, 27)}
    reserve(programme=fund, amounts=amounts, list_pk=1, on=DAY, by=None)
    assert (balances(fund).available, balances(fund).reserved) == (0, DONGGUAN_TOTAL)
    with pytest.raises(JigaiError, match=r"还差 0\.01 元"):
        reserve(programme=fund, amounts={99: 1}, list_pk=2, on=DAY, by=None)
    assert wrong_balances(fund.book) == []


@pytest.mark.system("city-block-grant")
def test_guangdong_2015_twelve_cities_at_whole_per_cents() -> None:
    people = two()
    total = 140_000 * WAN
    fund = fund_of(people, total, code="GD2015", year=2015)
    assert sum(pct for _, _, pct in GUANGDONG_2015) == 100
    made = plan_shares(
        programme=fund.pk, base_fen=total, **people.by,
        shares=[NewShare(city, pct=Decimal(pct)) for city, _, pct in GUANGDONG_2015],
    )  # fmt: skip
    assert [(row.name, row.amount_fen) for row in made] == [
        (city, wan * WAN) for city, wan, _ in GUANGDONG_2015
    ]
    for row in made:
        send_share(allocation=row.pk, document="示例", on=DAY, **people.over)
    held = balances(fund)
    assert (held.allocated, held.available) == (total, 0)
    assert Allocation.objects.filter(state="sent").count() == 12
