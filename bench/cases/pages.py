"""The pages that are read, the same for readers and for the count of queries."""

from __future__ import annotations

import re

SMALL, LARGE = "370881", "370812"
COUNTIES = (SMALL, LARGE)
# What a reader is: somebody of the department, or its head, who oversees the county.
ROLES = ("approval", "leader")
MANY = "bench-filing"
# Name and address; ``{procedure}`` is the one with most cases.
PAGES = {
    "待办首页": "/cases/",
    "待办：超期": "/cases/?light=red",
    "待办：正常": "/cases/?light=green",
    "待办：暂停": "/cases/?light=paused",
    "待办：办事方式": "/cases/?procedure={procedure}",
    "待办：查词": "/cases/?q=示例机械",
    "已办": "/cases/?tab=done",
}
NEXT = "待办下一页"
DETAIL = "办件"
# These differ by what the reader may see.
ALL = {
    "全部办件": "/cases/all/",
    "全部办件：超期": "/cases/all/?light=red",
    "全部办件：按期限": "/cases/all/?sort=due",
    "全部办件：查词": "/cases/all/?q=示例机械",
}
WORDS = {"approval": "承办人", "leader": "负责人"}
NAMES = (*PAGES, NEXT, DETAIL, *(f"{name}，{who}" for name in ALL for who in WORDS.values()))
CASE = re.compile(r'href="(/cases/\d{6}-\d{4}-\d{6}/[^"]*)"')
AFTER = re.compile(r'href="(\?[^"]*page=[^"]+)"[^>]*>\s*下一页')


def reader(number: int) -> tuple[str, str]:
    """County and role of a reader: the four ways in turn."""
    return COUNTIES[number % 2], ROLES[number // 2 % 2]


def addresses(role: str, procedure: str) -> dict[str, str]:
    """Every page of a reader by its name, but those found on the first one."""
    pages = {name: one.format(procedure=procedure) for name, one in PAGES.items()}
    return {**pages, **{f"{name}，{WORDS[role]}": one for name, one in ALL.items()}}
