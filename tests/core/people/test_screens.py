"""The pages of people and roles: what they show, to whom, and once."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.core.models import Assignment, Delegation, Handover, Role, User
from tests.factories import (
    COUNTY,
    SIBLING,
    make_department,
    make_enterprise,
    make_role,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    client.force_login(make_user("platform-admin", scope="all", username="root"))
    return client


def as_admin_of(region: str) -> Client:
    client = Client()
    client.force_login(make_user("platform-admin", region))
    return client


def send(client: Client, url: str, nonce: str = "", **values: Any) -> Any:
    return client.post(url, {"nonce": nonce or str(uuid.uuid4()), **values})


def seen_at(client: Client, url: str) -> str:
    """What the form at an address carries to tell whether somebody was quicker."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(url).content.decode())
    assert found
    return found[1]


def new_person(**values: Any) -> dict[str, Any]:
    return {
        "username": "li.si", "name": "李四", "role": make_role("section-clerk").pk,
        "department": make_department().pk, "scope": "below", "reason": "新入职", **values,
    }  # fmt: skip


def test_the_first_password_is_shown_once(admin: Client) -> None:
    nonce, form = str(uuid.uuid4()), new_person()
    page = send(admin, "/people/new/", nonce, **form).content.decode()
    user = User.objects.get(username="li.si")
    word = re.search(r'data-copy="([^"]+)"', page)
    assert word is not None and user.check_password(word.group(1))
    again = send(admin, "/people/new/", nonce, **form)
    assert (again.status_code, again["Location"]) == (302, f"/people/{user.pk}/")
    assert word.group(1) not in admin.get(f"/people/{user.pk}/").content.decode()


def test_what_was_typed_stays_when_something_is_wrong(admin: Client) -> None:
    page = send(admin, "/people/new/", **new_person(username="ab", name="李四"))
    text = page.content.decode()
    assert page.status_code == 422 and "用户名须以小写字母开头" in text and "李四" in text
    assert not User.objects.filter(name="李四").exists()


def test_an_enterprise_is_named_by_its_code_and_not_chosen_from_a_list(admin: Client) -> None:
    enterprise = make_enterprise("保密公司")
    assert "保密公司" not in admin.get("/people/new/").content.decode()
    role = make_role("enterprise-handler").pk
    values = new_person(role=role, department="", enterprise=enterprise.uscc)
    assert send(admin, "/people/new/", **values).status_code == 200
    assert User.objects.get(username="li.si").assignments.get().is_primary
    unknown = new_person(username="wang.wu", role=role, department="", enterprise="X" * 18)
    assert "名录里没有" in send(admin, "/people/new/", **unknown).content.decode()


def test_a_list_of_ones_own_county() -> None:
    make_user("section-clerk", SIBLING, name="任城人", mobile="13812345678")
    own = make_user("section-clerk", COUNTY, name="兖州人", mobile="13987654321")
    page = as_admin_of(COUNTY).get("/people/").content.decode()
    assert "兖州人" in page and "139****4321" in page
    assert "任城人" not in page and "13987654321" not in page
    found = as_admin_of(COUNTY).get(f"/people/?who={own.username}").content.decode()
    assert "兖州人" in found


def test_another_county_is_not_there() -> None:
    theirs = make_user("section-clerk", SIBLING)
    client = as_admin_of(COUNTY)
    for path in ("", "edit/", "duties/new/", "reset-password/"):
        assert client.get(f"/people/{theirs.pk}/{path}").status_code == 404
    assert send(client, f"/people/{theirs.pk}/deactivate/", reason="x").status_code == 404
    assert User.objects.get(pk=theirs.pk).is_active


def test_ones_own_account_offers_nothing(admin: Client) -> None:
    own = User.objects.get(username="root")
    page = admin.get(f"/people/{own.pk}/").content.decode()
    assert "重置密码" not in page
    refused = send(admin, f"/people/{own.pk}/reset-password/", reason="x")
    assert refused.status_code == 403


@pytest.mark.parametrize("verb", ["reset-password", "unlock", "deactivate", "reset-second-factor"])
def test_the_verbs(admin: Client, verb: str) -> None:
    user = make_user("section-clerk")
    assert admin.get(f"/people/{user.pk}/{verb}/").status_code == 200
    done = send(admin, f"/people/{user.pk}/{verb}/", reason="本人申请")
    assert done.status_code == (200 if verb == "reset-password" else 302)
    assert admin.get(f"/people/{user.pk}/destroy/").status_code == 404


def test_a_reason_is_needed(admin: Client) -> None:
    user = make_user("section-clerk")
    assert send(admin, f"/people/{user.pk}/deactivate/", reason="").status_code == 422
    assert User.objects.get(pk=user.pk).is_active


def test_duties_are_given_and_ended_on_screen(admin: Client) -> None:
    user = make_user("section-clerk")
    values = {"role": make_role("leader").pk, "department": make_department().pk,
              "scope": "below", "reason": "兼任"}  # fmt: skip
    assert send(admin, f"/people/{user.pk}/duties/new/", **values).status_code == 302
    row = Assignment.objects.get(user=user, role__code="leader")
    assert send(admin, f"/people/{user.pk}/duties/{row.pk}/end/", reason="免去").status_code == 302
    assert not access_of(user).granting("nothing")
    assert "已结束" in admin.get(f"/people/{user.pk}/").content.decode()


