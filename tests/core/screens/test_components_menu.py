"""The menu shows what one may open, and the frame asks for nothing it does not show."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory

from jigai.core.screens import menu
from jigai.core.screens.context import Shell, shell
from jigai.core.screens.menu import MenuItem, build_menu, register, registered


@pytest.fixture(autouse=True)
def items(monkeypatch: pytest.MonkeyPatch) -> None:
    """A menu of our own, whatever rooms have registered."""
    monkeypatch.setattr(menu, "_items", {})
    monkeypatch.setattr(menu, "url_of", lambda name: "" if name == "gone" else f"/{name}/")
    register(
        MenuItem("系统管理", "账号", "users", "people", "person.view"),
        MenuItem("企业与项目", "项目", "folders", "projects", "project.view", order=20),
        MenuItem(
            "企业与项目", "企业", "building-factory-2", "enterprises", "enterprise.view", order=10
        ),
        MenuItem("工作台", "待办", "inbox", "work"),
        MenuItem("别的", "没有地址", "x", "gone"),
    )


def labels(can: Any, path: str = "/") -> list[tuple[str, list[str]]]:
    """Groups with the labels of their lines."""
    return [(g.label, [e.label for e in g.entries]) for g in build_menu(can, path)]


def test_groups_and_lines_stand_in_order_and_addressless_ones_are_left_out() -> None:
    assert labels(lambda name: True) == [
        ("工作台", ["待办"]),
        ("企业与项目", ["企业", "项目"]),
        ("系统管理", ["账号"]),
    ]


def test_a_page_empty_without_another_capability_needs_both() -> None:
    register(MenuItem("工作台", "访问日志", "eye", "log", "audit.view", needs=("enterprise.view",)))
    both = {"audit.view", "enterprise.view"}
    assert ("工作台", ["待办", "访问日志"]) in labels(both.__contains__)
    for held in both:
        assert ("工作台", ["待办"]) in labels(lambda name, held=held: name == held)


def test_one_of_several_capabilities_is_enough() -> None:
    register(MenuItem("工作台", "导入", "file-import", "imports", "a.import", also=("b.import",)))
    for held in ("a.import", "b.import"):
        assert labels(lambda name, held=held: name == held) == [("工作台", ["待办", "导入"])]
    assert labels(lambda name: name == "a.view") == [("工作台", ["待办"])]


def test_one_sees_only_what_one_may_open() -> None:
    assert labels(lambda name: name == "project.view") == [
        ("工作台", ["待办"]),
        ("企业与项目", ["项目"]),
    ]


def test_the_longest_address_is_the_current_one() -> None:
    register(MenuItem("企业与项目", "机构", "building", "enterprises/institutions"))
    current = [
        entry.label
        for group in build_menu(lambda name: True, "/enterprises/institutions/7/")
        for entry in group.entries
        if entry.active
    ]
    assert current == ["机构"]


def test_registering_again_replaces() -> None:
    register(MenuItem("工作台", "我的待办", "inbox", "work"))
    assert [item.label for item in registered() if item.url_name == "work"] == ["我的待办"]


def request_of(person: Any = None, access: Any = None, **cookies: str) -> Any:
    """A request as the middleware leaves it."""
    request = RequestFactory().get("/enterprises/")
    request.COOKIES.update(cookies)
    request.user = person or SimpleNamespace(is_authenticated=False)
    if access is not None:
        request.access = access  # type: ignore[attr-defined]
    return request


def test_the_frame_of_nobody_is_empty_and_asks_no_rights() -> None:
    frame = shell(request_of())["shell"]
    assert not frame.signed_in and frame.menu == () and frame.notices == 0
    assert frame.person == frame.roles == frame.region == ""
    assert not frame.can("enterprise.view")


def test_the_frame_of_a_person() -> None:
    grants = [
        SimpleNamespace(role_name="业务科室经办", holder="兖州区工信局"),
        SimpleNamespace(role_name="业务科室经办", holder=""),
    ]
    access = SimpleNamespace(can=lambda name: True, grants=grants, home_region="", acting_for="李")

    class Person:
        is_authenticated = True
        notices = None

        def __str__(self) -> str:
            return "陈志远"

    frame = Shell(request_of(Person(), access))
    assert (frame.person, frame.roles, frame.holder) == ("陈志远", "业务科室经办", "兖州区工信局")
    assert frame.acting_for == "李" and frame.region == ""


@pytest.mark.parametrize(("cookie", "density"), [("compact", "compact"), ('"><x', "normal")])
def test_a_cookie_can_only_choose_what_there_is(cookie: str, density: str) -> None:
    assert Shell(request_of(jg_density=cookie)).density == density
