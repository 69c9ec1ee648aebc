"""Opening, changing and closing accounts, and giving and taking duties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from jigai.core.access import requires
from jigai.core.access.people import people_in_reach
from jigai.core.forms.people import DutyForm, EndDutyForm, NewPersonForm, PersonForm, ReasonForm
from jigai.core.models import Assignment, User
from jigai.core.services import person_state
from jigai.core.services.assign_role import assign_role
from jigai.core.services.create_person import create_person
from jigai.core.services.end_assignment import end_assignment
from jigai.core.views.edit_conflict import events_of
from jigai.core.views.edit_page import EditPage
from jigai.core.views.form_page import FormPage


class OncePage(FormPage):
    """Ends with a password that is shown once, on the answer itself: it is stored nowhere."""

    password = ""
    person: User

    def finish(self, request: Any, url: str) -> HttpResponse:
        """The password; a second sending of the same form leads to the account without it."""
        if not self.password:
            return redirect(url)
        context = {"person": self.person, "password": self.password, "next_url": url}
        return render(request, "core/people/password.html", context)


@requires("person.manage")
class PersonNew(OncePage):
    """新增账号."""

    form_class = NewPersonForm
    title = "新增账号"
    note = "账号开通时同时给一项授权；初始密码只显示一次，首次登录必须修改"
    submit = "开通账号"
    above = ("账号", "person-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the departments in reach."""
        return NewPersonForm(data, access=request.access)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Open it."""
        form = NewPersonForm(request.POST, access=request.access)
        form.is_valid()
        self.person, self.password = create_person(
            by=request.access, username=values["username"], name=values["name"],
            mobile=values["mobile"], email=values["email"], duty=form.duty(),
            reason=values["reason"],
        )  # fmt: skip
        return reverse("person-detail", args=[self.person.pk])


class _OfPerson(FormPage):
    """A form about one account in reach."""

    above = ("账号", "person-list")
    person: User

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The account."""
        self.person = get_object_or_404(
            people_in_reach(request.access, "person.manage"), pk=kwargs["pk"]
        )

    def context(self, request: Any) -> dict[str, Any]:
        """Whose account it is."""
        return {
            "heading": f"{self.title}：{self.person}",
            "back": self._home(),
            "facts": [("用户名", self.person.username), ("姓名", self.person.name)],
        }

    def _home(self) -> str:
        return reverse("person-detail", args=[self.person.pk])


@requires("person.manage")
class PersonEdit(_OfPerson, EditPage):
    """修改账号信息."""

    title = "修改账号信息"

    class Form(PersonForm, ReasonForm):
        """Details and why they change."""

    form_class = Form

    def stored(self) -> dict[str, Any]:
        """What is there."""
        found = User.objects.filter(pk=self.person.pk).values("name", "mobile", "email")
        return dict(found.get())

    def changes(self) -> QuerySet[Any]:
        """Of this account."""
        return events_of("core.User", pgh_obj_id=self.person.pk)

    def hold(self, request: Any) -> None:
        """The account."""
        User.objects.select_for_update().get(pk=self.person.pk)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Change it."""
        person_state.edit_person(by=request.access, user=self.person, **values)
        return self._home()


@requires("person.manage")
class DutyNew(_OfPerson):
    """新增授权."""

    title = "新增授权"
    submit = "授权"
    done = "已授权"
    form_class = DutyForm

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the departments in reach."""
        return DutyForm(data, access=request.access)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Give it."""
        form = DutyForm(request.POST, access=request.access)
        form.is_valid()
        assign_role(by=request.access, duty=form.duty(self.person), reason=values["reason"])
        return self._home()


@requires("person.manage")
class DutyEnd(_OfPerson):
    """结束授权."""

    title = "结束授权"
    submit = "结束授权"
    tone = "danger"
    done = "授权已结束"
    form_class = EndDutyForm
    duty: Assignment

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The account and its duty."""
        super().prepare(request, pk=kwargs["pk"])
        self.duty = get_object_or_404(self.person.assignments, pk=kwargs["duty"])

    def context(self, request: Any) -> dict[str, Any]:
        """Which duty."""
        found = super().context(request)
        return {**found, "facts": [*found["facts"], ("授权", str(self.duty))]}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """End it."""
        end_assignment(by=request.access, assignment=self.duty, **values)
        return self._home()


@dataclass(frozen=True, slots=True)
class Verb:
    """Something done to an account with nothing but a reason."""

    title: str
    service: Callable[..., Any]
    done: str
    warning: str = ""
    tone: str = "primary"


VERBS = {
    "deactivate": Verb("停用账号", person_state.deactivate_person, "账号已停用",
                       "停用后立即退出登录，不能再登录；历史记录保留。", "danger"),
    "activate": Verb("重新启用", person_state.activate_person, "账号已启用"),
    "unlock": Verb("解锁", person_state.unlock_person, "已解除登录锁定"),
    "reset-password": Verb("重置密码", person_state.reset_password, "密码已重置",
                           "现有登录会立即失效；新的初始密码只显示一次。"),
    "reset-second-factor": Verb("停用两步验证", person_state.reset_second_factor, "两步验证已停用",
                                "请先当面核实本人，再为其停用；现有登录会立即失效。", "danger"),
}  # fmt: skip


@requires("person.manage")
class PersonAct(_OfPerson, OncePage):
    """One of the verbs above."""

    form_class = ReasonForm
    verb: Verb

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """The account and the verb."""
        if kwargs["verb"] not in VERBS:
            raise Http404
        super().prepare(request, pk=kwargs["pk"])
        self.verb = VERBS[kwargs["verb"]]
        # Shown by the template in place of the class's own words.
        self.title, self.submit = self.verb.title, self.verb.title  # type: ignore[misc]
        self.tone, self.done = self.verb.tone, self.verb.done  # type: ignore[misc]

    def context(self, request: Any) -> dict[str, Any]:
        """What it leads to."""
        return {**super().context(request), "warning": self.verb.warning}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Do it."""
        result = self.verb.service(by=request.access, user=self.person, reason=values["reason"])
        self.password = result if isinstance(result, str) else ""
        return self._home()

    def finish(self, request: Any, url: str) -> HttpResponse:
        """The new password where there is one."""
        return (
            super().finish(request, url) if self.password else FormPage.finish(self, request, url)
        )
