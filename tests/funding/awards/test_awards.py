"""称号奖励台账: one title, one award, once in the book; readings switch what a rise gives."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from jigai.core.access import Denied
from jigai.errors import JigaiError
from jigai.funding.awards.entitlements import Entitlement, choices_asked, entitlements
from jigai.funding.awards.services.grant_award import decide_award, pay_award, propose_award
from jigai.funding.budgets.money import balances
from jigai.funding.models import AwardGrant, Programme
from jigai.ledgers.models import Entry
from jigai.policies.standing import current_version
from tests.factories import give_role, make_user
from tests.funding.awards import titles as t
from tests.funding.budgets.funds import Two
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("title-award-ledger")]
WAN = 1_000_000


@pytest.fixture(scope="module")
def in_force(tmp_path_factory: Any) -> Path:
    return Path(tmp_path_factory.mktemp("luan"))


@pytest.fixture
def people() -> Two:
    return t.two()


@pytest.fixture
def fund(people: Two, in_force: Path) -> Programme:
    t.install(in_force)
    return t.fund(people, 100 * WAN)


def worth(fund: Programme, **readings: str) -> dict[tuple[str, str], Entitlement]:
    return {(e.title.code, e.title.level): e for e in entitlements(fund, t.DAY, readings)}


def propose(people: Two, fund: Programme, source: str, **readings: str) -> AwardGrant:
    return propose_award(
        programme=fund.pk, source=source, day=t.DAY, readings=readings, **people.by
    )


def refused(code: str, act: Any) -> str:
    with pytest.raises(JigaiError) as caught:
        act()
    assert caught.value.code == code
    return caught.value.message


def test_each_title_is_worth_what_the_document_says(fund: Programme) -> None:
    firm = t.firm()
    for code, level in (("LA-R02", "省级"), ("LA-R03", "省级"), ("LA-R04", "市级")):
        t.title(code, level, firm)
    found = worth(fund)
    assert {key: e.fen for key, e in found.items()} == {
        ("LA-R02", "省级"): 50 * WAN, ("LA-R03", "省级"): 20 * WAN, ("LA-R04", "市级"): 10 * WAN,
    }  # fmt: skip
    assert found["LA-R02", "省级"].told is not None


def test_new_means_within_what_the_reading_says(fund: Programme) -> None:
    """A title of before the document: nothing where 新认定 covers it, its award where it does
    not."""
    t.title("LA-R02", "市级", t.firm(), dt.date(2020, 12, 1))
    asked = {reading.id for reading in choices_asked(current_version("luan-2020"), t.DAY)}
    assert {"newly_recognised_scope", "upgrade_rule"} <= asked
    assert worth(fund)["LA-R02", "市级"].fen == 0
    assert worth(fund, newly_recognised_scope="b")["LA-R02", "市级"].fen == 20 * WAN


def test_a_rise_is_paid_in_full_or_the_difference(fund: Programme, people: Two) -> None:
    firm = t.firm()
    t.title("LA-R02", "市级", firm)
    lower = worth(fund)["LA-R02", "市级"]
    given = propose(people, fund, lower.title.source)
    decide_award(award=given.pk, approve=True, **people.over)
    t.title("LA-R02", "省级", firm, dt.date(2021, 9, 1))
    assert worth(fund, upgrade_rule="a")["LA-R02", "省级"].fen == 50 * WAN
    difference = worth(fund, upgrade_rule="b")["LA-R02", "省级"]
    assert (difference.fen, difference.prior_fen) == (30 * WAN, 20 * WAN)
    assert worth(fund, upgrade_rule="c")["LA-R02", "省级"].fen == 0
    higher = propose(people, fund, difference.title.source, upgrade_rule="b")
    assert (higher.amount_fen, higher.prior_fen) == (30 * WAN, 20 * WAN)
    assert higher.readings == {"upgrade_rule": "b"}


def test_a_title_is_awarded_once_and_the_first_is_named(fund: Programme, people: Two) -> None:
    t.title("LA-R02", "省级", t.firm())
    source = worth(fund)["LA-R02", "省级"].title.source
    first = propose(people, fund, source)
    words = refused("already-awarded", lambda: propose(people, fund, source))
    assert f"第 {first.pk} 号" in words
    assert "500,000.00 元" in words
    with pytest.raises(IntegrityError, match="award_once_a_source"):
        AwardGrant.objects.create(
            programme=fund, region_code=t.CITY, enterprise=first.enterprise, pack=fund.pack,
            measure="x", measure_name="x", title="x", source=source, amount_fen=1,
            proposed_by=people.clerk,
        )  # fmt: skip


def test_a_cancelled_one_does_not_stand_in_the_way(fund: Programme, people: Two) -> None:
    t.title("LA-R02", "省级", t.firm())
    source = worth(fund)["LA-R02", "省级"].title.source
    first = propose(people, fund, source)
    refused("no-reason", lambda: decide_award(award=first.pk, approve=False, **people.over))
    decide_award(award=first.pk, approve=False, note="文件不全", **people.over)
    assert balances(fund).reserved == 0
    assert propose(people, fund, source).pk != first.pk


def test_from_proposal_to_payment_in_the_book(fund: Programme, people: Two) -> None:
    t.title("LA-R02", "省级", t.firm())
    award = propose(people, fund, worth(fund)["LA-R02", "省级"].title.source)
    own = t.other(make_both())
    AwardGrant.objects.filter(pk=award.pk).update(proposed_by=own["by"])
    refused("same-person", lambda: decide_award(award=award.pk, approve=True, **own))
    refused(
        "not-approved", lambda: pay_award(award=award.pk, document="x", on=t.DAY, **people.over)
    )
    decided = decide_award(award=award.pk, approve=True, **people.over)
    assert decided.entry is not None
    assert (balances(fund).available, balances(fund).reserved) == (50 * WAN, 50 * WAN)
    refused("decided", lambda: decide_award(award=award.pk, approve=True, **people.over))
    pay_award(award=award.pk, document="示例凭证1", on=t.DAY, **people.over)
    refused(
        "not-approved", lambda: pay_award(award=award.pk, document="x", on=t.DAY, **people.over)
    )
    assert (balances(fund).reserved, balances(fund).paid) == (0, 50 * WAN)
    assert Entry.objects.filter(about=f"award:{award.pk}").count() == 2


def make_both() -> Any:
    user = make_user("finance", t.CITY)
    give_role(user, "finance-chief", t.CITY)
    return user


def test_a_fund_that_does_not_reach_refuses_the_award(fund: Programme, people: Two) -> None:
    for number in range(3):
        t.title("LA-R02", "省级", t.firm(f"示例第{number}有限公司"))
    awards = [propose(people, fund, e.title.source) for e in entitlements(fund, t.DAY)]
    for award in awards[:2]:
        decide_award(award=award.pk, approve=True, **people.over)
    refused("account-short", lambda: decide_award(award=awards[2].pk, approve=True, **people.over))
    assert AwardGrant.objects.get(pk=awards[2].pk).state == "proposed"


def test_missing_data_is_not_nought(fund: Programme, people: Two) -> None:
    firm = t.firm()
    t.title("LA-R02", "省级", firm)
    firm.registered_region = ""
    firm.save()
    found = worth(fund)["LA-R02", "省级"]
    assert (found.fen, found.word) == (None, "缺数据")
    refused("undetermined", lambda: propose(people, fund, found.title.source))


def test_a_draft_only_simulates(people: Two) -> None:
    t.install()
    fund = t.fund(people, 100 * WAN)
    t.title("LA-R02", "省级", t.firm())
    found = worth(fund)["LA-R02", "省级"]
    assert found.fen == 50 * WAN
    refused("not-in-force", lambda: propose(people, fund, found.title.source))
    page = as_user(people.clerk).get(reverse("award-worth", args=[fund.pk])).content.decode()
    assert "仅模拟" in page
    assert "提出奖励</button>" not in page


def test_another_region_neither_proposes_nor_sees(fund: Programme) -> None:
    t.title("LA-R02", "省级", t.firm())
    stranger = make_user("finance")
    source = worth(fund)["LA-R02", "省级"].title.source
    with pytest.raises(Denied):
        propose_award(programme=fund.pk, source=source, day=t.DAY, **t.other(stranger))
    assert as_user(stranger).get(reverse("award-worth", args=[fund.pk])).status_code == 404


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def nonce(client: Client, address: str) -> str:
    return client.get(address).content.decode().split('name="nonce" value="')[1].split('"')[0]


def test_the_pages_from_title_to_payment(fund: Programme, people: Two) -> None:
    firm = t.firm()
    t.title("LA-R02", "省级", firm)
    clerk, chief = as_user(people.clerk), as_user(people.chief)
    worth_page = reverse("award-worth", args=[fund.pk]) + "?on=2021-12-31&upgrade_rule=b"
    assert fund.name in clerk.get(reverse("award-funds")).content.decode()
    page = clerk.get(worth_page).content.decode()
    assert "500,000.00" in page
    source = worth(fund)["LA-R02", "省级"].title.source
    sent = clerk.post(reverse("award-propose", args=[fund.pk]), {
        "source": source, "on": "2021-12-31", "upgrade_rule": "b",
        "nonce": nonce(clerk, worth_page),
    })  # fmt: skip
    award = AwardGrant.objects.get()
    address = reverse("award-detail", args=[award.pk])
    assert sent["Location"] == address
    assert "升级规则：补差" in clerk.get(address).content.decode()
    assert "批准</button>" not in clerk.get(address).content.decode()
    chief.post(reverse("award-decide", args=[award.pk]),
               {"verb": "approve", "nonce": nonce(chief, address)})  # fmt: skip
    chief.post(reverse("award-pay", args=[award.pk]),
               {"document": "示例凭证", "on": "2022-01-05",
                "nonce": nonce(chief, address)})  # fmt: skip
    award.refresh_from_db()
    assert (award.state, award.paid_document) == ("paid", "示例凭证")
    assert firm.name in chief.get(reverse("award-list")).content.decode()


def test_the_list_asks_no_more_for_more(fund: Programme, people: Two) -> None:
    def grow(number: int) -> None:
        for place in range(AwardGrant.objects.count(), number):
            AwardGrant.objects.create(
                programme=fund, region_code=t.CITY, enterprise=t.firm(f"示例{place}号"),
                pack=fund.pack, measure="m", measure_name="示例奖励", title="LA-R02",
                source=f"entry:{place}", amount_fen=1, proposed_by=people.clerk,
            )  # fmt: skip

    assert_query_count(as_user(people.chief), reverse("award-list"), grow, most=16)
