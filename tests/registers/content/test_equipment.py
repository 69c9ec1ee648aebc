"""Models under other spellings, modified machines, the years before 1990, and the match screen."""

from __future__ import annotations

import datetime as dt
import time
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.registers.lifecycle import CHANGE
from jigai.registers.models import Register
from jigai.registers.services.record_event import record
from jigai.registers.special import ledger
from jigai.registers.special.equipment import (
    ELIMINATED,
    OLD,
    UNLISTED,
    UNSURE_BASIS,
    UNSURE_MODEL,
    Catalogue,
    Equipment,
    Listed,
    judge,
    judge_all,
)
from jigai.registers.special.model_names import Series, plain_model, without_change
from tests.factories import SIBLING, make_enterprise, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("eliminated-equipment-list")
TURN = dt.date(1990, 1, 1)
NEW = dt.date(2015, 6, 1)
BOOK = Catalogue([
    Listed(1, "JO2", ("JO2L",), Series()),
    Listed(2, "SL7", (), Series(low=Decimal(30), high=Decimal(1600)), category="变压器"),
    Listed(3, "BA型单级单吸悬臂式离心泵", ("#BA-#",)),
    Listed(4, "Y", (), Series(frozenset("SML")), condition="对照铭牌"),
    Listed(5, "ZP-Ⅱ"),
    Listed(6, "L-10/8", unchecked=True),
])  # fmt: skip


def said(model: str, **more: Any) -> str:
    return judge(Equipment(model, used=NEW, **more), BOOK, TURN).code


@pytest.mark.parametrize("model", [
    "JO2-51-4", "ＪＯ２－５１－４", "jo2—51–4", " JO2 - 51 - 4 ", "JO2型", "JO2系列",
    "SL7-500/10", "ＳＬ７－５００／１０", "4BA-12", "4ＢＡ—12", "ZP-II", "ZP－Ⅱ型", "zp-ⅱ",
])  # fmt: skip
def test_another_spelling_of_a_listed_model_is_still_listed(model: str) -> None:
    assert said(model) == ELIMINATED


def test_an_alias_hits_and_is_named() -> None:
    found = judge(Equipment("ＪＯ２Ｌ-51-4", used=NEW), BOOK, TURN)
    assert found.code == ELIMINATED
    assert found.hit is not None
    assert (found.hit.listed.name, found.hit.name, found.hit.is_alias) == ("JO2", "JO2L", True)


@pytest.mark.parametrize("model", [
    "JO2-51-4改", "JO2-51-4（改型）", "改JO2-51-4", "改4BA-12", "JO2-51-4改2",
    "JO2-51-4再制造", "JO2T-51-4", "SL7-M-500/10", "SL7-500/10G", "J02-51-4",
])  # fmt: skip
def test_a_modified_model_waits_for_people(model: str) -> None:
    assert said(model) == UNSURE_MODEL


def test_a_ledger_that_says_modified_waits_though_the_plate_is_listed() -> None:
    assert said("JO2-51-4", modified=True) == UNSURE_MODEL
    assert said("JO2-51-4", modified=True, decided="listed") == ELIMINATED
    assert said("JO2-51-4", modified=True, decided="free") == UNLISTED
    # What the plate says plainly is not talked away.
    assert said("JO2-51-4", decided="free") == ELIMINATED


@pytest.mark.parametrize("model", [
    "Y2-225M-4", "YE3-225M-4", "JO3-51-4", "SL9-500/10", "SL7-2000/10", "ZP-III", "BA-12", "JO",
])  # fmt: skip
def test_another_series_is_not_listed(model: str) -> None:
    assert said(model) == UNLISTED


def test_an_open_condition_or_an_unchecked_row_never_eliminates() -> None:
    assert said("Y225M-4") == UNSURE_BASIS
    assert said("L-10/8") == UNSURE_BASIS
    assert said("SL7-500/10", category="电动机") == UNSURE_BASIS
    assert said("") == UNSURE_BASIS


@pytest.mark.parametrize(("used", "made", "old"), [
    (dt.date(1989, 12, 31), None, True), (TURN, None, False), (None, dt.date(1985, 1, 1), True),
    (dt.date(1991, 1, 1), dt.date(1988, 1, 1), False), (None, None, False),
])  # fmt: skip
def test_old_is_strictly_before_the_day_and_goes_by_use(
    used: dt.date | None, made: dt.date | None, old: bool
) -> None:
    found = judge(Equipment("X-1", used=used, made=made), BOOK, TURN)
    assert found.old is old
    assert found.code == (OLD if old else UNLISTED)
    assert ("都没有填" in found.age) is (used is None and made is None)


