"""Policy brought to enterprises: sessions and pushes, who was to be reached and who was."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Briefing(models.Model):
    """A session at a place and time (宣讲), or a push without one (推送)."""

    class Kind(models.TextChoices):
        SESSION = "session", "宣讲场次"
        PUSH = "push", "政策推送"

    class Status(models.TextChoices):
        DRAFT = "draft", "拟稿"
        PUBLISHED = "published", "已通知"
        HELD = "held", "已办结"
        CANCELLED = "cancelled", "已取消"

    kind = models.CharField("方式", max_length=8, choices=Kind)
    title = models.CharField("主题", max_length=200)
    text = models.TextField("内容", blank=True)
    held_at = models.DateTimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=200, blank=True)
    speaker = models.CharField("主讲", max_length=100, blank=True)
    capacity = models.IntegerField("席位", null=True, blank=True)
    host = models.ForeignKey(
        "core.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    region_code = models.CharField("区划代码", max_length=12, db_index=True)
    # Told at the door; who types it was there.
    door_code = models.CharField("签到码", max_length=6, blank=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.DRAFT)
    cancelled_reason = models.CharField("取消原因", max_length=200, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    published_at = models.DateTimeField("通知时间", null=True, blank=True)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)

    class Meta:
        verbose_name = "政策宣讲"
        verbose_name_plural = "政策宣讲"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="push") | models.Q(held_at__isnull=False),
                name="session_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@tracked()
class BriefingTopic(models.Model):
    """What it is about: a document, or one measure of it."""

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="topics")
    slug = models.CharField("政策", max_length=60, db_index=True)
    measure = models.CharField("措施", max_length=80, blank=True)
    name = models.CharField("名称", max_length=250)
    clause = models.CharField("条号", max_length=40, blank=True)

    class Meta:
        verbose_name = "宣讲内容"
        verbose_name_plural = "宣讲内容"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "slug", "measure"], name="topic_once")
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class BriefingMaterial(models.Model):
    """A file, or a clause of a document, to read beforehand."""

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="materials")
    title = models.CharField("名称", max_length=200)
    file = models.ForeignKey(
        "core.EvidenceFile", models.PROTECT, null=True, blank=True, related_name="+"
    )
    slug = models.CharField("政策", max_length=60, blank=True)
    clause = models.CharField("条号", max_length=40, blank=True)

    class Meta:
        verbose_name = "宣讲材料"
        verbose_name_plural = "宣讲材料"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


@tracked()
class Invitation(models.Model):
    """One enterprise of one briefing: told, read, answered, there.

    ``walk_in`` marks who came without being on the list: attended, but never one to be reached.
    """

    class Answer(models.TextChoices):
        NONE = "none", "未答复"
        COMING = "coming", "报名参加"
        DECLINED = "declined", "不参加"

    class Way(models.TextChoices):
        CODE = "code", "签到码"
        CLERK = "clerk", "工作人员登记"

    class Receipt(models.TextChoices):
        APPLY = "apply", "有意申报"
        HELP = "help", "需要辅导"
        UNFIT = "unfit", "不适用本企业"
        KNOWN = "known", "已知晓"

    briefing = models.ForeignKey(Briefing, models.CASCADE, related_name="invitations")
    enterprise = models.ForeignKey("core.Enterprise", models.PROTECT, related_name="+")
    walk_in = models.BooleanField("名单外到会", default=False)
    delivered_at = models.DateTimeField("送达时间", null=True, blank=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    receipt = models.CharField("回执", max_length=8, choices=Receipt, blank=True)
    receipt_note = models.CharField("回执说明", max_length=300, blank=True)
    receipt_at = models.DateTimeField("回执时间", null=True, blank=True)
    receipt_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answer = models.CharField("报名", max_length=10, choices=Answer, default=Answer.NONE)
    people = models.SmallIntegerField("人数", default=0)
    answered_at = models.DateTimeField("报名时间", null=True, blank=True)
    attended_at = models.DateTimeField("到会时间", null=True, blank=True)
    attended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    attended_way = models.CharField("签到方式", max_length=6, choices=Way, blank=True)
    # Wrong door codes typed; after a few of them only the clerk can register the attendance.
    wrong_codes = models.SmallIntegerField("签到码输错", default=0)

    class Meta:
        verbose_name = "宣讲对象"
        verbose_name_plural = "宣讲对象"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["briefing", "enterprise"], name="invited_once")
        ]

    def __str__(self) -> str:
        return f"{self.enterprise} {self.briefing}"


@tracked()
class BriefingFeedback(models.Model):
    """What an enterprise says or asks afterwards; a question may go to the interpretation desk."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="feedback")
    score = models.SmallIntegerField("满意度")
    text = models.TextField("意见", blank=True)
    question = models.TextField("问题", blank=True)
    slug = models.CharField("政策", max_length=60, blank=True)
    clause = models.CharField("条号", max_length=40, blank=True)
    asked = models.ForeignKey(
        "policies.Interpretation", models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "宣讲反馈"
        verbose_name_plural = "宣讲反馈"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="score_of_five"
            ),
        ]

    def __str__(self) -> str:
        return self.question or self.text or f"{self.score} 分"
