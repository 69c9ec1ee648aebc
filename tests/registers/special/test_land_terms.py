"""Terms of industrial land: nothing is renewed by the passing of time."""

from __future__ import annotations

import datetime as dt
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.models import Notice, User
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry
from jigai.registers.selectors import entries_on, register_by_code
from jigai.registers.services.admit_entries import Admission, admit_entries
from jigai.registers.services.expire_entries import expire_entries
from jigai.registers.special.land_terms import (
    LAPSED,
    LATE,
    OPEN,
    READY,
    UNASKED,
    UNFIT,
    WORDS,
    Term,
    near_end,
    standing,
)
from jigai.registers.special.stored_land_use import terms_near_end
from jigai.rules.explain_check import explain_check
from tests.factories import COUNTY, SIBLING, make_enterprise, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.loaded import load
from tests.rules.harness import model
from tests.rules.test_checks import environment, evaluator, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("renewal-by-agreement")]
BEGIN, END = dt.date(2016, 6, 1), dt.date(2021, 5, 31)
DAY = dt.timedelta(days=1)


def term(**more: Any) -> Term:
    given = {"starts": BEGIN, "until": END, "requested": None, "assessed": None, "finding": "",
             **more}  # fmt: skip
    return Term(1, "示例三号宗地", "示例企业", "弹性年期出让", **given)


@pytest.mark.parametrize(
    ("more", "state"),
    [
        ({}, OPEN),
        ({"assessed": END, "finding": "fit", "requested": True}, READY),
        ({"assessed": END, "finding": "fit"}, UNASKED),
        ({"assessed": END, "finding": "fit", "requested": False}, UNASKED),
        ({"assessed": END, "finding": "unfit", "requested": True}, UNFIT),
        ({"assessed": END + DAY, "finding": "fit", "requested": True}, LATE),
        ({"assessed": BEGIN - DAY, "finding": "fit", "requested": True}, OPEN),
    ],
)
def test_the_assessment_decides(more: dict[str, Any], state: str) -> None:
    assert standing(term(**more), END).state == state


def test_a_term_that_ended_without_an_assessment_is_listed_as_such() -> None:
    """The toy renews on the day: here it stays 到期未评估, and assessed later it is too late."""
    for days in (1, 30, 3000):
        found = standing(term(requested=True), END + days * DAY)
        assert found.state == LAPSED and found.word == "到期未评估" and found.days == -days
    assert standing(term(assessed=END + DAY, finding="fit"), END + 9 * DAY).state == LATE


def test_the_most_urgent_comes_first_and_the_far_ones_are_left_out() -> None:
    rows = [
        Term(n, "", "", "", BEGIN, END + n * 10 * DAY, None, None, "") for n in range(5)
    ]  # fmt: skip
    assert [one.term.id for one in near_end(rows, END + 5 * DAY, 20)] == [0, 1, 2]
    assert near_end(rows, END - 400 * DAY, 0) == []


def test_the_ledger_and_the_document_say_the_same() -> None:
    """The check of the pack and the ledger: fit, unfit, late and not assessed, asked for or not."""
    name, measure = "guangdong-2019", "renewal-by-agreement"
    found = evaluator(name, measure)
    wanted = {"符合": {READY}, "缺数据": {OPEN, UNASKED}, "不符合": {UNFIT, LATE, UNASKED}}
    for assessed, finding, asked in product(
        (None, END, END + DAY), ("", "fit", "unfit"), (None, True, False)
    ):
        if (assessed is None) != (finding == ""):
            continue
        row = {"land_case": "flexible_lease", "registered_land_use": "industrial",
               "lease_expires_on": END, "renewal_assessed_on": assessed,
               "renewal_finding": finding or None, "renewal_requested": asked}  # fmt: skip
        told = explain_check(
            found, model(name), environment(name),
            rows_of({k: v for k, v in row.items() if v is not None}), measure, 1,
        ).verdict  # fmt: skip
        state = standing(term(assessed=assessed, finding=finding, requested=asked), END).state
        if state != OPEN or asked is not False:
            assert state in wanted[told], (assessed, finding, asked, told, state)
        assert (told == "符合") is (state == READY)


# as stored ---------------------------------------------------------------------------------------


@pytest.fixture
def clerk() -> User:
    make_regions()
    load("land-terms")
    return make_user("section-clerk", name="经办人")


