"""市县专项登记: what was in force on a day, version by version."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.funding.budgets.local_funds import local_fund, local_funds
from jigai.funding.elsewhere.matching import chances_of
from jigai.funding.models import OtherFunding
from jigai.registers.models import Entry, Register
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.load_content import FOLDER, load_file
from jigai.registers.services.propose_entry import propose_entry, propose_event
from tests.factories import CITY, COUNTY, SIBLING, make_enterprise, make_regions, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.system("local-fund-registry")]
SPRING, SUMMER = dt.date(2021, 3, 1), dt.date(2021, 7, 1)


@pytest.fixture
def people() -> tuple[User, User]:
    make_regions()
    load_file(FOLDER / "local-funds.yaml")
    return make_user("section-clerk", CITY), make_user("section-chief", CITY)


def registered(people: tuple[User, User], name: str, region: str, **more: str) -> Entry:
    clerk, chief = people
    values = {
        "name": name,
        "place": region,
        "year": "2021",
        "document": "示例财〔2021〕1号",
        **more,
    }
    entry = propose_entry(
        register=Register.objects.get(code="local-funds"), by=clerk, access=access_of(clerk),
        effective=SPRING, values=values,
    )  # fmt: skip
    decide_proposal(
        proposal=entry.proposals.get().pk, approve=True, by=chief, access=access_of(chief)
    )
    return Entry.objects.get(pk=entry.pk)


def changed(people: tuple[User, User], entry: Entry, **more: object) -> None:
    clerk, chief = people
    made = propose_event(
        entry=entry, kind="change", effective=SUMMER, by=clerk, access=access_of(clerk),
        reason="示例财〔2021〕9号调整", values={**entry.values, **more},
    )  # fmt: skip
    decide_proposal(proposal=made.pk, approve=True, by=chief, access=access_of(chief))


def test_each_day_has_its_version(people: tuple[User, User]) -> None:
    """A fund that was raised in summer is still the old one for a check of spring."""
    entry = registered(people, "示例区专项", COUNTY, amount="3000万元")
    changed(people, entry, amount=5_000_000_000, document="示例财〔2021〕9号")
    before, after = (local_funds(COUNTY, day)[0] for day in (SPRING, SUMMER))
    assert (before.fen, before.document, before.since) == (
        3_000_000_000, "示例财〔2021〕1号", SPRING,
    )  # fmt: skip
    assert (after.fen, after.document, after.since) == (5_000_000_000, "示例财〔2021〕9号", SUMMER)
    assert local_funds(COUNTY, SPRING - dt.timedelta(days=1)) == []


def test_the_county_and_those_above_it(people: tuple[User, User]) -> None:
    registered(people, "示例区专项", COUNTY)
    registered(people, "示例市专项", CITY)
    registered(people, "邻区专项", SIBLING)
    names = {fund.name for fund in local_funds(COUNTY, SUMMER)}
    assert names == {"示例区专项", "示例市专项"}


def test_no_amount_is_not_nought(people: tuple[User, User]) -> None:
    entry = registered(people, "示例区专项", COUNTY)
    fund = local_fund(entry.pk, SUMMER)
    assert fund is not None
    assert fund.fen is None
    client = Client()
    client.force_login(make_user("finance"))
    page = client.get(reverse("programme-new")).content.decode()
    assert "示例区专项" in page
    assert ">未定<" in page


def test_a_fund_is_opened_from_what_is_registered(people: tuple[User, User]) -> None:
    entry = registered(people, "示例区专项", COUNTY, amount="3000万元")
    client = Client()
    client.force_login(make_user("finance"))
    page = client.get(reverse("programme-new"), {"registered": str(entry.pk)}).content.decode()
    for told in ('value="示例区专项"', 'value="示例财〔2021〕1号"', 'value="2021"'):
        assert told in page
    assert client.get(reverse("programme-new"), {"registered": "999999"}).status_code == 200


def test_without_the_register_there_is_nothing_to_bring_in() -> None:
    make_regions()
    assert local_funds(COUNTY, timezone.localdate()) == []
    assert local_fund(1, timezone.localdate()) is None


def test_an_enterprise_finds_them_and_what_it_seeks_is_registered_by_name(
    people: tuple[User, User], client: Client
) -> None:
    """On the page of its matches as of a day, and among what can be sought: once it is registered
    as other funding it is not proposed again, and the double check knows it by its name."""
    entry = registered(people, "示例市专项", CITY, amount="2000万元")
    registered(people, "示例区专项", COUNTY)
    registered(people, "邻区专项", SIBLING)
    firm = make_enterprise(region=COUNTY)
    found = {chance.programme: chance for chance in chances_of(firm)}
    assert set(found) == {"示例市专项", "示例区专项"}
    assert (found["示例市专项"].level, found["示例区专项"].level) == ("city", "county")
    assert found["示例市专项"].document == "示例财〔2021〕1号"
    OtherFunding.objects.create(
        region_code=COUNTY, enterprise=firm, kind="upper", level="city", year=2021,
        programme="示例市专项",
    )  # fmt: skip
    assert [chance.programme for chance in chances_of(firm)] == ["示例区专项"]
    changed(people, entry, amount=3_000_000_000)
    client.force_login(people[0])
    page = reverse("navigator-of", args=[firm.pk])
    spring = client.get(page, {"day": "2021-03-05"}).content.decode()
    assert "20,000,000.00" in spring and "邻区专项" not in spring and "未定" in spring
    assert "30,000,000.00" in client.get(page, {"day": "2021-08-01"}).content.decode()
