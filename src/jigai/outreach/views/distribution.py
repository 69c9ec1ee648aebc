"""Sending a document: draft, addressees, receipts, repeal, the printed list."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET, require_POST

from jigai.core.access import requires
from jigai.core.evidence.serve import serve_evidence
from jigai.core.models import Institution
from jigai.core.services.send_once import send_once
from jigai.core.views.form_page import FormPage
from jigai.errors import JigaiError
from jigai.outreach.briefing_targets import EnterpriseFields, chosen_enterprises
from jigai.outreach.distribution_forms import (
    AddresseeForm,
    FileForm,
    PackForm,
    PaperForm,
    RepealForm,
)
from jigai.outreach.distribution_lists import Addressee, clause_of_list, named_unit
from jigai.outreach.distribution_people import SEND, VIEW, distributions_for, people_of
from jigai.outreach.distribution_standing import overdue, standing_on, unconfirmed
from jigai.outreach.models import Delivery, Distribution
from jigai.outreach.services.draft_distribution import (
    add_addressees,
    discard_distribution,
    draft_file_distribution,
    draft_pack_distribution,
    remove_addressee,
)
from jigai.outreach.services.end_distribution import repeal_distribution
from jigai.outreach.services.remind_distribution import remind_distribution, still_owing
from jigai.outreach.services.send_distribution import send_distribution
from jigai.outreach.services.sign_delivery import enter_paper_receipt
from jigai.outreach.views.distribution_tables import STANDINGS, STATES, share

# A page shows so many addressees; the list of receipts has them all.
MOST_UNITS = 300


@method_decorator(requires(SEND), name="dispatch")
class NewDistribution(FormPage):
    """Begin to send an installed document."""

    form_class = PackForm
    title = "发政策文件"
    note = "文件写明的主送、抄送单位自动列入，发出前可以增减"
    submit = "下一步：核对名单"
    columns = 1
    done = ""
    above = ("发文", "distribution-list")

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """The draft."""
        made = draft_pack_distribution(by=request.user, access=request.access, **values)
        return reverse("distribution-detail", args=[made.pk])


@method_decorator(requires(SEND), name="dispatch")
class UploadDistribution(FormPage):
    """Begin to send a file."""

    form_class = FileForm
    title = "上传文件发送"
    submit = "下一步：加收文单位"
    done = ""
    above = ("发文", "distribution-list")

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the sendings it may revise."""
        sent = distributions_for(request.access, SEND).filter(status=Distribution.Status.SENT)
        return FileForm(data, request.FILES if data is not None else None, sent=sent)

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """The draft."""
        made = draft_file_distribution(by=request.user, access=request.access, **values)
        return reverse("distribution-detail", args=[made.pk])


class _OfDistribution(FormPage):
    """A form about one sending."""

    columns = 1

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find it."""
        own = distributions_for(request.access, SEND)
        self.sent: Distribution = get_object_or_404(own, pk=kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Where the way back leads."""
        back = reverse("distribution-detail", args=[self.sent.pk])
        return {"above": self.sent.title, "back": back}


class _Addressees(AddresseeForm, EnterpriseFields):
    field_order = ("kind", "departments", "names", "institutions", "enterprises", "region",
                   "industry", "size", "pasted")  # fmt: skip


