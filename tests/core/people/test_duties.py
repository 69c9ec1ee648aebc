"""Giving and taking duties: within one's reach, never to oneself, never both halves of a secret."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone

from jigai.core.access import Access, Denied, access_of
from jigai.core.models import Assignment, Notice, Role, User
from jigai.core.services.assign_role import assign_role
from jigai.core.services.create_person import create_person, new_password
from jigai.core.services.end_assignment import end_assignment
from jigai.core.services.person_state import (
    activate_person,
    deactivate_person,
    edit_person,
    reset_password,
)
from jigai.errors import JigaiError
from tests.factories import (
    CITY,
    COUNTY,
    SIBLING,
    make_department,
    make_enterprise,
    make_institution,
    make_regions,
    make_role,
    make_user,
)

pytestmark = pytest.mark.django_db


def admin(region: str = COUNTY, scope: str = "below") -> Access:
    return access_of(make_user("platform-admin", region, scope=scope))


def duty(user: User | None = None, role: str = "section-clerk", **fields: Any) -> Assignment:
    given = {"department": make_department(), "scope": "below", **fields}
    row = Assignment(role=make_role(role), **given)
    if user is not None:
        row.user = user
    return row


def give(by: Access, row: Assignment) -> Assignment:
    return assign_role(by=by, duty=row, reason="岗位调整")


def refused(by: Access, row: Assignment) -> str:
    with pytest.raises(JigaiError) as problem:
        give(by, row)
    return problem.value.code


def test_a_duty_is_given_recorded_and_told() -> None:
    by, user = admin(), make_user()
    row = give(by, duty(user))
    assert (row.granted_by, access_of(user).home_region) == (by.user, COUNTY)
    assert access_of(user).can("enterprise.import")
    assert Notice.objects.get(user=user).event == "duty-changed"


def test_only_who_manages_people_gives() -> None:
    assert refused(access_of(make_user("section-chief")), duty(make_user())) == "denied"


@pytest.mark.system("role-access")
def test_nobody_gives_to_oneself() -> None:
    by = admin(scope="all")
    assert by.user is not None
    assert refused(by, duty(by.user, "leader")) == "own-duty"


@pytest.mark.system("role-access")
@pytest.mark.parametrize(
    "fields",
    [{"scope": "all"}, {"department": CITY}, {"department": SIBLING},
     {"scope": "custom", "custom_regions": [SIBLING]},
     {"scope": "custom", "custom_regions": [COUNTY, CITY]}],
)  # fmt: skip
def test_nobody_gives_more_than_their_own_reach(fields: dict[str, Any]) -> None:
    make_regions()
    if "department" in fields:
        fields = {**fields, "department": make_department(fields["department"])}
    assert refused(admin(), duty(make_user(), **fields)) == "beyond-own"


def test_who_reaches_everywhere_gives_everything() -> None:
    row = give(admin(scope="all"), duty(make_user(), "platform-admin", scope="all"))
    assert row.pk


def test_a_person_of_another_county_is_not_ours_to_promote() -> None:
    theirs = make_user("section-clerk", SIBLING)
    assert refused(admin(), duty(theirs)) == "out-of-reach"


@pytest.mark.system("data-privacy")
@pytest.mark.parametrize(
    ("first", "second"), [("platform-admin", "section-clerk"), ("leader", "platform-admin")]
)
def test_managing_and_seeing_data_are_two_people(first: str, second: str) -> None:
    user = make_user(first)
    assert refused(admin(scope="all"), duty(user, second)) == "duty-clash"


def test_an_ended_duty_does_not_clash() -> None:
    user = make_user("leader")
    user.assignments.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert give(admin(), duty(user, "platform-admin")).pk


@pytest.mark.parametrize(
    ("role", "fields", "code"),
    [
        ("section-clerk", {"department": None}, "duty-holder"),
        ("enterprise-handler", {}, "duty-holder"),
        ("bank", {}, "duty-holder"),
        ("section-clerk", {"scope": "custom"}, "duty-scope"),
        ("section-clerk", {"scope": "custom", "custom_regions": ["999999"]}, "duty-scope"),
        ("section-clerk", {"custom_regions": [COUNTY]}, "duty-scope"),
    ],
)
def test_duties_that_make_no_sense(role: str, fields: dict[str, Any], code: str) -> None:
    make_regions()
    assert refused(admin(scope="all"), duty(make_user(), role, **fields)) == code


@pytest.mark.parametrize("days", [(2, 1), (None, -1)])
def test_dates_that_make_no_sense(days: tuple[int | None, int]) -> None:
    today = timezone.localdate()
    first, last = (None if n is None else today + timedelta(days=n) for n in days)
    row = duty(make_user(), valid_from=first, valid_to=last)
    assert refused(admin(), row) == "duty-dates"


def test_the_same_duty_twice_is_refused() -> None:
    by, user = admin(), make_user()
    give(by, duty(user))
    assert refused(by, duty(user)) == "duty-twice"


def test_the_first_handler_is_responsible_the_second_is_not() -> None:
    by, enterprise = admin(), make_enterprise()
    fields = {"department": None, "enterprise": enterprise, "scope": "all"}
    first = give(by, duty(make_user(), "enterprise-handler", **fields))
    second = give(by, duty(make_user(), "enterprise-handler", **fields))
    assert (first.is_primary, second.is_primary) == (True, False)
    assert first.scope == "self"


def test_an_institution_in_reach_gets_its_person() -> None:
    fields = {"department": None, "institution": make_institution(), "scope": "self"}
    assert give(admin(), duty(make_user(), "bank", **fields)).pk


def test_ending_at_once_and_on_a_day() -> None:
    by, user = admin(), make_user("section-clerk")
    row = user.assignments.get()
    later = timezone.localdate() + timedelta(days=3)
    end_assignment(by=by, assignment=row, reason="轮岗", last_day=later)
    assert access_of(user).can("enterprise.view")
    end_assignment(by=by, assignment=row, reason="提前")
    assert not access_of(user).grants
    with pytest.raises(JigaiError, match="已经结束"):
        end_assignment(by=by, assignment=row, reason="再来")
    assert Assignment.objects.filter(pk=row.pk).exists()


def test_ending_out_of_reach_is_refused() -> None:
    row = make_user("section-clerk", SIBLING).assignments.get()
    with pytest.raises(Denied):
        end_assignment(by=admin(), assignment=row, reason="x")


@pytest.mark.system("role-access")
def test_the_last_administrator_stays() -> None:
    chief = make_user("platform-admin", scope="all")
    second = make_user("platform-admin", scope="all")
    by = access_of(second)
    end_assignment(by=by, assignment=chief.assignments.get(), reason="调离")
    with pytest.raises(JigaiError, match="没有可用的管理员"):
        end_assignment(by=by, assignment=second.assignments.get(), reason="调离")
    assert access_of(second).can("person.manage")


def test_the_last_administrator_is_not_deactivated_either() -> None:
    for_a_week = make_user("platform-admin", scope="all")
    for_a_week.assignments.update(valid_to=timezone.localdate() + timedelta(days=7))
    last = make_user("platform-admin", scope="all")
    by = access_of(for_a_week)
    with pytest.raises(JigaiError, match="没有可用的管理员"):
        deactivate_person(by=by, user=last, reason="调离")
    make_user("platform-admin", scope="all")
    assert not deactivate_person(by=by, user=last, reason="调离").is_active


def test_one_does_not_close_or_reset_oneself() -> None:
    by = admin(scope="all")
    assert by.user is not None
    for service in (deactivate_person, reset_password):
        with pytest.raises(Denied):
            service(by=by, user=by.user, reason="x")  # type: ignore[operator]


def test_closing_and_opening_again() -> None:
    make_user("platform-admin", scope="all")
    by, user = admin(), make_user("section-clerk")
    deactivate_person(by=by, user=user, reason="离岗")
    with pytest.raises(JigaiError, match="已经停用"):
        deactivate_person(by=by, user=user, reason="离岗")
    assert activate_person(by=by, user=user, reason="返岗").is_active
    assert access_of(User.objects.get(pk=user.pk)).can("enterprise.view")


def test_a_county_does_not_reset_the_password_of_the_city() -> None:
    city = make_user("platform-admin", CITY)
    old = city.password
    with pytest.raises(Denied):
        reset_password(by=admin(), user=city, reason="x")
    city.refresh_from_db()
    assert city.password == old


def test_a_reset_password_is_new_and_must_change() -> None:
    user = make_user("section-clerk")
    word = reset_password(by=admin(), user=user, reason="忘记密码")
    user.refresh_from_db()
    assert user.check_password(word) and user.must_change_password


def test_a_person_is_opened_with_a_duty_and_a_password() -> None:
    user, word = create_person(
        by=admin(), username="Li.Si", name=" 李四 ", mobile="13900000001", duty=duty(),
        reason="新入职",
    )  # fmt: skip
    assert (user.username, user.name, user.must_change_password) == ("li.si", "李四", True)
    assert user.check_password(word) and access_of(user).can("enterprise.view")


def test_nothing_is_left_of_a_person_whose_duty_is_refused() -> None:
    with pytest.raises(Denied):
        create_person(
            by=admin(), username="wang.wu", name="王五", duty=duty(scope="all"), reason="x"
        )
    assert not User.objects.filter(username="wang.wu").exists()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"username": "ab"}, "username-form"),
        ({"username": "13900000001"}, "username-form"),
        ({"username": "a" * 18}, "username-form"),
        ({"username": "张三"}, "username-form"),
        ({"username": "TAKEN"}, "username-taken"),
        ({"mobile": "123"}, "mobile-form"),
        ({"mobile": "13812345678"}, "mobile-taken"),
    ],
)
def test_names_that_could_mean_somebody_else(fields: dict[str, str], code: str) -> None:
    make_user(username="taken", mobile="13812345678")
    given = {"username": "new.one", "name": "新人", **fields}
    with pytest.raises(JigaiError) as problem:
        create_person(by=admin(), duty=duty(), reason="x", **given)
    assert problem.value.code == code


def test_editing_keeps_the_own_number() -> None:
    user = make_user("section-clerk", mobile="13812345678")
    edit_person(by=admin(), user=user, name="新名", mobile="13812345678", email="", reason="更正")
    user.refresh_from_db()
    assert user.name == "新名"


def test_first_passwords_differ_and_pass_the_rules() -> None:
    words = {new_password() for _ in range(50)}
    assert len(words) == 50
    for word in words:
        validate_password(word)
        assert not set(word) & set("0O1lIo")


def test_the_shipped_administrator_sees_no_data() -> None:
    role = make_role("platform-admin")
    rooms = ("enterprise", "project", "funding", "evaluation", "evidence", "gate", "export")
    assert not [name for name in role.capabilities if name.split(".")[0] in rooms]
    assert Role.objects.count() == 1
