"""Changing roles: everywhere or not at all, never more power for oneself."""

from __future__ import annotations

from typing import Any

import pytest

from jigai.core.access import Access, Denied, access_of
from jigai.core.models import Role
from jigai.core.services.edit_role import create_role, edit_role, restore_role
from jigai.core.services.install_roles import install_roles
from jigai.errors import JigaiError
from tests.factories import make_role, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def by() -> Access:
    return access_of(make_user("platform-admin", scope="all"))


def edit(by: Access, role: Role, *names: str) -> Role:
    return edit_role(by=by, role=role, capabilities=names, reason="试")


def test_a_change_counts_for_every_holder_at_once(by: Access) -> None:
    user = make_user("leader")
    edit(by, make_role("leader"), "enterprise.view", "evidence.view")
    assert access_of(user).can("evidence.view") and not access_of(user).can("pack.view")


def test_unknown_names_are_left_out(by: Access) -> None:
    assert edit(by, make_role("leader"), "enterprise.view", "root").capabilities == [
        "enterprise.view"
    ]


@pytest.mark.system("role-access")
def test_no_more_power_for_a_role_one_holds(by: Access) -> None:
    own = make_role("platform-admin")
    with pytest.raises(Denied) as refused:
        edit(by, own, *own.capabilities, "handover.give")
    assert refused.value.code == "own-role"
    edit(by, own, *[name for name in own.capabilities if name != "calendar.manage"])


def test_a_county_does_not_change_what_all_share() -> None:
    county = access_of(make_user("platform-admin", scope="below"))
    with pytest.raises(Denied) as refused:
        edit(county, make_role("leader"), "enterprise.view")
    assert refused.value.code == "beyond-own"


@pytest.mark.system("data-privacy")
def test_a_role_does_not_hold_both_halves(by: Access) -> None:
    with pytest.raises(JigaiError, match="不能既管理账号与角色，又查看企业数据"):
        edit(by, make_role("leader"), "enterprise.view", "person.manage")


def test_nor_do_two_roles_of_one_person(by: Access) -> None:
    user = make_user("leader")
    helper = Role.objects.create(code="helper", name="协办", side="bureau")
    give_role_of(user, helper)
    with pytest.raises(JigaiError, match="有人因此"):
        edit(by, helper, "person.manage")
    helper.refresh_from_db()
    assert helper.capabilities == []


def give_role_of(user: Any, role: Role) -> None:
    user.assignments.create(role=role, department=user.assignments.get().department)


def test_the_last_administrators_keep_their_role(by: Access) -> None:
    with pytest.raises(JigaiError, match="没有可用的管理员"):
        edit(by, make_role("platform-admin"), "person.view")


def test_a_new_role_begins_with_nothing(by: Access) -> None:
    role = create_role(
        by=by, code="helper", name="协办", side="bureau", description="", reason="新设"
    )
    assert role.capabilities == [] and role.removed == []
    with pytest.raises(JigaiError, match="已有角色"):
        create_role(by=by, code="helper", name="协办", side="bureau", description="", reason="x")
    with pytest.raises(JigaiError, match="没有出厂设置"):
        restore_role(by=by, role=role, reason="x")


def test_back_to_the_shipped_state(by: Access) -> None:
    install_roles()
    Role.objects.filter(code="platform-admin").update(
        shipped=make_role("platform-admin").capabilities
    )
    role = make_role("leader")
    edit(by, role, "enterprise.view")
    role.refresh_from_db()
    role.shipped = ["enterprise.view", "export.make"]
    role.save()
    assert role.removed == ["export.make"] and role.added == []
    assert set(restore_role(by=by, role=role, reason="恢复").capabilities) == set(role.shipped)
