"""The log of changes: who, for whom, why, from what to what; and who may read it."""

from __future__ import annotations

from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.test import Client

from jigai.core.access import Access, access_of
from jigai.core.audit.changes import Changes, Wanted, read_changes
from jigai.core.audit.tables import tables, visible_tables
from jigai.core.models import AccessLog, Department, Role, SignInLog
from jigai.core.views.edit_page import digest
from tests.factories import (
    COUNTY,
    SIBLING,
    make_department,
    make_enterprise,
    make_user,
)

pytestmark = pytest.mark.django_db


def read(access: Access, token: str = "", size: int = 50, **wanted: Any) -> Changes:
    return read_changes(access, Wanted(**wanted), token, size)


@pytest.fixture
def everywhere() -> Access:
    user = make_user("auditor", scope="all")
    return access_of(user)


def test_a_change_tells_who_why_and_from_what_to_what(everywhere: Access) -> None:
    person, row = make_user(name="张三"), make_enterprise("甲厂")
    with pghistory.context(user=person.pk, request="r1", on_behalf="李四", reason="更名核准"):
        row.name = "乙厂"
        row.save()
    change = read(everywhere, table="core.Enterprise", record=str(row.pk)).rows[0]
    assert (change.who, change.on_behalf, change.reason, change.request, change.kind) == (
        "张三", "李四", "更名核准", "r1", "update",
    )  # fmt: skip
    assert [(d.label, d.before, d.after) for d in change.diffs] == [("名称", "甲厂", "乙厂")]
    assert change.record == "乙厂"


def test_references_money_and_choices_read_as_words(everywhere: Access) -> None:
    user = make_user("leader", name="王五")
    duty = user.assignments.get()
    duty.scope = "all"
    duty.is_primary = True
    duty.save()
    change = read(everywhere, table="core.Assignment").rows[0]
    assert change.record == "王五 · 分管领导"
    told = {d.label: (d.before, d.after) for d in change.diffs}
    assert told["数据权限"] == ("本部门及以下", "全部") and told["经办人"] == ("否", "是")


def test_a_deleted_row_leaves_its_values(everywhere: Access) -> None:
    row = make_department(name="临时办")
    row.delete()
    change = read(everywhere, table="core.Department").rows[0]
    assert change.kind == "delete" and "临时办" in [diff.before for diff in change.diffs]
    assert all(diff.after == "—" for diff in change.diffs)


def test_a_mobile_number_stays_masked_and_passwords_are_never_there(everywhere: Access) -> None:
    user = make_user(mobile="13812345678")
    user.set_password("Another-one-12")
    user.save()
    text = str(read(everywhere, table="core.User").rows)
    assert "138****5678" in text and "13812345678" not in text
    fields = {f.name for f in apps.get_model("core.UserEvent")._meta.fields}
    assert not fields & {"password", "last_login"}


@pytest.mark.system("data-privacy")
def test_the_platform_administrator_reads_no_data(everywhere: Access) -> None:
    make_enterprise("保密公司")
    access = access_of(make_user("platform-admin", scope="all"))
    labels = {table.label for table in visible_tables(access)}
    assert {"core.Assignment", "core.Role", "core.Region"} <= labels
    assert not labels & {"core.Enterprise", "projects.Project", "funding.InvoiceLine"}
    assert "保密公司" not in str(read(access).rows)
    assert "保密公司" in str(read(everywhere).rows)


@pytest.mark.system("role-access")
def test_an_auditor_reads_the_own_region() -> None:
    make_enterprise("兖州厂")
    make_enterprise("任城厂", region=SIBLING)
    make_user("section-clerk", SIBLING, name="任城人")
    text = str(read(access_of(make_user("auditor", COUNTY))).rows)
    assert "兖州厂" in text and "任城厂" not in text and "任城人" not in text


def test_who_may_not_read_reads_nothing() -> None:
    make_enterprise()
    access = access_of(make_user("section-clerk"))
    assert visible_tables(access) == [] and read(access).rows == []


def test_pages_join_without_gap_or_overlap(everywhere: Access) -> None:
    for n in range(9):
        make_enterprise(f"厂{n}")
        make_department(name=f"办{n}")
    whole = [(c.table.label, c.key) for c in read(everywhere, size=200).rows]
    parts: list[Any] = []
    token = ""
    while True:
        page = read(everywhere, token, 4)
        parts += [(c.table.label, c.key) for c in page.rows]
        if not page.after:
            break
        token = page.after
    assert parts == whole and len(whole) > 18


@pytest.mark.parametrize("token", ["x", "a:b:c", "%00", "e30:1"])
def test_a_token_nobody_gave_is_the_first_page(everywhere: Access, token: str) -> None:
    make_enterprise()
    assert read(everywhere, token).rows == read(everywhere).rows


def test_filters(everywhere: Access) -> None:
    person = make_user(name="张三")
    # First the one without: within one transaction a context lasts beyond its block.
    make_enterprise("乙厂")
    with pghistory.context(user=person.pk, request="r9"):
        make_enterprise("甲厂")
    assert [c.record for c in read(everywhere, people=(person.pk,)).rows] == ["甲厂"]
    assert [c.record for c in read(everywhere, request="r9").rows] == ["甲厂"]
    assert read(everywhere, table="core.Enterprise", record="nonsense").rows == []
    assert read(everywhere, table="no.Such").rows == []
    assert read(everywhere, people=()).rows == []


