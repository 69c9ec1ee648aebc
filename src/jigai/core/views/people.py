"""账号: who can sign in and for what."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Access, requires
from jigai.core.access.duties import in_force
from jigai.core.access.people import covers, people_in_reach
from jigai.core.models import Assignment, Role, SignInLog, User
from jigai.core.screens.list_columns import MOMENT, STATUS, Column
from jigai.core.screens.list_filters import ListFilters, choice, words_field
from jigai.core.screens.list_page import ListAction, ListPage
from jigai.core.sign_in.lock import locked_until

HOLDERS = ("role", "department", "enterprise", "institution")


class PersonFilters(ListFilters):
    """By name, role and state."""

    who = words_field("人员", "姓名、用户名或手机号")
    role = choice("角色", ())
    state = choice("状态", (("active", "启用"), ("inactive", "停用")))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles: Any = self.fields["role"]
        roles.choices = [("", "全部"), *Role.objects.order_by("id").values_list("code", "name")]

    @staticmethod
    def by_who(rows: QuerySet[User], typed: str) -> QuerySet[User]:
        """Part of a name, or the whole beginning of a number."""
        wanted = Q(name__icontains=typed) | Q(username__icontains=typed)
        return rows.filter(wanted | Q(mobile__startswith=typed))

    @staticmethod
    def by_role(rows: QuerySet[User], code: str) -> QuerySet[User]:
        """Who holds the role today."""
        held = Assignment.objects.filter(in_force(), role__code=code)
        return rows.filter(pk__in=held.values("user"))

    @staticmethod
    def by_state(rows: QuerySet[User], state: str) -> QuerySet[User]:
        """Open or closed accounts."""
        return rows.filter(is_active=state == "active")


class PersonList(ListPage):
    """Accounts within one's reach."""

    page = "people"
    title = "账号"
    url_name = "person-list"
    capability = "person.view"
    filters = PersonFilters
    default_sort = "username"
    can_export = False
    actions = (ListAction("新增账号", "person-new", "user-plus", "person.manage", primary=True),)
    empty_title = "没有符合条件的账号"
    columns = (
        Column("username", "用户名", link=True, sort="username"),
        Column("name", "姓名", sort="name"),
        Column("mobile", "手机号", lambda user: masked(user.mobile)),
        Column("duties", "授权", lambda user: duties_in_words(user), clip=True),
        Column(
            "is_active", "状态", lambda user: "active" if user.is_active else "inactive", STATUS
        ),
        Column("last_login", "上次登录", kind=MOMENT, sort="last_login"),
        Column("created_at", "建立时间", kind=MOMENT, shown=False),
    )

    def rows(self, access: Access) -> QuerySet[Any]:
        """People in reach with the duties of today."""
        held = Assignment.objects.filter(in_force()).select_related(*HOLDERS).order_by("id")
        return people_in_reach(access, "person.view").prefetch_related(
            Prefetch("assignments", held, to_attr="duties_today")
        )

    def row_url(self, row: Any) -> str:
        """The account."""
        return reverse("person-detail", args=[row.pk])

    def row_css(self, row: Any) -> str:
        """Closed accounts stand back."""
        return "" if row.is_active else "is-off"


def masked(mobile: str) -> str:
    """138****1234."""
    return f"{mobile[:3]}****{mobile[-4:]}" if len(mobile) == 11 else mobile


def duties_in_words(user: Any) -> str:
    """Role and holder of every duty."""
    return "；".join(
        f"{duty.role}（{duty.department or duty.enterprise or duty.institution}）"
        for duty in user.duties_today
    )


def person_in_reach(request: Any, pk: int, capability: str) -> User:
    """The account, or ``Http404``."""
    return get_object_or_404(people_in_reach(request.access, capability), pk=pk)


@requires("person.view")
def detail(request: Any, pk: int) -> HttpResponse:
    """One account: duties, sessions, the last sign-ins, and what may be done with it."""
    person = person_in_reach(request, pk, "person.view")
    duties = list(person.assignments.select_related(*HOLDERS, "granted_by").order_by("-id"))
    today = timezone.localdate()
    manages = request.access.can("person.manage")
    context = {
        "person": person,
        "mobile": masked(person.mobile),
        "duties": [
            {
                "row": duty,
                "over": bool(duty.valid_to and duty.valid_to < today),
                "coming": bool(duty.valid_from and duty.valid_from > today),
                "may_end": manages and covers(request.access, "person.manage", duty),
            }
            for duty in duties
        ],
        "locked_until": locked_until(person),
        "has_second_factor": Authenticator.objects.filter(user=person).exists(),
        "sessions": UserSession.objects.filter(user=person).count(),
        "sign_ins": SignInLog.objects.filter(user=person).order_by("-id")[:10],
        "verbs": _verbs(person, request) if manages else (),
    }
    return render(request, "core/people/detail.html", context)


def _verbs(person: User, request: Any) -> tuple[tuple[str, str, str], ...]:
    """What may be done: (verb, label, icon). One's own account is managed by another."""
    if person.pk == request.user.pk:
        return ()
    verbs = [
        ("reset-password", "重置密码", "key"),
        ("reset-second-factor", "停用两步验证", "shield-lock"),
        ("unlock", "解锁", "lock-open"),
    ]
    if person.is_active:
        verbs.append(("deactivate", "停用账号", "ban"))
    else:
        verbs.append(("activate", "重新启用", "circle-check"))
    return tuple(verbs)