def test_of_two_rows_with_one_name_the_surer_one_decides() -> None:
    pump, motor = Listed(1, "Q-1", category="水泵"), Listed(2, "Q-1", category="电动机")
    found = judge(Equipment("Q-1", category="电动机"), Catalogue([pump, motor]), TURN)
    assert found.code == ELIMINATED
    assert found.hit is not None
    assert found.hit.listed is motor


def test_as_many_machines_as_a_page_compares_take_seconds() -> None:
    rows = [Listed(n, f"Y{n}-{m}") for n in range(100, 400) for m in (2, 4, 6)]
    machines = [Equipment(f"Y{n % 500}L-{n}") for n in range(ledger.MOST)]
    begun = time.perf_counter()
    assert len(judge_all(machines, Catalogue(rows), TURN)) == ledger.MOST
    assert time.perf_counter() - begun < 10


def test_a_machine_may_be_eliminated_and_old() -> None:
    found = judge(Equipment("JO2-51-4", used=dt.date(1980, 1, 1)), BOOK, TURN)
    assert (found.code, found.old) == (ELIMINATED, True)


def test_spellings_become_one_and_words_for_modification_are_kept() -> None:
    assert plain_model("ＳＬ７－５００／１０") == "SL7-500/10"
    assert plain_model("JO2－51－4（改型）") == "JO2-51-4(改型)"
    assert without_change("JO2-51-4(改型)") == ("JO2-51-4", "改型")


@pytest.fixture
def books(db: None) -> tuple[Register, Register]:
    """The shipped catalogue with a row somebody has checked, and the ledger."""
    make_regions()
    catalogue, book = ship("eliminated-equipment"), ship("equipment-ledger")
    put(
        catalogue,
        {"型号": "示例7", "别名": ["示例七型", "SL-X"], "类别": "变压器", "是系列": "是",
         "出处": "示例", "核对": "已核对"},
        since=dt.date(2012, 4, 6), edition="b2-2012",
    )  # fmt: skip
    return catalogue, book


def machine(firm: Any, number: str, model: str, **more: Any) -> dict[str, Any]:
    plain = {
        "企业": {"name": firm.name, "uscc": firm.uscc}, "设备编号": number, "设备名称": "示例设备",
        "类别": "变压器", "型号": model, "投用日期": "2005-01-01", "状态": "在用",
    }  # fmt: skip
    return {**plain, **more}


def test_the_catalogue_of_the_day_decides(books: tuple[Register, Register]) -> None:
    early, later = (ledger.catalogue_on(d) for d in (dt.date(2012, 4, 5), dt.date(2012, 4, 6)))
    at = Equipment("示例7-315/10", used=NEW)
    assert judge(at, early, TURN).code == UNLISTED
    assert judge(at, later, TURN).code == ELIMINATED


def test_shipped_rows_nobody_checked_only_ask_for_a_check(
    books: tuple[Register, Register],
) -> None:
    book = ledger.catalogue_on(dt.date(2024, 6, 1))
    found = judge(Equipment("S7-315/10", used=NEW), book, TURN)
    assert found.code == UNSURE_BASIS
    assert found.hit is not None
    assert found.hit.listed.edition == "产业结构调整指导目录（淘汰类） 2024年本"
    # The edition changed on 1 February 2024: on the day before it is the older one that is met.
    before = judge(
        Equipment("S7-315/10", used=NEW), ledger.catalogue_on(dt.date(2024, 1, 31)), TURN
    )
    assert before.hit is not None
    assert before.hit.listed.number == "国家发展改革委令第29号"


def test_the_first_day_of_old_is_the_catalogues(books: tuple[Register, Register]) -> None:
    assert ledger.old_before("before") == dt.date(1990, 1, 1)
    assert ledger.old_before("within") == dt.date(2000, 1, 1)


