"""Installing reference data: once, set by set, and never over what people changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jigai.core.models import (
    Assignment,
    Department,
    DepartmentMerger,
    Notice,
    ReferenceInstall,
    Region,
    RegionGroup,
    Role,
    User,
    Workday,
)
from jigai.core.regions import load_regions
from jigai.core.services.install_demo_people import install_demo_people
from jigai.core.services.install_reference import install_reference
from tests.factories import COUNTY, make_enterprise, make_user

pytestmark = pytest.mark.django_db
PASSWORD = "Shiyong-2026-mima"


@pytest.fixture
def installed() -> None:
    install_reference()


def again(*names: str) -> None:
    """As after an upgrade that changed these files."""
    ReferenceInstall.objects.filter(name__in=names).update(sha256="old")
    install_reference()


@pytest.mark.system("region-tree")
def test_everything_is_there(installed: None) -> None:
    assert Region.objects.count() == len(load_regions())
    yanzhou = Region.objects.get(code=COUNTY)
    assert (yanzhou.pinyin, yanzhou.initials, yanzhou.valid_from) == ("yan zhou qu", "yzq", 2013)
    group = RegionGroup.objects.get(slug="sunan")
    assert group.members.count() == 5
    assert Workday.objects.filter(shipped=True, source="").exclude(day__year__lte=2010).count() == 0
    assert Role.objects.get(code="leader").shipped == Role.objects.get(code="leader").capabilities


def test_a_second_start_asks_once_and_writes_nothing(installed: None) -> None:
    with CaptureQueriesContext(connection) as asked:
        install_reference()
    assert len(asked) == 1


def test_corrected_regions_replace_the_old_rows_and_own_ones_stay(installed: None) -> None:
    Region.objects.filter(code=COUNTY).update(name="旧名")
    Region.objects.create(code="999999", name="多余", level="county")
    Region.objects.create(
        code=f"{COUNTY}P01", name="兖州工业园区", level="park", parent_code=COUNTY
    )
    Region.objects.filter(code="370811", valid_to=None).delete()
    before = Region.objects.get(code="370000").pk
    again("regions")
    assert Region.objects.get(code=COUNTY).name == "兖州区"
    assert not Region.objects.filter(code="999999").exists()
    assert Region.objects.filter(code=f"{COUNTY}P01").exists()
    assert Region.objects.filter(code="370811", valid_to=None).exists()
    assert Region.objects.get(code="370000").pk == before


def test_groups_follow_the_release_and_own_ones_stay(installed: None) -> None:
    group = RegionGroup.objects.get(slug="sunan")
    group.members.filter(region_code="320100").delete()
    group.members.create(region_code="320300")
    RegionGroup.objects.create(slug="own", name="自定")
    again("region_groups")
    assert set(group.members.values_list("region_code", flat=True)) == {
        "320100", "320200", "320400", "320500", "321100",
    }  # fmt: skip
    assert RegionGroup.objects.filter(slug="own").exists()


@pytest.mark.system("workday-calendar")
def test_a_year_entered_on_screen_stays(installed: None) -> None:
    Workday.objects.filter(day__year=2026).delete()
    Workday.objects.create(day=date(2026, 1, 1), kind="holiday", name="元旦", source="自录")
    Workday.objects.filter(day=date(2025, 1, 1)).update(name="错")
    again("workdays")
    assert Workday.objects.filter(day__year=2026).count() == 1
    assert Workday.objects.get(day=date(2025, 1, 1)).name == "元旦"


def test_roles_changed_on_screen_stay_and_their_keepers_are_told(
    installed: None, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    keeper = make_user("platform-admin", scope="all")
    Role.objects.filter(code="leader").update(capabilities=["enterprise.view"], shipped=["x.y"])
    Role.objects.filter(code="tax").update(capabilities=["old.one"], shipped=["old.one"])
    with django_capture_on_commit_callbacks(execute=True):
        again("roles")
    leader, tax = Role.objects.get(code="leader"), Role.objects.get(code="tax")
    assert leader.capabilities == ["enterprise.view"] and "export.make" in leader.removed
    assert "gate.confirm.tax" in tax.capabilities == tax.shipped
    told = Notice.objects.get(user=keeper)
    assert "“分管领导”" in told.title and "税务" not in told.title


def test_the_trial_accounts_one_a_role(installed: None) -> None:
    accounts = install_demo_people(password=PASSWORD)
    assert {row[0] for row in accounts} >= {"平台管理员", "业务科室经办", "审计部门", "银行"}
    assert [row[1] for row in accounts][:4] == ["clerk", "chief", "leader", "finance"]
    assert all(User.objects.get(username=row[1]).check_password(PASSWORD) for row in accounts)
    assert all("示例" in row[2] for row in accounts)
    held = set(Assignment.objects.values_list("role__code", flat=True))
    assert held == set(Role.objects.values_list("code", flat=True)) - {"enterprise-handler"}


def test_trial_accounts_come_once_and_keep_their_password(installed: None) -> None:
    install_demo_people(password=PASSWORD)
    counts = [m.objects.count() for m in (User, Assignment, Department, DepartmentMerger)]
    user = User.objects.get(username="clerk")
    user.set_password("My-own-one-77")
    user.save()
    install_demo_people(password=PASSWORD)
    assert [m.objects.count() for m in (User, Assignment, Department, DepartmentMerger)] == counts
    assert User.objects.get(username="clerk").check_password("My-own-one-77")


def test_the_trial_enterprise_is_bound_when_there_is_one(installed: None) -> None:
    install_demo_people(password=PASSWORD)
    assert not User.objects.get(username="enterprise").assignments.exists()
    make_enterprise(region="320583")
    first = make_enterprise()
    make_enterprise()
    install_demo_people(password=PASSWORD)
    held = User.objects.get(username="enterprise").assignments.get()
    assert (held.enterprise, held.is_primary) == (first, True)


def test_or_the_one_that_is_named(installed: None) -> None:
    make_enterprise()
    named = make_enterprise()
    install_demo_people(password=PASSWORD, enterprise=named)
    assert User.objects.get(username="enterprise").assignments.get().enterprise == named
