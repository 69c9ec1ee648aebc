"""What each 数据权限 reaches, and what it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.access import Access, Denied, Reach, access_of, check, scoped
from jigai.core.access.scoping import region_prefix
from jigai.core.models import Assignment, Delegation, Enterprise, RegionGroup, RegionGroupMember
from tests.factories import (
    CITY,
    COUNTY,
    PROVINCE,
    SIBLING,
    give_role,
    make_enterprise,
    make_institution,
    make_role,
    make_user,
)

pytestmark = pytest.mark.django_db
REACH = Reach(region="region_code", enterprise="id", owner="created_by")
TOWN = f"{COUNTY}100"


@pytest.fixture
def rows() -> dict[str, Enterprise]:
    places = {"county": COUNTY, "town": TOWN, "sibling": SIBLING, "other": "320583", "none": ""}
    return {name: make_enterprise(name, region=code) for name, code in places.items()}


def seen(user: Any, capability: str = "enterprise.view") -> set[str]:
    found = scoped(Enterprise.objects.all(), access_of(user), capability, REACH)
    return set(found.order_by("id").values_list("name", flat=True))


@pytest.mark.system("role-access")
@pytest.mark.system("role-access")
def test_a_county_sees_itself_and_below_and_not_its_sibling(rows: dict[str, Enterprise]) -> None:
    assert seen(make_user("section-clerk", COUNTY, scope="below")) == {"county", "town"}
    assert seen(make_user("section-clerk", SIBLING, scope="below")) == {"sibling"}


@pytest.mark.system("role-access")
def test_upper_levels_see_lower_ones(rows: dict[str, Enterprise]) -> None:
    assert seen(make_user("leader", CITY, scope="below")) == {"county", "town", "sibling"}
    assert seen(make_user("leader", PROVINCE, scope="below")) == {"county", "town", "sibling"}


def test_own_department_is_that_region_exactly(rows: dict[str, Enterprise]) -> None:
    assert seen(make_user("leader", COUNTY, scope="department")) == {"county"}
    assert seen(make_user("leader", CITY, scope="department")) == set()


def test_oneself_is_what_one_made(rows: dict[str, Enterprise]) -> None:
    user = make_user("section-clerk", COUNTY, scope="self")
    assert seen(user) == set()
    Enterprise.objects.filter(name="other").update(created_by=user)
    assert seen(user) == {"other"}


def test_all_is_everything_even_without_a_region(rows: dict[str, Enterprise]) -> None:
    assert seen(make_user("leader", COUNTY, scope="all")) == set(rows)


def custom(*codes: str) -> Any:
    user = make_user("leader", COUNTY, scope="custom")
    user.assignments.update(custom_regions=list(codes))
    return user


def test_custom_regions_count_instead_of_the_own_one(rows: dict[str, Enterprise]) -> None:
    assert seen(custom(SIBLING, "320500")) == {"sibling", "other"}


@pytest.mark.system("region-tree")
def test_a_custom_scope_may_name_a_region_group(rows: dict[str, Enterprise]) -> None:
    group = RegionGroup.objects.create(slug="sunan", name="苏南五市")
    RegionGroupMember.objects.create(group=group, region_code="320500")
    assert seen(custom("sunan")) == {"other"}
    assert seen(custom("sunan", SIBLING)) == {"other", "sibling"}


@pytest.mark.parametrize("broken", [(), ("",), ("3",), ("no-such-group",)])
def test_a_broken_custom_scope_reaches_nothing(rows: Any, broken: tuple[str, ...]) -> None:
    assert seen(custom(*broken)) == set()


def test_an_enterprise_sees_itself_whatever_the_scope_says(rows: dict[str, Enterprise]) -> None:
    own = rows["other"]
    for scope in Assignment.Scope.values:
        assert seen(make_user("enterprise-handler", enterprise=own, scope=scope)) == {"other"}


def test_an_institution_sees_no_enterprise(rows: dict[str, Enterprise]) -> None:
    user = make_user()
    bank = make_role("bank")
    bank.capabilities = [*bank.capabilities, "enterprise.view"]
    bank.save()
    Assignment.objects.create(user=user, role=bank, institution=make_institution(), scope="all")
    assert seen(user) == set()


def test_a_table_without_the_needed_column_is_closed(rows: dict[str, Enterprise]) -> None:
    handler = access_of(make_user("enterprise-handler", enterprise=rows["county"]))
    everything = Enterprise.objects.all()
    assert not scoped(everything, handler, "enterprise.view", Reach(enterprise="")).exists()
    clerk = access_of(make_user("section-clerk"))
    assert not scoped(everything, clerk, "enterprise.view", Reach(region="")).exists()


def test_only_the_grants_with_the_capability_reach(rows: dict[str, Enterprise]) -> None:
    user = make_user("section-clerk", COUNTY)
    give_role(user, "leader", SIBLING)
    assert seen(user) == {"county", "town", "sibling"}
    assert seen(user, "enterprise.edit") == {"county", "town"}


def test_two_grants_add_up(rows: dict[str, Enterprise]) -> None:
    user = make_user("leader", COUNTY, scope="department")
    give_role(user, "leader", SIBLING, scope="department")
    assert seen(user) == {"county", "sibling"}


def test_nobody_and_the_inactive_reach_nothing(rows: dict[str, Enterprise]) -> None:
    assert access_of(None).grants == ()
    user = make_user("leader", COUNTY, scope="all")
    user.is_active = False
    user.save()
    assert seen(user) == set()


def test_check_gives_the_row_or_refuses(rows: dict[str, Enterprise]) -> None:
    access = access_of(make_user("section-clerk"))
    assert check(rows["county"], access, "enterprise.view", REACH) == rows["county"]
    with pytest.raises(Denied) as refused:
        check(rows["sibling"], access, "enterprise.view", REACH)
    assert refused.value.code == "out-of-reach"


@pytest.mark.parametrize(
    ("first", "last", "counts"),
    [(None, None, True), (0, None, True), (1, None, False), (None, 0, True), (None, -1, False),
     (-5, 5, True), (-5, -1, False), (0, 0, True)],
)  # fmt: skip
@pytest.mark.system("role-access")
def test_validity_holds_on_both_end_days(
    rows: dict[str, Enterprise], first: int | None, last: int | None, counts: bool
) -> None:
    user = make_user("section-clerk")
    today = timezone.localdate()
    days = [None if n is None else today + timedelta(days=n) for n in (first, last)]
    user.assignments.update(valid_from=days[0], valid_to=days[1])
    assert bool(seen(user)) is counts


def delegated(giver: Any, taker: Any, starts: float, ends: float, **fields: Any) -> Delegation:
    now = timezone.now()
    return Delegation.objects.create(
        giver=giver, taker=taker, reason="出差", starts=now + timedelta(seconds=starts),
        ends=now + timedelta(seconds=ends), **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [(-60, 60, True), (60, 120, False), (-120, -1, False), (-1, 3600, True)],
)
def test_a_delegation_counts_inside_its_window(
    rows: Any, starts: float, ends: float, counts: bool
) -> None:
    giver, taker = make_user("section-clerk", SIBLING), make_user("section-clerk", COUNTY)
    delegated(giver, taker, starts, ends)
    assert ("sibling" in seen(taker)) is counts
    assert access_of(taker).acting_for == (str(giver) if counts else "")


def test_a_revoked_delegation_counts_no_more(rows: Any) -> None:
    giver, taker = make_user("section-clerk", SIBLING), make_user("section-clerk", COUNTY)
    delegated(giver, taker, -60, 60, revoked_at=timezone.now())
    assert seen(taker) == {"county", "town"}


def test_a_delegation_from_an_inactive_or_expired_giver_is_empty(rows: Any) -> None:
    giver, taker = make_user("section-clerk", SIBLING), make_user()
    delegated(giver, taker, -60, 60)
    giver.is_active = False
    giver.save()
    assert seen(taker) == set()


@pytest.mark.system("role-access")
def test_delegation_is_not_passed_on(rows: Any) -> None:
    first, second, third = make_user("leader", SIBLING), make_user(), make_user()
    delegated(first, second, -60, 60)
    delegated(second, third, -60, 60)
    assert seen(second) == {"sibling"}
    assert seen(third) == set()


def test_the_own_region_stays_home_while_acting_for_another() -> None:
    giver, taker = make_user("section-clerk", SIBLING), make_user("section-clerk", COUNTY)
    delegated(giver, taker, -60, 60)
    assert access_of(taker).home_region == COUNTY


@pytest.mark.parametrize(
    ("code", "prefix"),
    [("370000", "37"), ("370800", "3708"), ("370812", "370812"), ("429004", "429004"),
     ("370812100", "370812100"), ("110000", "11")],
)  # fmt: skip
@pytest.mark.system("region-tree")
def test_prefixes(code: str, prefix: str) -> None:
    assert region_prefix(code) == prefix


def test_an_empty_code_is_no_prefix_of_everything() -> None:
    with pytest.raises(ValueError, match="region code"):
        region_prefix("")


def test_access_without_a_person_refuses_in_words() -> None:
    with pytest.raises(Denied, match="查看企业"):
        Access(None).require("enterprise.view")