def test_the_number_of_queries_does_not_grow_with_the_rows(
    everywhere: Access, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        row = make_enterprise(f"厂{n}")
        row.town = "镇"
        row.save()
    with django_assert_max_num_queries(3 * len(tables()) + 12):
        assert len(read(everywhere).rows) == 50


def test_what_a_request_did_carries_its_number_and_person() -> None:
    client = Client()
    admin = make_user("platform-admin", scope="all", name="管理员甲")
    client.force_login(admin)
    row = make_department(name="测试办")
    answer = client.post(
        f"/departments/{row.pk}/aliases/",
        {
            "names": "小测",
            "nonce": "0b6e6a0e-6f0c-4f0e-8a51-3e2a1c1d9a01",
            "seen": digest({"names": ""}),
        },
    )
    assert answer.status_code == 302
    change = read(access_of(admin), table="core.DepartmentAlias").rows[0]
    assert (change.who, change.reason) == ("管理员甲", "修改部门别名")
    assert change.request == answer["X-Request-Id"]


def test_the_page_filters_and_pages() -> None:
    client = Client()
    client.force_login(make_user("auditor", scope="all"))
    for n in range(60):
        make_enterprise(f"厂{n}")
    page = client.get("/audit/?table=core.Enterprise").content.decode()
    assert "厂59" in page and "厂9<" not in page
    following = page.split('href="?')[-1].split('"')[0].replace("&amp;", "&")
    assert "厂9<" in client.get(f"/audit/?{following}").content.decode()
    for query in ("since=x", "until=2020-13-01", "table=nope", "record=a", "page=%27", "who=zz"):
        assert client.get(f"/audit/?{query}").status_code == 200


@pytest.mark.parametrize("table", ["core_roleevent", "core_enterpriseevent", "core_accesslog"])
def test_what_is_recorded_can_be_neither_changed_nor_deleted(table: str) -> None:
    make_enterprise()
    Role.objects.create(code="x", name="x", side="bureau")
    AccessLog.objects.create(action="view", kind="enterprise", key="1")
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_every_tracked_table_of_this_room_keeps_deletions() -> None:
    """Undoing by deleting must leave a trace, at least in what decides about access."""
    Department.objects.create(region_code=COUNTY, name="一", line="x").delete()
    user = make_user("leader")
    user.assignments.get().delete()
    for label in ("core.DepartmentEvent", "core.AssignmentEvent"):
        events: Any = apps.get_model(label)._default_manager
        assert events.filter(pgh_label="delete").count() == 1


def test_sign_ins_of_people_in_reach_and_of_unknown_names_only_to_the_top() -> None:
    theirs, own = make_user("section-clerk", SIBLING), make_user("section-clerk", COUNTY)
    for user, name in ((theirs, "任城登录"), (own, "兖州登录"), (None, "陌生登录")):
        SignInLog.objects.create(user=user, identifier=name, outcome="failed")
    seen = {}
    for scope in ("below", "all"):
        client = Client()
        client.force_login(make_user("auditor", COUNTY, scope=scope))
        page = client.get("/sign-ins/").content.decode()
        seen[scope] = {n for n in ("任城登录", "兖州登录", "陌生登录") if n in page}
    assert seen == {"below": {"兖州登录"}, "all": {"任城登录", "兖州登录", "陌生登录"}}


@pytest.mark.system("data-privacy")
def test_who_looked_at_what_is_not_for_who_may_not_see_it() -> None:
    person = make_user("section-clerk", COUNTY)
    AccessLog.objects.create(
        user=person, action="view", kind="enterprise", key="1", label="保密公司"
    )
    pages = {}
    for role in ("auditor", "platform-admin"):
        client = Client()
        client.force_login(make_user(role, COUNTY, scope="all"))
        pages[role] = client.get("/accesses/").content.decode()
    assert "保密公司" in pages["auditor"] and "保密公司" not in pages["platform-admin"]
    # A page that would always be empty is not in the menu either.
    assert 'href="/accesses/"' in pages["auditor"]
    menu = pages["platform-admin"].split("<main")[0]
    assert 'href="/audit/"' in menu and 'href="/accesses/"' not in menu


@pytest.mark.parametrize(
    ("action", "kind", "words"),
    [
        ("view", "enterprise", ("查看", "企业")),
        ("export", "enterprises", ("导出", "企业名录")),
        ("export", "decisions", ("导出", "测算结果")),
        ("download", "export", ("下载", "导出文件")),
        ("download", "evidence", ("下载", "证据文件")),
        ("查看测算", "decision", ("查看", "测算结果")),
    ],
)
def test_the_access_log_speaks_chinese(action: str, kind: str, words: tuple[str, str]) -> None:
    AccessLog.objects.create(action=action, kind=kind, key="1", label="某")
    client = Client()
    client.force_login(make_user("auditor", COUNTY, scope="all"))
    body = client.get("/accesses/").content.decode().split("<tbody>")[1].split("</tbody>")[0]
    assert f'<td class="">{words[0]}</td><td class="">{words[1]}</td>' in body
