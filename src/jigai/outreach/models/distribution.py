"""Documents sent out: who got which version, who signed for it, who has stopped using it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Distribution(models.Model):
    """One sending of one document: a version of a pack, or a file somebody brought in.

    ``standing`` says whether what was sent may still be used. It leaves 现行 once and for all; a
    revision is another distribution (``successor``) or another version (``successor_pack``).
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "拟稿"
        SENT = "sent", "已发"

    class Standing(models.TextChoices):
        VALID = "valid", "现行"
        REVISED = "revised", "已被修订"
        SUPERSEDED = "superseded", "已被替代"
        REPEALED = "repealed", "已废止"
        EXPIRED = "expired", "有效期满"

    title = models.CharField("标题", max_length=200)
    number = models.CharField("文号", max_length=100, blank=True)
    issuer = models.CharField("发文机关", max_length=200, blank=True)
    issued = models.DateField("成文日期", null=True, blank=True)
    slug = models.CharField("政策", max_length=60, blank=True, db_index=True)
    pack = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    file = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The sending this one revises; only for files, a pack knows its versions itself.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="revisions"
    )
    note = models.CharField("附言", max_length=500, blank=True)
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    department = models.ForeignKey(
        "core.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    sign_days = models.SmallIntegerField("签收期限（工作日）", default=3)
    due = models.DateField("签收截止", null=True, blank=True)
    status = models.CharField("状态", max_length=8, choices=Status, default=Status.DRAFT)
    standing = models.CharField("效力", max_length=12, choices=Standing, default=Standing.VALID)
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)
    ended_reason = models.CharField("停用依据", max_length=300, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors"
    )
    successor_pack = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    reminded_at = models.DateTimeField("催收时间", null=True, blank=True)

    class Meta:
        verbose_name = "发文"
        verbose_name_plural = "发文"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pack__isnull=True) ^ models.Q(file__isnull=True),
                name="distribution_of_one_document",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def for_the_record(self) -> bool:
        """Whether it was over already when it was sent: nobody has to stop using it."""
        return self.ended_at is not None and self.ended_at == self.sent_at


@tracked()
class Delivery(models.Model):
    """One addressee of one distribution with its receipt.

    Addressees without an account (区法院, 各镇) are named only; their paper receipt is entered by
    the sender and keeps the name of who signed. ``told_at`` stays empty until somebody has been
    told.
    """

    class Kind(models.TextChoices):
        MAIN = "main", "主送"
        COPY = "copy", "抄送"

    class State(models.TextChoices):
        UNSIGNED = "unsigned", "未签收"
        SIGNED = "signed", "已签收"
        READ = "read", "已阅"

    distribution = models.ForeignKey(Distribution, models.CASCADE, related_name="deliveries")
    kind = models.CharField("方式", max_length=4, choices=Kind)
    name = models.CharField("单位", max_length=200)
    # How the document itself writes it: 区政府各部门、单位.
    wording = models.CharField("原文写法", max_length=100, blank=True)
    department = models.ForeignKey(
        "core.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    institution = models.ForeignKey(
        "core.Institution", models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField("回执", max_length=8, choices=State, default=State.UNSIGNED)
    told_at = models.DateTimeField("通知时间", null=True, blank=True)
    signed_at = models.DateTimeField("签收时间", null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    read_at = models.DateTimeField("阅知时间", null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who signed on paper, and whether the receipt is a paper one.
    signer = models.CharField("签收人", max_length=64, blank=True)
    on_paper = models.BooleanField("纸质回执", default=False)
    stop_told_at = models.DateTimeField("停用通知时间", null=True, blank=True)
    stopped_at = models.DateTimeField("确认停用时间", null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    stopper = models.CharField("确认停用人", max_length=64, blank=True)

    class Meta:
        verbose_name = "收文"
        verbose_name_plural = "收文"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["distribution", "name"], name="addressee_once"),
            models.CheckConstraint(
                condition=models.Q(state="unsigned") | models.Q(signed_at__isnull=False),
                name="receipt_has_a_time",
            ),
        ]
        indexes = [models.Index(fields=["department", "-id"], name="delivery_of_department")]

    def __str__(self) -> str:
        return self.name