def values(**more: Any) -> dict[str, Any]:
    firm = make_enterprise(
        f"示例土地使用企业{Entry.objects.count()}有限公司", more.pop("place", COUNTY)
    )
    return {"parcel": "示例三号宗地", "enterprise": {"id": firm.pk}, "place": firm.region_code,
            "method": "弹性年期出让", "contract": f"示例-TD-{Entry.objects.count()}",
            "starts": "2016-06-01", "until": "2021-05-31", "area": "30亩", **more}  # fmt: skip


def put(given: dict[str, Any]) -> Entry:
    register = register_by_code("land-terms")
    row = prepare_one(register, given)
    return admit_entries(register=register, admissions=[Admission(row, BEGIN)])[0]


FIT = {"assessed": "2021-03-01", "finding": "符合续期使用条件", "requested": "是"}
AGAIN = {"starts": "2021-06-01", "until": "2041-05-31", "renewal": "示例-TD-续1"}


def change(entry: Entry, given: dict[str, Any], **more: Any) -> Any:
    return prepare_one(register_by_code("land-terms"), {**given, **more}, entry=entry.pk)


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, "没有评估"),
        ({**FIT, "finding": "不符合续期使用条件"}, "没有评估为符合"),
        ({**FIT, "assessed": "2021-06-01"}, "晚于原届满日"),
        ({**FIT, "requested": "否"}, "没有申请续期"),
        ({**FIT, "renewal": ""}, "同时写"),
        ({**FIT, "starts": "2016-06-01"}, "起始日还是原来的"),
        ({"assessed": "2021-03-01", "requested": "是"}, "一起填"),
    ],
)
def test_a_renewal_without_its_grounds_is_refused(
    clerk: User, more: dict[str, Any], why: str
) -> None:
    given = values()
    with pytest.raises(JigaiError, match=why):
        change(put(given), given, **{**AGAIN, **more})


def test_a_renewal_with_its_grounds_is_taken_and_is_assessed_anew(clerk: User) -> None:
    given = values()
    entry = put(given)
    row = change(entry, given, **FIT, **AGAIN)
    assert not row.problems
    entry.values = row.values
    entry.save(update_fields=["values"])
    later = terms_near_end(access_of(clerk), dt.date(2041, 5, 1), 60)
    assert [one.state for one in later] == [OPEN], "an old assessment says nothing of the new term"


def test_a_new_row_may_not_begin_as_a_renewal(clerk: User) -> None:
    with pytest.raises(JigaiError, match="原条目"):
        put(values(renewal="示例-TD-续1"))


def test_the_daily_round_ends_the_term_and_renews_nothing(clerk: User) -> None:
    entry = put(values())
    expire_entries(dt.date(2021, 6, 1))
    register = register_by_code("land-terms")
    assert not entries_on(register, dt.date(2021, 6, 1)).exists()
    entry.refresh_from_db()
    assert entry.values["until"] == "2021-05-31"
    found = terms_near_end(access_of(clerk), dt.date(2021, 6, 1), 0)
    assert [one.word for one in found] == [WORDS[LAPSED]]


def test_people_are_reminded_before_the_end(clerk: User) -> None:
    put(values())
    days = register_by_code("land-terms").schema.remind
    expire_entries(END - dt.timedelta(days=days))
    assert Notice.objects.filter(user=clerk, title__contains="将到期").count() == 1


def test_the_page_lists_what_a_person_does_now(clerk: User, client: Client) -> None:
    put(values())
    put(values(parcel="示例四号宗地", **FIT))
    put(values(parcel="邻县宗地", place=SIBLING))
    client.force_login(clerk)
    text = client.get(reverse("land-terms-due"), {"on": "2021-05-01"}).content.decode()
    assert "未评估" in text and "符合，待协议续期" in text and "邻县宗地" not in text
    after = client.get(reverse("land-terms-due"), {"on": "2021-07-01"}).content.decode()
    assert "到期未评估" in after and "已过 31 天" in after
    far = client.get(reverse("land-terms-due"), {"on": "2019-01-01"}).content.decode()
    assert "这个范围里没有届满的" in far
    assert client.get(reverse("land-terms-due"), {"ahead": "-1"}).status_code == 422


def test_the_number_of_queries_does_not_grow(clerk: User, client: Client) -> None:
    def grow(count: int) -> None:
        for _ in range(Entry.objects.count(), count):
            put(values())

    client.force_login(clerk)
    assert_query_count(client, f"{reverse('land-terms-due')}?on=2021-05-01", grow, most=25)
