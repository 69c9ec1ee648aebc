"""A draft opened for comment: the period, what people wrote, what was answered and adopted."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


def _person(**options: Any) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", **options
    )


@tracked()
class Consultation(models.Model):
    """One round of comments on a draft: an installed draft, or a pack waiting to be installed.

    The period counts both ends. ``publicity_*`` is when the adoption is on public display and may
    be objected to; ``archive_to`` is how long it can be looked up (``None`` for good). The two are
    different things: an archived page is no longer under publicity.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "拟稿"
        OPEN = "open", "公开中"
        PUBLISHED = "published", "已公示采纳情况"
        FINAL = "final", "已定稿"
        DROPPED = "dropped", "未公开"

    title = models.CharField("标题", max_length=200)
    slug = models.CharField("政策", max_length=60, db_index=True)
    draft = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, related_name="+", verbose_name="草案"
    )
    proposal = models.ForeignKey(
        "policies.PackProposal", models.PROTECT, null=True, related_name="+",
        verbose_name="待安装版本",
    )  # fmt: skip
    # Of the files that were opened, so that nobody answers about another text.
    sha256 = models.CharField("内容散列", max_length=64)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    organiser = models.CharField("组织单位", max_length=200)
    intro = models.TextField("说明", blank=True)
    contact = models.CharField("联系方式", max_length=200)
    clauses = ArrayField(models.CharField(max_length=40), verbose_name="公开的条款", default=list)
    period_from = models.DateField("公开期起")
    period_to = models.DateField("公开期止")
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.DRAFT)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("拟稿时间", auto_now_add=True)
    opened_by = _person(verbose_name="批准公开")
    opened_at = models.DateTimeField("批准公开时间", null=True, blank=True)
    published_by = _person(verbose_name="批准公示")
    published_at = models.DateTimeField("批准公示时间", null=True, blank=True)
    publicity_from = models.DateField("公示期起", null=True, blank=True)
    publicity_to = models.DateField("公示期止", null=True, blank=True)
    archive_to = models.DateField("存档期止", null=True, blank=True)
    final = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, related_name="+", verbose_name="定稿"
    )
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "征求意见"
        verbose_name_plural = "征求意见"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(draft__isnull=False) ^ Q(proposal__isnull=False),
                name="consultation_one_draft",
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="consultation_period"
            ),
            models.CheckConstraint(
                condition=Q(publicity_to__isnull=True) | Q(publicity_to__gte=F("publicity_from")),
                name="consultation_publicity",
            ),
            # What is still on display cannot have left the archive.
            models.CheckConstraint(
                condition=Q(archive_to__isnull=True) | Q(archive_to__gte=F("publicity_to")),
                name="consultation_archive_after_publicity",
            ),
            # A draft is never its own final version.
            models.CheckConstraint(
                condition=Q(final__isnull=True) | Q(draft__isnull=True) | ~Q(final=F("draft")),
                name="consultation_final_is_another",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def takes_comments(self, day: dt.date) -> bool:
        """Whether comments are received on a day; both ends of the period count."""
        return self.status == self.Status.OPEN and self.period_from <= day <= self.period_to


@tracked()
class ConsultationAnswer(models.Model):
    """One answer to one or several comments that say the same about a clause.

    ``summary`` retells them without names: only it and the answer are ever public. ``reflected``
    says whether the final version carries what was adopted; ``None`` while nobody looked.
    """

    class Verdict(models.TextChoices):
        ADOPTED = "adopted", "采纳"
        PARTLY = "partly", "部分采纳"
        DECLINED = "declined", "未采纳"
        NOTED = "noted", "已说明"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="answers")
    clause = models.CharField("条号", max_length=40, blank=True)
    summary = models.TextField("意见摘要")
    verdict = models.CharField("采纳情况", max_length=12, choices=Verdict)
    reason = models.TextField("理由")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField("答复时间", auto_now=True)
    reflected = models.BooleanField("定稿已体现", null=True)
    reflected_clause = models.CharField("体现在", max_length=40, blank=True)
    reflected_note = models.CharField("体现说明", max_length=300, blank=True)
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "意见答复"
        verbose_name_plural = "意见答复"
        ordering = ["consultation", "clause", "id"]

    def __str__(self) -> str:
        return f"{self.clause} {self.summary[:30]}".strip()


@tracked()
class ConsultationComment(models.Model):
    """What one person wrote about a clause (empty: about the whole). Never deleted: spam is hidden.

    ``name``, ``organisation`` and ``contact`` are for those who answer and never leave the desk.
    """

    class Kind(models.TextChoices):
        SUPPORT = "support", "赞成"
        SUGGEST = "suggest", "建议修改"
        OPPOSE = "oppose", "反对"
        ASK = "ask", "询问"
        UNRELATED = "unrelated", "无关"

    class Source(models.TextChoices):
        PUBLIC = "public", "门户"
        ENTERPRISE = "enterprise", "企业"
        DEPARTMENT = "department", "部门"

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="comments")
    clause = models.CharField("条号", max_length=40, blank=True)
    text = models.TextField("意见")
    name = models.CharField("姓名", max_length=40, blank=True)
    organisation = models.CharField("单位", max_length=100, blank=True)
    contact = models.CharField("联系方式", max_length=100, blank=True)
    source = models.CharField("来源", max_length=12, choices=Source)
    author = _person(verbose_name="提交人")
    nonce = models.UUIDField("表单编号", unique=True, editable=False)
    receipt = models.CharField("回执号", max_length=20, unique=True)
    at = models.DateTimeField("收到时间", auto_now_add=True)
    kind = models.CharField("类别", max_length=12, choices=Kind, blank=True)
    hidden_reason = models.CharField("不公开原因", max_length=200, blank=True)
    handled_by = _person(verbose_name="分类人")
    answer = models.ForeignKey(
        ConsultationAnswer, models.PROTECT, null=True, related_name="comments", verbose_name="答复"
    )
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "收到的意见"
        verbose_name_plural = "收到的意见"
        ordering = ["-id"]
        triggers = append_only("comments_are_kept", may_update=True)
        constraints = [
            # A hidden comment stands in no answer, so that sums reconcile.
            models.CheckConstraint(
                condition=Q(hidden_reason="") | Q(answer__isnull=True), name="hidden_has_no_answer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clause} {self.text[:30]}".strip()


class CommentThrottle(models.Model):
    """How many comments came from one network address in one hour; the address is only a digest."""

    digest = models.CharField("地址摘要", max_length=64)
    hour = models.DateTimeField("时段")
    count = models.IntegerField("条数", default=0)

    class Meta:
        verbose_name = "意见频次"
        verbose_name_plural = "意见频次"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["digest", "hour"], name="throttle_once")]

    def __str__(self) -> str:
        return f"{self.hour} {self.count}"
