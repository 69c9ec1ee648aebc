"""Days of entering, rising and leaving are kept, and the rate follows membership of the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from jigai.core.models import Enterprise, User
from jigai.paths import packs_dir
from jigai.policies.models import Decision, PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.registers.counting import count_on
from jigai.registers.models import Entry, Register
from jigai.registers.services.record_event import record
from jigai.registers.special.ladder import BACK, ENTERED, LEFT, MOVED, Held, moves, standing
from tests.factories import (
    COUNTY,
    make_enterprise,
    make_line,
    make_project,
    make_regions,
    make_user,
)
from tests.registers.content.shipped import put, ship
from tests.registers.test_lookups import evaluate

pytestmark = pytest.mark.system("sector-champion-ladder")
D = dt.date
DAY = dt.timedelta(days=1)
IN, OUT = D(2021, 3, 1), D(2021, 7, 1)


def held(entry: int, rung: str, starts: dt.date, ends: dt.date | None = None) -> Held:
    return Held(entry, f"示例{entry}", "小升高", rung, starts, ends)


def test_moves_of_a_life_in_order() -> None:
    rows = [held(1, "培育", D(2019, 1, 1), D(2020, 1, 1)),
            held(1, "高企", D(2020, 1, 1), D(2021, 1, 1)),
            held(1, "高企", D(2021, 6, 1)), held(2, "培育", D(2020, 5, 1), D(2020, 9, 1)),
            held(2, "培育", D(2020, 9, 1))]  # fmt: skip
    told = [(m.kind, m.day, m.entry, m.before, m.after) for m in moves(rows)]
    assert told == [
        (BACK, D(2021, 6, 1), 1, "", "高企"), (LEFT, D(2021, 1, 1), 1, "高企", ""),
        (ENTERED, D(2020, 5, 1), 2, "", "培育"), (MOVED, D(2020, 1, 1), 1, "培育", "高企"),
        (ENTERED, D(2019, 1, 1), 1, "", "培育"),
    ]  # fmt: skip
    assert [h.rung for h in standing(rows, D(2019, 12, 31))] == ["培育"]
    assert [h.entry for h in standing(rows, D(2021, 1, 1))] == [2]


@pytest.fixture
def clerk(db: None) -> User:
    """The office."""
    make_regions()
    return make_user("section-clerk")


@pytest.fixture
def firm(clerk: User) -> Enterprise:
    """A firm the ledger says is in the list, with one project of ten million."""
    figures: Any = {2021: {"size_computed": "small", "grade": "B", "echelon": "yes",
                           "credit": "good", "credit_text": "良好"}}  # fmt: skip
    row = make_enterprise("示例梯队有限公司", figures=figures, registered_region=COUNTY,
                          legal_type="independent")  # fmt: skip
    project = make_project(row, in_statistics=True, filing="yes", filing_no="370812-1",
                           nature="retrofit")  # fmt: skip
    make_line(project, amount_fen=1_000_000_000, total_fen=1_130_000_000, buyer_matches=True,
              arithmetic_ok=True)  # fmt: skip
    return row


@pytest.fixture
def pack(clerk: User) -> PackVersion:
    """The document that adds a point, as it ships."""
    return install_pack(folder=packs_dir() / "yanzhou-2020", check=False)


def paid(pack: PackVersion, clerk: User, day: dt.date) -> int | None:
    run = evaluate(pack.pk, clerk, as_of=day.isoformat())
    return Decision.objects.get(run=run, subject="project").amount_fen


def who(firm: Enterprise) -> dict[str, Any]:
    return {"企业": {"name": firm.name, "uscc": firm.uscc}}


def test_the_rate_is_one_point_more_from_the_day_in_to_the_day_before_out(
    pack: PackVersion, firm: Enterprise, clerk: User
) -> None:
    """玩具实现会漏掉: the days in and out of the list decide the rate."""
    register = ship("echelon-list")
    # Nobody was ever entered: the ledger's word stands.
    assert paid(pack, clerk, OUT) == 40_000_000
    (entry,) = put(register, who(firm), since=IN)
    record(entry=entry, kind="remove", effective=OUT, by=None, reason="示例调整")
    assert [paid(pack, clerk, day) for day in (IN - DAY, IN, OUT - DAY, OUT)] == [
        30_000_000, 40_000_000, 40_000_000, 30_000_000,
    ]  # fmt: skip


def test_a_rise_is_dated_and_counted_from_its_day(
    firm: Enterprise, clerk: User, client: Client
) -> None:
    register = ship("enterprise-ladder")
    (entry,) = put(register, {**who(firm), "阶梯": "小升高", "级": "小升高培育"}, since=IN)
    entry = Entry.objects.select_related("register__current").get(pk=entry.pk)
    record(entry=entry, kind="change", effective=OUT, by=None, reason="示例认定",
           values={**entry.values, "rung": "a3"})  # fmt: skip
    assert [count_on(register, day, "hightech") for day in (OUT - DAY, OUT)] == [0, 1]
    assert [count_on(register, day, "seed") for day in (OUT - DAY, OUT)] == [1, 0]
    client.force_login(clerk)
    page = client.get("/registers/special/ladders/", {"on": "2021-12-31"}).content.decode()
    assert "换级" in page and "高新技术企业" in page and "2021-07-01" in page
    early = client.get("/registers/special/ladders/", {"on": "2021-06-30"}).content.decode()
    assert "换级</span>" not in early and "小升高培育" in early


def test_the_page_names_the_policy_that_reads_the_list(
    pack: PackVersion, clerk: User, client: Client
) -> None:
    ship("echelon-list")
    client.force_login(clerk)
    page = client.get("/registers/special/ladders/").content.decode()
    assert page.count("列入梯队名单") == 1 and pack.title in page
    assert "这一天没有在册的企业" in page


def test_the_shipped_list_carries_out_the_items_of_the_document(pack: PackVersion) -> None:
    echelon: Register = ship("echelon-list")
    assert echelon.items == ["yanzhou-2020:YZ-G05", "yanzhou-2020:YZ-R04"]
    assert echelon.region_code == COUNTY
