"""Which accounts an administrator reaches, and whom nobody may manage."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.access import Denied, access_of
from jigai.core.access.people import check_person, clashes, covers, people_in_reach
from jigai.core.models import Assignment
from tests.factories import (
    CITY,
    COUNTY,
    PROVINCE,
    SIBLING,
    give_role,
    make_department,
    make_enterprise,
    make_user,
)

pytestmark = pytest.mark.django_db


def admin(region: str = COUNTY, scope: str = "below") -> Any:
    return access_of(make_user("platform-admin", region, scope=scope))


@pytest.mark.system("role-access")
def test_a_county_administrator_sees_the_county_and_the_enterprises_in_it() -> None:
    access = admin()
    clerk = make_user("section-clerk", COUNTY)
    handler = make_user("enterprise-handler", enterprise=make_enterprise())
    others = [make_user("section-clerk", SIBLING), make_user("leader", CITY), make_user()]
    found = set(people_in_reach(access, "person.manage"))
    assert {clerk, handler, access.user} <= found
    assert not found & set(others)


def test_everywhere_includes_people_without_duties() -> None:
    idle = make_user()
    assert idle in people_in_reach(admin(scope="all"), "person.manage")


def test_an_account_one_opened_is_in_reach_until_it_has_duties_elsewhere() -> None:
    access = admin()
    made = make_user(created_by=access.user)
    assert made in people_in_reach(access, "person.manage")
    give_role(made, "section-clerk", SIBLING)
    assert made not in people_in_reach(access, "person.manage")


def test_who_holds_no_such_right_reaches_only_oneself() -> None:
    clerk = make_user("section-clerk")
    make_user("section-clerk")
    assert list(people_in_reach(access_of(clerk), "person.manage")) == [clerk]


@pytest.mark.system("role-access")
def test_a_person_with_a_wider_duty_is_managed_from_above() -> None:
    person = make_user("section-clerk", COUNTY)
    check_person(admin(), "person.manage", person)
    give_role(person, "leader", CITY)
    with pytest.raises(Denied) as refused:
        check_person(admin(), "person.manage", person)
    assert refused.value.code == "wider-than-own"
    check_person(admin(CITY), "person.manage", person)


@pytest.mark.parametrize(
    ("own_region", "own_scope", "region", "scope", "covered"),
    [
        (COUNTY, "below", COUNTY, "below", True),
        (COUNTY, "below", COUNTY, "self", True),
        (COUNTY, "below", SIBLING, "department", False),
        (COUNTY, "below", CITY, "department", False),
        (COUNTY, "below", COUNTY, "all", False),
        (CITY, "below", COUNTY, "below", True),
        (PROVINCE, "below", CITY, "below", True),
        (COUNTY, "department", COUNTY, "department", True),
        (COUNTY, "department", COUNTY, "below", False),
        (COUNTY, "self", COUNTY, "self", False),
        (COUNTY, "all", PROVINCE, "all", True),
    ],
)
def test_nobody_covers_more_than_their_own(
    own_region: str, own_scope: str, region: str, scope: str, covered: bool
) -> None:
    duty = Assignment(department=make_department(region), scope=scope)
    assert covers(admin(own_region, own_scope), "person.manage", duty) is covered


@pytest.mark.parametrize(
    ("codes", "covered"),
    [
        ([COUNTY], True),
        ([f"{COUNTY}100"], True),
        ([COUNTY, SIBLING], False),
        ([CITY], False),
        ([], False),
    ],
)
def test_every_custom_region_must_be_covered(codes: list[str], covered: bool) -> None:
    duty = Assignment(department=make_department(), scope="custom", custom_regions=codes)
    assert covers(admin(), "person.manage", duty) is covered


def test_an_enterprise_elsewhere_is_not_covered() -> None:
    inside = Assignment(enterprise=make_enterprise(), scope="self")
    outside = Assignment(enterprise=make_enterprise(region=SIBLING), scope="self")
    nowhere = Assignment(enterprise=make_enterprise(region=""), scope="self")
    assert covers(admin(), "person.manage", inside)
    assert not covers(admin(), "person.manage", outside)
    assert not covers(admin(), "person.manage", nowhere)
    assert covers(admin(scope="all"), "person.manage", nowhere)


@pytest.mark.parametrize(
    ("names", "wrong"),
    [
        (["person.manage", "enterprise.view"], True),
        (["role.manage", "export.make"], True),
        (["person.manage", "role.manage", "region.manage", "audit.view"], False),
        (["person.view", "enterprise.view"], False),
    ],
)
@pytest.mark.system("data-privacy")
def test_managing_accounts_and_seeing_data_exclude_each_other(
    names: list[str], wrong: bool
) -> None:
    assert clashes(names) is wrong
