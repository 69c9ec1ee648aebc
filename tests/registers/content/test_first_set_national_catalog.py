"""An application goes from state to state, and only what is listed on the day feeds the premium."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.models import Enterprise
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.providers import Population, look_up_terms
from jigai.registers.counting import count_on
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry, Register
from jigai.registers.selectors import entries_on
from jigai.registers.services.record_event import record
from jigai.rules.alternatives import build_evaluator
from jigai.rules.example_case import example_environment, example_rows, with_profile
from jigai.rules.explain import explain_item
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from tests.factories import COUNTY, make_enterprise, make_regions
from tests.registers.content.shipped import put, ship

pytestmark = [pytest.mark.django_db, pytest.mark.system("first-set-national-catalog")]
D = dt.date
DAY = dt.timedelta(days=1)
APPLIED, PUSHED, TAKEN, LISTED, OUT = (
    D(2019, 1, 10), D(2019, 2, 20), D(2019, 3, 15), D(2019, 7, 1), D(2019, 10, 1),
)  # fmt: skip


@pytest.fixture
def register() -> Register:
    """The applications as shipped."""
    make_regions()
    return ship("first-set-national-catalog")


@pytest.fixture
def firm() -> Enterprise:
    """An applicant."""
    return make_enterprise("示例装备厂")


def apply(register: Register, firm: Enterprise, name: str = "示例首台装备") -> Entry:
    who = {"name": firm.name, "uscc": firm.uscc}
    return put(register, {"产品名称": name, "申报企业": who, "申报日期": APPLIED.isoformat(),
                          "状态": "已申报"}, since=APPLIED)[0]  # fmt: skip


def move(entry: Entry, state: str, day: dt.date, **more: Any) -> None:
    entry = Entry.objects.select_related("register__current").get(pk=entry.pk)
    record(entry=entry, kind="change", effective=day, by=None, reason="示例结果",
           values={**entry.values, "state": state, **more})  # fmt: skip


def listed(entry: Entry, day: dt.date = LISTED, **more: Any) -> None:
    move(entry, "s4", day, edition="示例版", listed=day.isoformat(), **more)


def test_every_step_keeps_its_day_and_the_result_counts(
    register: Register, firm: Enterprise
) -> None:
    entry = apply(register, firm)
    other = apply(register, firm, "示例另一装备")
    for state, day in (("s2", PUSHED), ("s3", TAKEN)):
        move(entry, state, day)
        move(other, state, day)
    listed(entry)
    move(other, "s5", LISTED, outcome="示例：指标不够")
    seen = {
        day: sorted(s.values["state"] for s in entries_on(register, day))
        for day in (APPLIED, PUSHED - DAY, PUSHED, TAKEN, LISTED - DAY, LISTED)
    }
    assert list(seen.values()) == [
        ["s1", "s1"], ["s1", "s1"], ["s2", "s2"], ["s3", "s3"], ["s3", "s3"], ["s4", "s5"],
    ]  # fmt: skip
    assert [count_on(register, day, "listed") for day in (LISTED - DAY, LISTED)] == [0, 1]
    assert [count_on(register, day, "pending") for day in (TAKEN, LISTED)] == [2, 0]


@pytest.mark.parametrize(("values", "told"), [
    ({"状态": "已列入"}, "目录版本和列入日期"), ({"状态": "未列入"}, "结果说明"),
    ({"状态": "已列入", "目录版本": "示例版", "列入日期": "2018-12-31"}, "早于申报日期"),
])  # fmt: skip
def test_a_result_comes_with_what_it_needs(
    register: Register, firm: Enterprise, values: dict[str, str], told: str
) -> None:
    who = {"name": firm.name, "uscc": firm.uscc}
    base = {"产品名称": "示例", "申报企业": who, "申报日期": "2019-01-10"}
    with pytest.raises(JigaiError, match=told):
        prepare_one(register, {**base, **values})


def refused(firm: Enterprise, day: dt.date) -> bool:
    """Whether Guangdong refuses the premium on a day to a firm with title and policy in hand.

    Its rate is not determined: what is not refused is open, never paid.
    """
    model = build_model(load_pack(packs_dir() / "guangdong-2019"))
    example = next(e for e in model.pack.examples if e.name == "目录内产品已投保")
    full = with_profile(model, example)
    env, rows = example_environment(model, full), example_rows(model, full)
    for row in rows["enterprise"]:
        row["key"] = firm.uscc
    for row in rows["award"]:
        row["enterprise_key"] = firm.uscc
    look_up_terms(rows, model.terms.values(), day, Population(COUNTY, day.year, timezone.now()))
    found = explain_item(build_evaluator(model, env), model, env, rows, "award",
                         rows["award"][0]["key"])  # fmt: skip
    (measure,) = [m for m in found.measures if m.id == "first-set-premium"]
    codes = {str(reason.code) for reason in measure.reasons}
    assert codes == {"not_in_catalogue"} or codes == {"undetermined"}
    return "not_in_catalogue" in codes


def test_the_premium_reads_the_catalogue_as_of_the_day(
    register: Register, firm: Enterprise
) -> None:
    """玩具实现会漏掉: the entry and the compensation know nothing of each other."""
    entry = apply(register, firm)
    move(entry, "s2", PUSHED)
    listed(entry, valid_to=(OUT - DAY).isoformat())
    days = (PUSHED, LISTED - DAY, LISTED, OUT - DAY, OUT)
    assert [refused(firm, day) for day in days] == [True, True, False, False, True]
    assert refused(make_enterprise("示例别的厂"), LISTED)


def test_a_catalogue_nobody_keeps_says_nothing(register: Register, firm: Enterprise) -> None:
    """Title and policy are then judged on their papers, as before there was a register."""
    assert not refused(firm, LISTED)