def test_the_screen_shows_every_verdict_with_its_source(
    books: tuple[Register, Register], client: Client
) -> None:
    firm = make_enterprise("示例机械有限公司")
    put(
        books[1],
        machine(firm, "1", "示例7－315／10"), machine(firm, "2", "SL—X"),
        machine(firm, "3", "示例7-315/10改"), machine(firm, "4", "无此型号", 投用日期="1988-03-01"),
        machine(firm, "5", "S11-315/10"), machine(firm, "6", "示例7-315/10", 状态="已淘汰"),
    )  # fmt: skip
    client.force_login(make_user("section-clerk"))
    page = client.get("/registers/special/equipment/", {"enterprise": firm.pk}).content.decode()
    for words in ("淘汰", "老旧", "改型待核", "不在清单", "按别名 SL-X", "第二批（2012年）",
                  "工业和信息化部公告2012年第14号", "型号带“改”"):  # fmt: skip
        assert words in page
    assert "比对 5 条" in page
    rows = ledger.compared(
        ledger.machines_on(access_of(User.objects.get()), dt.date(2024, 6, 1)),
        ledger.catalogue_on(dt.date(2024, 6, 1)), TURN,
    )  # fmt: skip
    codes = {row.words["number"]: row.verdict.code for row in rows}
    assert codes == {"1": ELIMINATED, "2": ELIMINATED, "3": UNSURE_MODEL, "4": OLD, "5": UNLISTED}


def test_a_filter_a_reading_and_a_bad_day(books: tuple[Register, Register], client: Client) -> None:
    firm = make_enterprise("示例机械有限公司")
    put(books[1], machine(firm, "1", "无此型号", 投用日期="1995-03-01"))
    client.force_login(make_user("section-clerk"))
    at = "/registers/special/equipment/"
    assert "没有这个结论的设备" in client.get(at, {"verdict": "old"}).content.decode()
    wider = client.get(at, {"verdict": "old", "rule": "within"}).content.decode()
    assert "示例设备" in wider
    assert client.get(at, {"on": "昨天"}).status_code == 422


def test_a_decision_on_a_modified_machine_counts_from_its_day(
    books: tuple[Register, Register],
) -> None:
    firm = make_enterprise("示例机械有限公司")
    (entry,) = put(books[1], machine(firm, "1", "示例7-315/10改"))
    since = dt.date(2024, 3, 1)
    decided = {**entry.values, "decision": "listed", "decided": "示例监察〔2024〕1号"}
    record(entry=entry, kind=CHANGE, effective=since, by=None, values=decided)
    access = access_of(make_user("section-clerk"))
    said = []
    for day in (since - dt.timedelta(days=1), since):
        (row,) = ledger.compared(
            ledger.machines_on(access, day), ledger.catalogue_on(day), TURN
        )  # fmt: skip
        said.append((row.verdict.code, "示例监察〔2024〕1号" in row.verdict.why))
    assert said == [(UNSURE_MODEL, False), (ELIMINATED, True)]


def test_another_countys_machines_stay_there(
    books: tuple[Register, Register], client: Client
) -> None:
    near, far = make_enterprise("示例近"), make_enterprise("示例远", region=SIBLING)
    put(books[1], machine(near, "1", "示例7-315"), machine(far, "1", "示例7-315"))
    client.force_login(make_user("section-clerk"))
    at = "/registers/special/equipment/"
    page = client.get(at).content.decode()
    assert "示例近" in page
    assert "示例远" not in page
    assert client.get(at, {"enterprise": far.pk}).status_code == 422
    client.force_login(make_user("enterprise-handler", enterprise=far))
    own = client.get(at).content.decode()
    assert "示例远" in own
    assert "示例近" not in own


def test_the_page_asks_no_more_for_more_machines(
    books: tuple[Register, Register], client: Client
) -> None:
    firm = make_enterprise("示例机械有限公司")
    made = 0

    def grow(size: int) -> None:
        nonlocal made
        put(books[1], *(machine(firm, str(n), "示例7-315") for n in range(made, size)))
        made = size

    client.force_login(make_user("section-clerk"))
    assert_query_count(client, "/registers/special/equipment/", grow, most=32)


def test_more_machines_than_a_page_compares_ask_for_an_enterprise(
    books: tuple[Register, Register], client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "MOST", 2)
    one, two = make_enterprise("示例甲厂"), make_enterprise("示例乙厂")
    put(books[1], *(machine(firm, n, "示例7-315") for firm in (one, two) for n in "12"))
    client.force_login(make_user("section-clerk"))
    at = "/registers/special/equipment/"
    assert "请先选择一家企业" in client.get(at).content.decode()
    assert "比对 2 条" in client.get(at, {"enterprise": one.pk}).content.decode()
