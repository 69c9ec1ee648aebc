"""一事一议 on screen: written up, put before a meeting, decided by another, carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST

from jigai.core.access import Denied, requires
from jigai.core.evidence import store_evidence
from jigai.core.forms.fields import day_field
from jigai.core.forms.money import MoneyField
from jigai.core.models import Enterprise, EvidenceFile
from jigai.core.services.send_once import send_once
from jigai.errors import JigaiError
from jigai.funding.models import CaseTopic, Round
from jigai.funding.rounds.access import MANAGE, OPEN, VIEW, rounds_for, topics_for
from jigai.funding.rounds.services.decide_topic import decide_topic
from jigai.funding.rounds.services.fulfil_topic import fulfil_topic
from jigai.funding.rounds.services.raise_topic import raise_topic, table_topic
from jigai.funding.rounds.words import TOPIC_LOOKS
from jigai.projects.selectors import projects_for

_LONG = forms.Textarea(attrs={"rows": 4})


class TopicForm(forms.Form):
    """A topic; there is no field for a formula or a computed amount."""

    round = forms.ModelChoiceField(Round.objects.none(), label="批次")
    enterprise = forms.CharField(label="企业", max_length=200, help_text="全称或统一社会信用代码")
    project = forms.CharField(
        label="项目库编号", max_length=60, required=False, help_text="没有对应项目的空着"
    )
    title = forms.CharField(label="议题", max_length=200)
    clause = forms.CharField(label="条款", max_length=120, help_text="如 四.一")
    reason = forms.CharField(label="事由与诉求", max_length=4000, widget=_LONG)
    material = forms.FileField(label="材料", required=False)

    def __init__(self, *args: Any, access: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.access = access
        rows = rounds_for(access).filter(mode=Round.Mode.CASE).exclude(state="cancelled")
        self.fields["round"].queryset = rows.order_by("-id")

    def clean_enterprise(self) -> Enterprise:
        """The one enterprise meant."""
        typed = self.cleaned_data["enterprise"].strip()
        rows = Enterprise.objects.filter(name=typed) | Enterprise.objects.filter(uscc=typed)
        found = list(rows.order_by("id")[:2])
        if len(found) != 1:
            raise forms.ValidationError("没有找到唯一的企业，填全称或统一社会信用代码")
        return found[0]

    def clean_project(self) -> Any:
        """The project of that number within reach."""
        typed = self.cleaned_data["project"].strip()
        found = projects_for(self.access).filter(number=typed).first() if typed else None
        if typed and found is None:
            raise forms.ValidationError("没有这个编号的项目")
        return found


class DecisionForm(forms.Form):
    """What the minutes say."""

    agreed = forms.ChoiceField(label="结果", choices=[("yes", "同意"), ("no", "未同意")])
    met_on = day_field("会议日期", required=True)
    attendees = forms.CharField(label="参会", max_length=1000)
    decision = forms.CharField(label="议定事项", max_length=4000, widget=_LONG)
    amount = MoneyField(
        label="议定金额", required=False, max_length=40,
        help_text="照会议纪要，如 300万元；不给资金的空着",
    )  # fmt: skip
    minutes = forms.FileField(label="会议纪要", required=False, help_text="有金额的必须上传")


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """Write a topic up."""
    data = request.POST if request.method == "POST" else None
    first = {"round": request.GET.get("round", "")}
    form = TopicForm(data, request.FILES or None, access=request.access, initial=first)
    if data is not None and form.is_valid():
        try:
            return redirect(_once(request, lambda: _raise(request, form.cleaned_data)))
        except Denied:
            raise
        except JigaiError as problem:
            form.add_error(None, f"{problem.message}。{problem.hint}")
    context = {"form": form, "any": form.fields["round"].queryset.exists(),
               "key": f"topic:new:{request.user.pk}"}  # fmt: skip
    return render(request, "funding/rounds/topic_new.html", context,
                  status=200 if data is None else 422)  # fmt: skip


def _raise(request: Any, given: dict[str, Any]) -> str:
    round_ = given["round"]
    upload = given["material"]
    files = [_store(upload, round_.region_code, given["enterprise"], request)] if upload else []
    topic = raise_topic(
        round_=round_, enterprise=given["enterprise"], project=given["project"], files=files,
        values=given, by=request.user, access=request.access,
    )  # fmt: skip
    messages.success(request, "议题已建立，接着提交会议")
    return reverse("topic-detail", args=[topic.pk])


def _store(upload: Any, region: str, firm: Enterprise, request: Any) -> EvidenceFile:
    return store_evidence(
        stream=upload.file, name=upload.name, owner=request.user, region_code=region,
        enterprise=firm, source="一事一议",
    )  # fmt: skip


@requires(VIEW)
@require_http_methods(["GET", "POST"])
def detail(request: Any, pk: int) -> HttpResponse:
    """A topic with everything that happened to it; its next deed is done here."""
    rows = topics_for(request.access).select_related(
        "round__programme", "enterprise", "project", "minutes", "created_by", "decided_by",
        "application",
    )  # fmt: skip
    topic = get_object_or_404(rows, pk=pk)
    form = DecisionForm() if _may_decide(request, topic) else None
    status = 200
    if request.method == "POST":
        if form is None:
            raise Denied(
                "not-you", "现在不能由您登记决定", "由拟写议题以外、有开放批次权限的人登记"
            )
        form, status = DecisionForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                return redirect(_once(request, lambda: _decide(request, topic, form.cleaned_data)))
            except Denied:
                raise
            except JigaiError as problem:
                form.add_error(None, f"{problem.message}。{problem.hint}")
    may = request.access.can(MANAGE)
    open_ = topic.state in (CaseTopic.State.PREPARED, CaseTopic.State.TABLED)
    context = {
        "topic": topic, "look": TOPIC_LOOKS[topic.state], "form": form,
        "files": list(EvidenceFile.objects.filter(pk__in=topic.files).order_by("id")),
        "may_table": may and open_, "waits_other": open_ and topic.created_by_id == request.user.pk,
        "measures": _measures(topic) if may and _to_fulfil(topic) else [],
        "application_url": _url("application-detail", topic.application_id),
    }  # fmt: skip
    return render(request, "funding/rounds/topic_detail.html", context, status=status)


def _may_decide(request: Any, topic: CaseTopic) -> bool:
    mine = topic.created_by_id == request.user.pk
    return topic.state == CaseTopic.State.TABLED and not mine and bool(request.access.can(OPEN))


def _to_fulfil(topic: CaseTopic) -> bool:
    decided = topic.state == CaseTopic.State.DECIDED and topic.amount_fen is not None
    return decided and topic.application_id is None


def _measures(topic: CaseTopic) -> list[Any]:
    assert topic.round is not None
    return list(topic.round.measures.order_by("place", "id"))


def _url(name: str, pk: int | None) -> str:
    try:
        return reverse(name, args=[pk]) if pk else ""
    except NoReverseMatch:
        return ""


def _decide(request: Any, topic: CaseTopic, given: dict[str, Any]) -> str:
    upload = given["minutes"]
    minutes = _store(upload, topic.region_code, topic.enterprise, request) if upload else None
    decide_topic(
        topic=topic.pk, agreed=given["agreed"] == "yes", decision=given["decision"],
        amount_fen=given["amount"], met_on=given["met_on"], attendees=given["attendees"],
        minutes=minutes, by=request.user, access=request.access,
    )  # fmt: skip
    messages.success(request, "会议决定已登记")
    return reverse("topic-detail", args=[topic.pk])


@requires(MANAGE)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Put a topic before a meeting (``table``), or carry its decision out (``fulfil``)."""
    topic = get_object_or_404(topics_for(request.access), pk=pk)

    def once() -> str:
        if verb == "table":
            table_topic(topic=topic.pk, meeting=request.POST.get("meeting", ""), by=request.user,
                        access=request.access)  # fmt: skip
            messages.success(request, "已提交会议，会后由另一人登记决定")
        elif verb == "fulfil":
            measure = request.POST.get("measure", "")
            fulfil_topic(topic=topic.pk, measure=int(measure) if measure.isdigit() else 0,
                         by=request.user, access=request.access)  # fmt: skip
            messages.success(request, "已进入兑现：列入审定名单，公示后拨付")
        return reverse("topic-detail", args=[pk])

    return redirect(_once(request, once))


def _once(request: Any, act: Callable[[], str]) -> str:
    return send_once(
        user=request.user, nonce=request.POST.get("nonce", ""), path=request.path, act=act
    )
