"""The reach rate: each enterprise once, denominators that hold, contact told from reach."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.outreach import briefing_reach as reach
from jigai.outreach.briefing_reach import Reached, Scope
from jigai.outreach.models import Briefing
from jigai.outreach.services.answer_invitation import read_invitation, register_attendance
from jigai.outreach.services.publish_briefing import cancel_briefing
from tests.factories import CITY, SIBLING, make_regions, make_user
from tests.outreach.briefing_cases import (
    RATE,
    SLUG,
    begun,
    document,
    firm,
    handler,
    of,
    push,
    session,
)
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("policy-briefing")]


@pytest.fixture
def clerk(db: None) -> User:
    make_regions()
    document()
    return make_user("section-clerk", CITY, username="clerk")


def read(made: Briefing, row: Any) -> None:
    person = handler(row)
    read_invitation(invitation=of(made, row).pk, by=person, access=access_of(person))


def came(made: Briefing, row: Any, by: User) -> None:
    register_attendance(briefing=made.pk, enterprise=row, by=by, access=access_of(by))


def figures(found: Reached) -> tuple[int, int, int, int]:
    return found.reached, found.unreached, found.unreachable, found.walk_ins


@pytest.fixture
def county(clerk: User) -> dict[str, Any]:
    """A read the push and came to the session; B was told twice and did nothing; C has no account;
    D came to the session unasked; E, of another county, read the push."""
    firms = {
        "a": firm("示例甲公司", industry_code="3421"),
        "b": firm("示例乙公司", industry_code="3421"),
        "c": firm("示例丙公司", handled=False, industry_code="C1340"),
        "d": firm("示例丁公司"),
        "e": firm("任城示例公司", region=SIBLING, industry_code="34"),
    }
    told = [firms[key] for key in "abce"]
    pushed = push(clerk, told, (SLUG,))
    held = begun(session(clerk, [firms["a"], firms["b"]], (RATE,)))
    read(pushed, firms["a"])
    read(pushed, firms["e"])
    came(held, firms["a"], clerk)
    came(held, firms["d"], clerk)
    return {**firms, "push": pushed, "session": held}


def test_nobody_is_counted_twice_and_no_contact_is_not_unreached(
    clerk: User, county: dict[str, Any]
) -> None:
    """The toy publishes and knows no rate; a sum over sessions would say 3 of 6."""
    rows = reach.counted_invitations(access_of(clerk), Scope())
    found = reach.total(rows)
    assert figures(found) == (2, 1, 1, 1)
    assert (found.targets, found.rate) == (4, "50.0%")
    assert (found.contactable, found.rate_of_contactable) == (3, "66.6%")


def test_an_enterprise_without_account_that_came_is_reached(
    clerk: User, county: dict[str, Any]
) -> None:
    held = begun(session(clerk, [county["c"]]))
    came(held, county["c"], clerk)
    found = reach.total(reach.counted_invitations(access_of(clerk), Scope()))
    assert figures(found) == (3, 1, 0, 1)


def test_by_region_and_industry_the_parts_add_up(clerk: User, county: dict[str, Any]) -> None:
    rows = reach.counted_invitations(access_of(clerk), Scope())
    places = {group.label: figures(group) for group in reach.by_region(rows)}
    assert places == {"兖州区": (1, 1, 1, 1), "任城区": (1, 0, 0, 0)}
    lines = {group.key: figures(group) for group in reach.by_industry(rows)}
    assert lines == {"34": (2, 1, 0, 0), "13": (0, 0, 1, 0), "": (0, 0, 0, 1)}
    assert {g.label for g in reach.by_industry(rows)} >= {"34 通用设备制造业", "行业不详"}


def test_by_measure_each_has_its_own_denominator(clerk: User, county: dict[str, Any]) -> None:
    found = {g.key: g for g in reach.by_topic(access_of(clerk), Scope())}
    assert figures(found[SLUG]) == (2, 1, 1, 0)
    assert figures(found[RATE]) == (1, 1, 0, 1) and found[RATE].rate == "50.0%"


def test_a_scope_counts_only_its_briefings(clerk: User, county: dict[str, Any]) -> None:
    access, today = access_of(clerk), timezone.localdate()

    def of_scope(**given: Any) -> tuple[int, int, int, int]:
        return figures(reach.total(reach.counted_invitations(access, Scope(**given))))

    assert of_scope(briefing=county["session"].pk) == (1, 1, 0, 1)
    assert of_scope(slug="another") == (0, 0, 0, 0)
    # Whoever was told of the whole document was told of its measure.
    assert of_scope(slug=SLUG, measure="equipment") == (2, 1, 1, 1)
    assert of_scope(start=today, end=today) == (2, 1, 1, 1)
    assert of_scope(end=today.replace(year=today.year - 1)) == (0, 0, 0, 0)


def test_what_was_called_off_or_lies_elsewhere_counts_for_nothing(
    clerk: User, county: dict[str, Any]
) -> None:
    extra = session(clerk, [firm("示例戊公司")])
    cancel_briefing(briefing=extra.pk, reason="停电", access=access_of(clerk))
    assert figures(reach.total(reach.counted_invitations(access_of(clerk), Scope())))[1] == 1
    far = make_user("section-clerk", SIBLING)
    assert figures(reach.total(reach.counted_invitations(access_of(far), Scope()))) == (0, 0, 0, 0)


def test_rates_are_rounded_down_and_absent_without_targets() -> None:
    assert Reached("", "", 999, 1).rate == "99.9%" and Reached("", "", 1).rate == "100.0%"
    assert Reached("", "", walk_ins=3).rate == ""
    assert Reached("", "", 0, 0, 5).rate == "0.0%"
    assert Reached("", "", 0, 0, 5).rate_of_contactable == ""


def test_every_figure_opens_its_rows(client: Client, clerk: User, county: dict[str, Any]) -> None:
    client.force_login(clerk)
    page = client.get("/briefings/reach/").content.decode()
    assert "50.0%" in page and "2 ÷ 对象企业 4" in page and "state=unreachable" in page
    for query, names in (
        ("state=reached", {"示例甲公司", "任城示例公司"}),
        ("state=unreached", {"示例乙公司"}),
        ("state=unreachable", {"示例丙公司"}),
        ("state=walk-in", {"示例丁公司"}),
        ("state=reached&region=370811", {"任城示例公司"}),
        ("state=reached&industry=34", {"示例甲公司", "任城示例公司"}),
        ("industry=-", {"示例丁公司"}),
        ("industry=13", {"示例丙公司"}),
        (f"briefing={county['session'].pk}&state=unreached", {"示例乙公司"}),
        (f"topic={SLUG}%23equipment&state=reached", {"示例甲公司", "任城示例公司"}),
    ):
        content = client.get(f"/briefings/enterprises/?{query}").content.decode()
        every = ("示例甲公司", "示例乙公司", "示例丙公司", "示例丁公司", "任城示例公司")
        assert {name for name in every if f">{name}<" in content} == names, query


def test_query_counts(client: Client, clerk: User, county: dict[str, Any]) -> None:
    client.force_login(clerk)
    for url, most in (("/briefings/", 12), ("/briefings/receipts/", 12),
                      ("/briefings/enterprises/", 17), ("/briefings/reach/", 26)):  # fmt: skip
        client.get(url)
        small = len(queries_of(client, url))
        push(clerk, [firm(f"示例加{url}{n}公司") for n in range(4)])
        large = len(queries_of(client, url))
        assert large <= small <= most, (url, small, large)


def test_an_enterprise_opens_none_of_it(client: Client, county: dict[str, Any]) -> None:
    client.force_login(handler(county["a"]))
    for url in ("/briefings/", "/briefings/receipts/", "/briefings/enterprises/"):
        assert "示例乙公司" not in client.get(url).content.decode()
    assert "政策速递" in client.get("/my-briefings/").content.decode()
    assert "政策速递" not in client.get("/briefings/").content.decode()
    found = client.get("/briefings/reach/").content.decode()
    assert "对象企业 0" in found
