"""Public registers on the portal: as of a day, masked, searched only where shown, as a file."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.fields.names import region_word
from jigai.portal.views import lists
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Register
from jigai.registers.services.admit_entries import Admission, admit_entries
from tests.factories import COUNTY, SIBLING
from tests.query_counts import queries_of
from tests.registers.conftest import chief as chief
from tests.registers.conftest import clerk as clerk
from tests.registers.conftest import listed as listed
from tests.registers.conftest import make_register as make_register
from tests.registers.conftest import register as register

pytestmark = [pytest.mark.django_db, pytest.mark.system("public-inquiry")]


def page_of(client: Client, register: Register, status: int = 200, **query: Any) -> str:
    answer = client.get(reverse("portal-list", args=[register.code]), query)
    assert answer.status_code == status
    return answer.content.decode()


def test_only_public_registers_are_there(
    make_register: Any, register: Register, client: Client
) -> None:
    hidden = make_register("inner-firms", public=False)
    page = client.get(reverse("portal-lists")).content.decode()
    assert register.name in page and hidden.name not in page
    page_of(client, hidden, status=404)


def test_a_list_is_as_of_its_day_and_masked(
    register: Register, listed: Any, client: Client
) -> None:
    entry = listed(register, dt.date(2024, 3, 1), phone="示例电话", revenue="5000万元")
    name = entry.spans.get().values["firm"]["name"]
    on = page_of(client, register, on="2024-03-01")
    assert name in on and "市级" in on
    assert name not in page_of(client, register, on="2024-02-29")
    # A field without leave to be public is not on the page, a masked one only in steps.
    assert "示例电话" not in on and "联系电话" not in on
    assert "5000" not in on and "1000万元" in on


def test_nothing_hidden_is_found_by_guessing(
    register: Register, listed: Any, client: Client
) -> None:
    entry = listed(register, dt.date(2024, 3, 1), phone="13800000000")
    name = entry.spans.get().values["firm"]["name"]
    assert name in page_of(client, register, on="2024-06-01", q=name[:4])
    for guess in ("13800000000", "5000万元", "绝无此企业"):
        assert name not in page_of(client, register, on="2024-06-01", q=guess)


def test_a_wrong_day_is_told(register: Register, client: Client) -> None:
    page = page_of(client, register, on="某日")
    assert "“某日”不是日期" in page and "这一天没有符合条件的条目" in page


def test_pages_of_a_list_ask_as_often_however_long(
    register: Register, listed: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS", 2)
    url = reverse("portal-list", args=[register.code]) + "?on=2024-06-01"
    for _ in range(2):
        listed(register)
    client.get(url)
    few = len(queries_of(client, url))
    for _ in range(3):
        listed(register)
    assert len(queries_of(client, url)) == few <= 6
    names = [client.get(f"{url}&page={number}").context["rows"] for number in (1, 2, 3)]
    assert [len(rows) for rows in names] == [2, 2, 1]
    assert len({row.title for rows in names for row in rows}) == 5


def csv_of(client: Client, register: Register, **query: Any) -> list[list[str]]:
    answer = client.get(reverse("portal-list-csv", args=[register.code]), query)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/csv")
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def test_the_file_holds_what_the_page_shows_and_no_more(
    register: Register, listed: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "ROWS", 1)
    one = listed(register, dt.date(2024, 3, 1), phone="示例电话", valid_to="2030-12-31")
    two = listed(register, dt.date(2024, 3, 1), revenue="2亿元")
    rows = csv_of(client, register, on="2024-03-01")
    assert rows[0] == ["企业", "级别", "营业收入", "有效期至", "起", "止", "批次"]
    # Every row of all pages, masked as on the page.
    assert [row[0] for row in rows[1:]] == [one.title, two.title]
    assert rows[1][2:6] == ["1000万元至1亿元", "2030-12-31", "2024-03-01", "2030-12-31"]
    assert rows[2][2:] == ["1亿元及以上", "", "2024-03-01", "", ""]
    assert csv_of(client, register, on="2024-02-29") == rows[:1]
    assert [r[0] for r in csv_of(client, register, on="2024-03-01", q=two.title)[1:]] == [two.title]


def test_the_file_runs_nothing_and_a_wrong_condition_gives_none(
    make_register: Any, clerk: Any, client: Client
) -> None:
    made = make_register("plain", **PLAIN)
    row = prepare_one(made, {"name": "=cmd|1", "place": COUNTY, "loss": "-5"})
    admit_entries(register=made, admissions=[Admission(row, dt.date(2024, 1, 1))])
    assert csv_of(client, made, on="2024-05-01")[1][:3] == ["'=cmd|1", region_word(COUNTY), "-5"]
    for query in ({"on": "某日"}, {"on": "2024-05-01", "place": "没有的地方"}):
        answer = client.get(reverse("portal-list-csv", args=[made.code]), query)
        assert answer.status_code == 422 and "Content-Disposition" not in answer.headers
    hidden = make_register("inner-firms", public=False)
    assert client.get(reverse("portal-list-csv", args=[hidden.code])).status_code == 404


PLAIN: dict[str, Any] = {
    "fields": [
        {"id": "name", "label": "名称", "type": "text", "required": True, "public": True},
        {"id": "place", "label": "所在地", "type": "region", "public": True},
        {"id": "loss", "label": "增减", "type": "number", "public": True},
    ],
    "title": "name", "subject": "", "region": "place", "unique": ["name"], "apply": False,
    "constants": {}, "admission": "", "validations": [], "counting": [],
    "validity": {"kind": "none"},
}  # fmt: skip


def test_a_list_is_narrowed_by_the_region_it_shows(
    make_register: Any, clerk: Any, client: Client
) -> None:
    made = make_register("plain", **PLAIN)
    places = {"示例本区": COUNTY, "示例邻区": SIBLING, "示例不明": None}
    rows = [prepare_one(made, {"name": name, "place": at}) for name, at in places.items()]
    admit_entries(register=made, admissions=[Admission(row, dt.date(2024, 1, 1)) for row in rows])

    def names(place: str) -> set[str]:
        page = page_of(client, made, on="2024-05-01", place=place)
        return {name for name in places if name in page}

    assert names("") == set(places)
    # A row without the value is not found by the region it is kept under.
    assert names(COUNTY) == {"示例本区"} and names(SIBLING) == {"示例邻区"}
    assert names("370800") == {"示例本区", "示例邻区"}
    told = page_of(client, made, place="没有的地方")
    assert "没有“没有的地方”这个地区" in told


def test_a_region_that_is_not_shown_does_not_narrow(
    register: Register, listed: Any, client: Client
) -> None:
    entry = listed(register)
    page = page_of(client, register, on="2024-06-01", place=SIBLING)
    assert entry.title in page and 'name="place"' not in page


def test_the_list_of_charges_leads_to_reports(
    make_register: Any, register: Register, client: Client
) -> None:
    Register.objects.filter(pk=register.pk).update(systems=["charge-list"])
    note = f'；<a href="{reverse("portal-charge-report")}">举报收费</a>'
    assert note in page_of(client, register)
    assert note not in page_of(client, make_register("other"))
