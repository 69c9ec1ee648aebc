"""登录日志 and 访问日志: who came in, and who looked at whose data."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from jigai.core.access import Access
from jigai.core.access.people import people_in_reach
from jigai.core.access.scoping import Scope
from jigai.core.models import AccessLog, SignInLog
from jigai.core.screens.access_words import ACTIONS, kind_name
from jigai.core.screens.list_columns import MOMENT, STATUS, Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListPage


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class LogFilters(ListFilters):
    """By person and day."""

    lookups = {"since": "at__date__gte", "until": "at__date__lte"}
    who = words_field("人员", "姓名或用户名")
    since = _day("从")
    until = _day("到")

    @staticmethod
    def by_who(rows: QuerySet[Any], typed: str) -> QuerySet[Any]:
        """The account's name."""
        return rows.filter(Q(user__name__icontains=typed) | Q(user__username__icontains=typed))


class SignInFilters(LogFilters):
    """And by outcome and address."""

    lookups = {**LogFilters.lookups, "address": "address"}
    outcome = choice("结果", SignInLog.Outcome.choices)
    address = forms.GenericIPAddressField(label="网络地址", required=False)
    field_order = ("who", "outcome", "since", "until", "address")


def _within(rows: QuerySet[Any], access: Access, capability: str) -> QuerySet[Any]:
    """Rows of people in reach; rows of nobody (unknown names) to those who reach everywhere."""
    if any(grant.scope == Scope.ALL for grant in access.granting(capability)):
        return rows
    return rows.filter(user__in=people_in_reach(access, capability).order_by().values("pk"))


class SignInList(ListPage):
    """Attempts to sign in."""

    page = "sign-ins"
    title = "登录日志"
    url_name = "signin-log"
    capability = "signin.view"
    filters = SignInFilters
    can_export = False
    empty_title = "没有符合条件的登录记录"
    columns = (
        Column("at", "时间", kind=MOMENT),
        Column("user", "人员", "user.name"),
        Column("identifier", "登录名"),
        Column("outcome", "结果", kind=STATUS, choices=dict(SignInLog.Outcome.choices)),
        Column("address", "网络地址"),
        Column("agent", "浏览器", clip=True),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of people in reach."""
        return _within(SignInLog.objects.select_related("user"), access, "signin.view")


class AccessFilters(LogFilters):
    """And by what was looked at."""

    lookups = {**LogFilters.lookups, "label": "label__icontains"}
    label = words_field("对象")
    field_order = ("who", "label", "since", "until")


class AccessList(ListPage):
    """Who looked at, exported or downloaded data of enterprises."""

    page = "accesses"
    title = "访问日志"
    url_name = "access-log"
    capability = "audit.view"
    filters = AccessFilters
    can_export = False
    empty_title = "没有符合条件的访问记录"
    columns = (
        Column("at", "时间", kind=MOMENT),
        Column("user", "人员", "user.name"),
        Column("on_behalf", "代"),
        Column("action", "动作", choices=ACTIONS),
        Column("kind", "对象类别", lambda row: kind_name(row.kind)),
        Column("label", "对象", clip=True),
        Column("request_id", "请求编号", shown=False),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """Of people in reach, and only for those who may see the data themselves."""
        rows = _within(AccessLog.objects.select_related("user"), access, "audit.view")
        return rows if access.can("enterprise.view") else rows.none()