def test_roles_as_a_table_and_one_by_one(admin: Client) -> None:
    role = make_role("leader")
    page = admin.get("/roles/").content.decode()
    assert "分管领导" in page and "查看企业" in page
    seen = seen_at(admin, "/roles/leader/edit/")
    send(admin, "/roles/leader/edit/", seen=seen, capabilities=["enterprise.view"], reason="收紧")
    role.refresh_from_db()
    assert role.capabilities == ["enterprise.view"]
    Role.objects.filter(pk=role.pk).update(shipped=["enterprise.view", "export.make"])
    assert "比出厂设置少" in admin.get("/roles/leader/").content.decode()
    assert send(admin, "/roles/leader/restore/").status_code == 302
    role.refresh_from_db()
    assert "export.make" in role.capabilities


def test_two_people_editing_one_role_see_each_other(admin: Client) -> None:
    role = make_role("leader")
    url = "/roles/leader/edit/"
    mine = {"seen": seen_at(admin, url), "capabilities": ["enterprise.view"], "reason": "收紧"}
    other = Client()
    other.force_login(make_user("platform-admin", scope="all", name="另一管理员"))
    theirs = {"capabilities": ["project.view"], "reason": "改"}
    assert send(other, url, seen=seen_at(other, url), **theirs).status_code == 302
    refused = send(admin, url, **mine)
    page = refused.content.decode()
    assert refused.status_code == 422 and "这条记录刚被别人改过" in page and "另一管理员" in page
    assert "查看项目" in page and "用我的内容保存" in page
    role.refresh_from_db()
    assert role.capabilities == ["project.view"]
    # Saving again is a decision about the version shown.
    shown = re.search(r'name="seen" value="(\w+)"', page)
    assert shown and shown[1] != mine["seen"]
    assert send(admin, url, **{**mine, "seen": shown[1]}).status_code == 302
    role.refresh_from_db()
    assert role.capabilities == ["enterprise.view"]


def test_two_people_editing_one_account_see_each_other(admin: Client) -> None:
    user = make_user("section-clerk", name="王五")
    url = f"/people/{user.pk}/edit/"
    mine = {"name": "王武", "mobile": "", "email": "", "reason": "笔误"}
    seen = seen_at(admin, url)
    User.objects.filter(pk=user.pk).update(email="a@b.cn")
    refused = send(admin, url, seen=seen, **mine)
    assert refused.status_code == 422 and "a@b.cn" in refused.content.decode()
    assert User.objects.get(pk=user.pk).name == "王五"
    # A form that says nothing about what it saw cannot overwrite either.
    assert send(admin, url, **mine).status_code == 422
    # Signing in meanwhile is no change of what is edited here.
    User.objects.filter(pk=user.pk).update(last_login="2026-01-01T00:00Z")
    assert send(admin, url, seen=seen_at(admin, url), **mine).status_code == 302


def test_two_people_editing_the_names_of_a_department_see_each_other(admin: Client) -> None:
    row = make_department()
    url = f"/departments/{row.pk}/aliases/"
    seen = seen_at(admin, url)
    assert send(admin, url, seen=seen, names="经信局").status_code == 302
    refused = send(admin, url, seen=seen, names="工信办")
    page = refused.content.decode()
    assert refused.status_code == 422 and "经信局" in page and "工信办" in page
    assert list(row.aliases.values_list("name", flat=True)) == ["经信局"]


def test_delegation_on_screen() -> None:
    giver, taker = make_user("leader"), make_user("leader", username="taker")
    client = Client()
    client.force_login(giver)
    values = {
        "taker": "taker",
        "starts": "2026-01-01T08:00",
        "ends": "2026-01-02T08:00",
        "reason": "x",
    }
    page = send(client, "/delegations/new/", **values)
    assert page.status_code == 422 and "已经过去" in page.content.decode()
    values["ends"] = "2026-01-02"
    assert (
        "没有找到"
        in send(client, "/delegations/new/", **{**values, "taker": "nobody"}).content.decode()
    )
    row = Delegation.objects.create(
        giver=giver, taker=taker, reason="x", starts="2026-01-01T00:00Z", ends="2126-01-01T00:00Z"
    )
    assert "生效中" in client.get("/delegations/").content.decode()
    stranger = Client()
    stranger.force_login(make_user("leader"))
    assert send(stranger, f"/delegations/{row.pk}/revoke/").status_code == 404
    assert send(client, f"/delegations/{row.pk}/revoke/").status_code == 302
    assert "已撤销" in client.get("/delegations/").content.decode()


def test_hand_over_on_screen() -> None:
    enterprise = make_enterprise()
    giver = make_user("enterprise-handler", enterprise=enterprise)
    giver.assignments.update(is_primary=True)
    taker = make_user(username="taker")
    first, second, stranger = Client(), Client(), Client()
    first.force_login(giver)
    second.force_login(taker)
    stranger.force_login(make_user("section-clerk"))
    assert enterprise.uscc in first.get("/handovers/new/").content.decode()
    values = {
        "enterprise": enterprise.uscc,
        "taker": "taker",
        "giver_leaves": "on",
        "reason": "离职",
    }
    assert send(first, "/handovers/new/", **values).status_code == 302
    row = Handover.objects.get()
    assert "接收" in second.get("/handovers/").content.decode()
    assert enterprise.name not in stranger.get("/handovers/").content.decode()
    assert send(stranger, f"/handovers/{row.pk}/accept/").status_code == 404
    assert send(second, f"/handovers/{row.pk}/accept/").status_code == 302
    assert access_of(taker).granting("enterprise.view")[0].enterprise_id == enterprise.pk


def test_my_own_page() -> None:
    user = make_user("section-clerk", mobile="13812345678")
    client = Client()
    client.force_login(user)
    page = client.get("/me/").content.decode()
    assert "业务科室经办" in page and "本部门及以下" in page and "13812345678" in page
