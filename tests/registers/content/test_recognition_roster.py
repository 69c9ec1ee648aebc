"""Titles of packs are rosters anybody may ask: level, batch, validity and what changed when."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from jigai.paths import packs_dir
from jigai.policies.services.install_pack import install_pack
from jigai.registers.models import Entry, Register
from jigai.registers.services.record_event import record
from jigai.registers.special.titles import find_titles, happenings, public_title
from tests.factories import make_enterprise, make_regions, make_user
from tests.registers.content.shipped import put

pytestmark = [pytest.mark.django_db, pytest.mark.system("recognition-roster")]
D = dt.date
DAY = dt.timedelta(days=1)
SINCE, RAISED, GONE = D(2021, 3, 1), D(2022, 5, 1), D(2023, 2, 1)


@pytest.fixture
def roster() -> Register:
    """A roster made from a title of the Lu'an document."""
    make_regions()
    install_pack(folder=packs_dir() / "luan-2020", check=False)
    return Register.objects.select_related("current").get(items=["luan-2020:LA-R02"])


def hold(roster: Register, name: str, **more: Any) -> Entry:
    firm = make_enterprise(name)
    values = {"企业": {"name": firm.name, "uscc": firm.uscc}, "级别": "市级", "批次": "第一批",
              "认定日期": SINCE.isoformat(), "有效期至": "2024-02-29", **more}  # fmt: skip
    entry = put(roster, values, since=SINCE)[0]
    return Entry.objects.select_related("register__current").get(pk=entry.pk)


def life(entry: Entry) -> None:
    values = {**entry.values, "level": "o1", "batch": "第三批"}
    record(entry=entry, kind="change", effective=RAISED, by=None, reason="升为省级",
           document="示例文〔2022〕5号", values=values)  # fmt: skip
    record(entry=entry, kind="revoke", effective=GONE, by=None, reason="示例：弄虚作假",
           document="示例文〔2023〕2号")  # fmt: skip


def only(day: dt.date, **more: Any) -> Any:
    (found,), _ = find_titles(day, **more)
    return found


def test_every_title_of_the_document_is_a_public_roster(roster: Register) -> None:
    titles = Register.objects.filter(kind=Register.Kind.TITLES, origin__startswith="pack:luan-2020")
    assert titles.count() == 16 and all(row.public for row in titles)
    labels = {f.label for f in roster.schema.public_fields}
    assert {"企业", "级别", "批次", "认定日期", "有效期至"} <= labels


def test_the_past_stays_as_it_was(roster: Register) -> None:
    """玩具实现会漏掉: a list without a history of changes."""
    entry = hold(roster, "示例智能厂")
    life(entry)
    then = only(RAISED - DAY)
    assert (then.level, then.batch, then.state) == ("市级", "第一批", "listed")
    after = only(RAISED)
    assert (after.level, after.batch, after.since) == ("省级", "第三批", SINCE)
    revoked = only(GONE)
    assert (revoked.state, revoked.word, revoked.until) == ("revoked", "已撤销", GONE - DAY)
    assert find_titles(SINCE - DAY) == ([], False)
    assert find_titles(GONE, held=True)[0] == []


def test_it_runs_out_without_anybody_doing_anything(roster: Register) -> None:
    hold(roster, "示例智能厂")
    assert only(D(2024, 2, 29)).state == "listed"
    assert only(D(2024, 3, 1)).word == "已到期"


def test_the_history_names_what_changed_and_on_what_grounds(roster: Register) -> None:
    entry = hold(roster, "示例智能厂")
    life(entry)
    found = public_title(entry.pk)
    assert found is not None
    revoke, change, admit = happenings(found)
    assert (revoke.word, revoke.document, revoke.on) == ("撤销", "示例文〔2023〕2号", GONE)
    assert change.diffs == [("级别", "市级", "省级"), ("批次", "第一批", "第三批")]
    assert admit.word == "入册" and not admit.diffs


def test_pages_ask_over_all_rosters_and_show_public_fields_only(
    roster: Register, client: Client
) -> None:
    entry, other = hold(roster, "示例智能厂"), hold(roster, "示例另一厂")
    life(entry)
    firm = make_enterprise("示例旁观企业")
    client.force_login(make_user("enterprise-handler", enterprise=firm))
    page = client.get(reverse("title-search"), {"q": "智能厂", "on": "2022-06-01"}).content.decode()
    assert "示例智能厂" in page and "示例另一厂" not in page and "省级" in page
    told = client.get(reverse("title-history", args=[entry.pk])).content.decode()
    assert "市级 → 省级" in told and "弄虚作假" in told
    assert reverse("entry-detail", args=[entry.pk]) not in told
    roster.public = False
    roster.save()
    assert client.get(reverse("title-history", args=[other.pk])).status_code == 404
    assert "示例另一厂" not in client.get(reverse("title-search")).content.decode()


def test_the_number_of_queries_does_not_grow(roster: Register) -> None:
    counts = []
    for size in (2, 10):
        for number in range(size):
            hold(roster, f"示例{size}号{number}厂")
        with CaptureQueriesContext(connection) as caught:
            assert len(find_titles(SINCE)[0]) >= size
        counts.append(len(caught))
    assert counts[0] == counts[1] <= 5
