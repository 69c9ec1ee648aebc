"""The organiser's side of briefings: plan, invite, notify, the door, figures."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.outreach import briefing_reach as reach
from jigai.outreach.briefing_forms import (
    AttendanceForm,
    CancelForm,
    MaterialForm,
    PushForm,
    SessionForm,
    clause_of,
)
from jigai.outreach.briefing_people import MANAGE, VIEW, briefings_for, managed_by
from jigai.outreach.briefing_targets import EnterpriseFields, chosen_enterprises
from jigai.outreach.models import Briefing, BriefingFeedback, BriefingMaterial
from jigai.outreach.services.answer_invitation import register_attendance, seats_left
from jigai.outreach.services.give_feedback import ask_from_feedback
from jigai.outreach.services.plan_briefing import add_material, invite, plan_push, plan_session
from jigai.outreach.services.publish_briefing import (
    cancel_briefing,
    close_briefing,
    publish_briefing,
    remind_briefing,
)
from jigai.outreach.views.briefing_tables import STATUSES, ScopeFilters


@method_decorator(requires(MANAGE), name="dispatch")
class NewSession(FormPage):
    """Plan a session."""

    form_class = SessionForm
    title = "排宣讲场次"
    submit = "下一步：选企业"
    done = ""
    above = ("政策宣讲", "briefing-list")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """The draft."""
        made = plan_session(by=request.user, access=request.access, **values)
        return reverse("briefing-invite", args=[made.pk])


@method_decorator(requires(MANAGE), name="dispatch")
class NewPush(FormPage):
    """Write a push."""

    form_class = PushForm
    title = "推送政策"
    note = "不办会，直接送到企业，收已读和回执"
    submit = "下一步：选企业"
    columns = 1
    done = ""
    above = ("政策宣讲", "briefing-list")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """The draft."""
        made = plan_push(by=request.user, access=request.access, **values)
        return reverse("briefing-invite", args=[made.pk])


class _OfBriefing(FormPage):
    """A form about one briefing of one's department."""

    columns = 1
    done = ""

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find it."""
        self.found: Briefing = get_object_or_404(managed_by(request.access), pk=kwargs["pk"])

    def home(self) -> str:
        """The briefing's page."""
        return reverse("briefing-detail", args=[self.found.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """Where the way back leads."""
        return {"above": self.found.title, "back": self.home()}


@method_decorator(requires(MANAGE), name="dispatch")
class Invite(_OfBriefing):
    """Choose the enterprises."""

    form_class = EnterpriseFields
    title = "选企业"
    note = "条件都不填是您范围内的全部企业；可以分几次加，重复的只算一家"
    submit = "加入名单"
    columns = 2

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Put them on the list."""
        rows = chosen_enterprises(access=request.access, capability=MANAGE, given=values)
        if not rows.exists():
            raise JigaiError("nobody", "没有符合条件的企业", "放宽条件")
        added, there = invite(briefing=self.found.pk, enterprises=rows, access=request.access)
        messages.success(request, f"加入 {added} 家" + (f"，{there} 家原已在内" if there else ""))
        return self.home()


@method_decorator(requires(MANAGE), name="dispatch")
class AddMaterial(_OfBriefing):
    """A file or a clause to read."""

    title = "加材料"
    submit = "加入材料"

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the clauses of what it is about."""
        slugs = list(self.found.topics.values_list("slug", flat=True))
        return MaterialForm(data, request.FILES if data is not None else None, slugs=slugs)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it."""
        add_material(
            briefing=self.found.pk, title=values["title"], upload=values["upload"],
            by=request.user, access=request.access, **clause_of(values["chosen"]),
        )  # fmt: skip
        return self.home()


@method_decorator(requires(MANAGE), name="dispatch")
class Cancel(_OfBriefing):
    """Call it off."""

    form_class = CancelForm
    title = "取消"
    submit = "取消并告知企业"
    tone = "danger"
    done = "已取消"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Tell those who were told."""
        cancel_briefing(briefing=self.found.pk, access=request.access, **values)
        return self.home()


@method_decorator(requires(MANAGE), name="dispatch")
class Attendance(_OfBriefing):
    """The clerk at the door."""

    form_class = AttendanceForm
    title = "登记到会"
    submit = "登记"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Register one enterprise, and stay for the next."""
        rows = chosen_enterprises(
            access=request.access, capability=MANAGE, given={"pasted": values["who"]}
        )
        for enterprise in rows:
            came = register_attendance(
                briefing=self.found.pk, enterprise=enterprise, by=request.user,
                access=request.access,
            )  # fmt: skip
            outside = "（名单外）" if came.walk_in else ""
            messages.success(request, f"{enterprise.name} 已登记到会{outside}")
        return reverse("briefing-attendance", args=[self.found.pk])

    def context(self, request: Any) -> dict[str, Any]:
        """How many have come."""
        came = self.found.invitations.filter(attended_at__isnull=False).count()
        facts = [("签到码", self.found.door_code or "—"), ("已到会企业", came)]
        return {**super().context(request), "facts": facts}


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One briefing: its figures, materials and feedback."""
    found = get_object_or_404(briefings_for(request.access).select_related("host"), pk=pk)
    feedback = BriefingFeedback.objects.filter(invitation__briefing=found)
    mine = managed_by(request.access).filter(pk=pk).exists()
    context = {
        "found": found,
        "session": found.kind == Briefing.Kind.SESSION,
        "draft": found.status == Briefing.Status.DRAFT,
        "look": STATUSES[found.status],
        "mine": mine,
        "topics": list(found.topics.order_by("id")),
        "materials": list(found.materials.select_related("file").order_by("id")),
        "figures": _figures(found),
        "seats": seats_left(found),
        "feedback": list(feedback.select_related("invitation__enterprise", "asked")[:100]),
    }
    return render(request, "outreach/briefing.html", context)


def _figures(found: Briefing) -> dict[str, Any]:
    rows = found.invitations.all()
    return {
        "reach": reach.total(rows),
        "delivered": rows.filter(delivered_at__isnull=False).count(),
        "read": rows.filter(read_at__isnull=False).count(),
        "receipts": rows.exclude(receipt="").count(),
        "coming": rows.filter(answer="coming").count(),
        "came": rows.filter(attended_at__isnull=False).count(),
    }


@requires(MANAGE)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Notify, remind, close."""
    found = get_object_or_404(managed_by(request.access), pk=pk)
    if verb not in ("publish", "remind", "close"):
        raise Http404
    url = reverse("briefing-detail", args=[found.pk])

    def once() -> str:
        given = {"briefing": found.pk, "access": request.access}
        if verb == "publish":
            publish_briefing(by=request.user, **given)
            messages.success(request, "正在通知企业")
        elif verb == "remind":
            messages.success(request, f"已提醒 {remind_briefing(**given)} 家")
        else:
            close_briefing(**given)
            messages.success(request, "已办结")
        return url

    try:
        nonce = request.POST.get("nonce", "")
        send_once(user=request.user, nonce=nonce, path=request.path, act=once)
    except JigaiError as problem:
        messages.error(request, str(problem))
    return redirect(url)


@requires(MANAGE)
@require_POST
def ask(request: Any, pk: int) -> HttpResponse:
    """Make a question of the desk of what an enterprise asked."""
    own = managed_by(request.access).order_by().values("pk")
    found = get_object_or_404(BriefingFeedback.objects.filter(invitation__briefing__in=own), pk=pk)

    def once() -> str:
        asked = ask_from_feedback(feedback=found.pk, by=request.user, access=request.access)
        messages.success(request, "已转为解释提问")
        return reverse("desk-detail", args=[asked.pk])

    nonce = request.POST.get("nonce", "")
    try:
        url = send_once(user=request.user, nonce=nonce, path=request.path, act=once)
    except JigaiError as problem:
        messages.error(request, str(problem))
        url = reverse("briefing-detail", args=[found.invitation.briefing_id])
    return redirect(url)


@requires(VIEW)
@require_GET
def reached(request: Any) -> HttpResponse:
    """Reach over all briefings, by region, industry and measure."""
    form = ScopeFilters(request.GET, access=request.access)
    scope = form.scope()
    rows = reach.counted_invitations(request.access, scope)
    asked = {name: text for name in form.fields if (text := request.GET.get(name, ""))}
    context = {
        "form": form,
        "all": reach.total(rows),
        "groups": [
            ("region", "按地区", reach.by_region(rows)),
            ("industry", "按行业大类", reach.by_industry(rows)),
            ("topic", "按文件与措施", reach.by_topic(request.access, scope)),
        ],
        "query": urlencode(asked),
    }
    return render(request, "outreach/briefing_reach.html", context)


@requires(VIEW)
@require_GET
def material(request: Any, pk: int) -> FileResponse:
    """A file of a briefing, for the organiser's side."""
    own = briefings_for(request.access).order_by().values("pk")
    rows = BriefingMaterial.objects.filter(briefing__in=own, file__isnull=False)
    found = get_object_or_404(rows.select_related("file"), pk=pk)
    assert found.file is not None
    return serve_evidence(request, found.file)