@method_decorator(requires(SEND), name="dispatch")
class AddAddressees(_OfDistribution):
    """More units for a draft."""

    title = "加收文单位"
    submit = "加入名单"
    done = ""

    def form(self, request: Any, data: Any = None) -> forms.Form:
        """With the departments of the sender's region."""
        return _Addressees(data, region_code=self.sent.region_code, on=timezone.localdate())

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Add them."""
        units = self._units(request, values)
        added, there = add_addressees(
            distribution=self.sent.pk, addressees=units, access=request.access
        )
        messages.success(request, f"加入 {added} 个单位" + (f"，{there} 个原已在内" * bool(there)))
        return reverse("distribution-detail", args=[self.sent.pk])

    def _units(self, request: Any, values: dict[str, Any]) -> list[Addressee]:
        kind, region, today = values["kind"], self.sent.region_code, timezone.localdate()
        words = dict(self.form(request).fields["departments"].choices)
        found = [
            Addressee(kind, words[int(pk)], department=int(pk)) for pk in values["departments"]
        ]
        names = [line.strip() for line in values["names"].splitlines() if line.strip()]
        found += [named_unit(kind, name[:200], region, today) for name in names]
        if values["institutions"]:
            rows = Institution.objects.filter(kind=values["institutions"]).order_by("id")
            found += [Addressee(kind, row.name, institution=row.pk) for row in rows]
        if values["enterprises"]:
            rows = chosen_enterprises(access=request.access, capability=SEND, given=values)
            found += [Addressee(kind, row.name, enterprise=row.pk) for row in rows]
        if not found:
            raise JigaiError(
                "nobody-chosen", "没有选任何单位", "勾选部门、填写单位，或按条件加入企业"
            )
        return found


@method_decorator(requires(SEND), name="dispatch")
class Repeal(_OfDistribution):
    """Say that a document is repealed."""

    form_class = RepealForm
    title = "登记废止"
    note = "登记后通知每个收文单位停用，并逐一收停用确认；不能撤回"
    submit = "登记废止并通知"
    tone = "danger"
    done = "已登记废止，正在通知收文单位"

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """End it."""
        repeal_distribution(
            distribution=self.sent.pk, reason=values["reason"], by=request.user,
            access=request.access,
        )  # fmt: skip
        return reverse("distribution-detail", args=[self.sent.pk])


@method_decorator(requires(SEND), name="dispatch")
class PaperReceipt(FormPage):
    """Enter a receipt on paper."""

    form_class = PaperForm
    title = "登记纸质回执"
    columns = 1
    done = "回执已登记"

    def prepare(self, request: Any, **kwargs: Any) -> None:
        """Find the unit."""
        own = distributions_for(request.access, SEND).filter(status=Distribution.Status.SENT)
        rows = Delivery.objects.filter(distribution__in=own.order_by().values("pk"))
        self.row = get_object_or_404(rows.select_related("distribution"), pk=kwargs["pk"])

    def context(self, request: Any) -> dict[str, Any]:
        """Which document and unit."""
        facts = [("文件", self.row.distribution.title), ("收文单位", self.row.name)]
        back = reverse("distribution-detail", args=[self.row.distribution_id])
        return {"facts": facts, "above": self.row.distribution.title, "back": back}

    def act(self, request: Any, values: dict[str, Any]) -> str:
        """Keep it."""
        enter_paper_receipt(
            delivery=self.row.pk, signer=values["signer"], stopped=values["what"] == "stop",
            by=request.user, access=request.access,
        )  # fmt: skip
        return reverse("distribution-detail", args=[self.row.distribution_id])


@requires(VIEW)
@require_GET
def detail(request: Any, pk: int) -> HttpResponse:
    """One sending with its addressees."""
    sent = get_object_or_404(distributions_for(request.access), pk=pk)
    mine = distributions_for(request.access, SEND).filter(pk=pk).exists()
    rows = list(sent.deliveries.select_related("signed_by").order_by("-kind", "id")[:MOST_UNITS])
    people = people_of(rows)
    for row in rows:
        row.told = bool(people[row.pk])
        row.look = STATES[row.state]
    verdict = standing_on(sent)
    context = {
        "sent": sent,
        "rows": rows,
        "verdict": verdict,
        "look": STANDINGS[verdict.standing],
        "stopping": not verdict.valid and not sent.for_the_record,
        "mine": mine,
        "draft": sent.status == Distribution.Status.DRAFT,
        "where": clause_of_list(sent.slug),
        "counts": _counts(sent),
        "rest": max(0, sent.deliveries.count() - MOST_UNITS),
    }
    return render(request, "outreach/distribution.html", context)


def _counts(sent: Distribution) -> dict[str, Any]:
    """Receipt figures with their denominators; each opens its rows."""
    made = sent.deliveries.aggregate(
        units=Count("pk"),
        main=Count("pk", filter=Q(kind=Delivery.Kind.MAIN)),
        signed=Count("pk", filter=~Q(state=Delivery.State.UNSIGNED)),
        read=Count("pk", filter=Q(state=Delivery.State.READ)),
        stopped=Count("pk", filter=Q(stopped_at__isnull=False)),
    )
    own = Delivery.objects.filter(distribution=sent)
    made["late"] = overdue(own, timezone.localdate()).count()
    made["unstopped"] = unconfirmed(own).count()
    made["owing"] = still_owing(sent).count()
    made["copy"] = made["units"] - made["main"]
    made["signed_share"] = share(made["signed"], made["units"])
    made["read_share"] = share(made["read"], made["units"])
    made["stopped_share"] = share(made["stopped"], made["units"])
    return made


@requires(SEND)
@require_POST
def act(request: Any, pk: int, verb: str) -> HttpResponse:
    """Send, remind, discard; ``drop`` takes the unit named in the form off a draft."""
    sent = get_object_or_404(distributions_for(request.access, SEND), pk=pk)
    done = {"send": _send, "remind": _remind, "discard": _discard, "drop": _drop}.get(verb)
    if done is None:
        raise Http404
    try:
        url = send_once(
            user=request.user, nonce=request.POST.get("nonce", ""), path=request.path,
            act=lambda: done(request, sent),
        )  # fmt: skip
    except JigaiError as problem:
        if problem.code == "out-of-reach":
            raise
        messages.error(request, str(problem))
        url = reverse("distribution-detail", args=[pk])
    return redirect(url)


def _send(request: Any, sent: Distribution) -> str:
    send_distribution(distribution=sent.pk, by=request.user, access=request.access)
    messages.success(request, "已发出，正在通知收文单位")
    return reverse("distribution-detail", args=[sent.pk])


def _remind(request: Any, sent: Distribution) -> str:
    count = remind_distribution(distribution=sent.pk, access=request.access)
    messages.success(request, f"已催 {count} 个单位")
    return reverse("distribution-detail", args=[sent.pk])


def _discard(request: Any, sent: Distribution) -> str:
    discard_distribution(distribution=sent.pk, access=request.access)
    messages.success(request, "拟稿已放弃")
    return reverse("distribution-list")


def _drop(request: Any, sent: Distribution) -> str:
    given = request.POST.get("delivery", "")
    if given.isdigit() and sent.deliveries.filter(pk=given).exists():
        remove_addressee(delivery=int(given), access=request.access)
    return reverse("distribution-detail", args=[sent.pk])


@requires(VIEW)
@require_GET
def cover(request: Any, pk: int) -> HttpResponse:
    """The list of addressees to print: 主送, 抄送, a place to sign."""
    sent = get_object_or_404(distributions_for(request.access), pk=pk)
    rows = list(sent.deliveries.select_related("signed_by").order_by("-kind", "id"))
    groups = [
        (word, [row for row in rows if row.kind == code]) for code, word in Delivery.Kind.choices
    ]
    return render(request, "outreach/distribution_cover.html", {"sent": sent, "groups": groups})


@requires(VIEW)
@require_GET
def file(request: Any, pk: int) -> FileResponse:
    """The file as it was sent, for the sender's side."""
    sent = get_object_or_404(distributions_for(request.access), pk=pk)
    if sent.file is None:
        raise Http404
    return serve_evidence(request, sent.file)
