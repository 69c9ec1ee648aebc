"""What follows a conclusion that rests on a promise, and the rating of the applicant."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.cases.models.case import Case
from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


class Commitment(models.Model):
    """承诺书 as signed: the text of that moment, who signed it and when. Rows only come in.

    ``sha256`` is over the number of the case, the signer, the time (ISO) and the text, each on a
    line of its own: whoever has the paper can compute it.
    """

    case = models.OneToOneField(Case, models.PROTECT, related_name="commitment")
    text = models.TextField("承诺内容")
    sha256 = models.CharField("散列", max_length=64)
    signer = models.CharField("签署人", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField("签署时间")

    class Meta:
        verbose_name = "承诺书"
        verbose_name_plural = "承诺书"
        ordering = ["id"]
        triggers = append_only("commitments_stay")

    def __str__(self) -> str:
        return f"{self.signer} {self.signed_at:%Y-%m-%d}"


@tracked()
class FulfilmentCheck(models.Model):
    """One look after the conclusion at whether what was promised is done, due on a working day."""

    class Result(models.TextChoices):
        OPEN = "", "待核查"
        KEPT = "kept", "已履行"
        PARTLY = "partly", "部分履行，限期整改"
        BROKEN = "broken", "未履行承诺"

    case = models.ForeignKey(Case, models.PROTECT, related_name="fulfilment")
    code = models.CharField("核查点", max_length=40)
    name = models.CharField("名称", max_length=120)
    basis = models.CharField("依据", max_length=200, blank=True)
    department = models.ForeignKey(
        "core.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    due = models.DateField("应核查日期")
    done_on = models.DateField("核查日期", null=True, blank=True)
    result = models.CharField(
        "结果", max_length=10, choices=Result, blank=True, default=Result.OPEN
    )
    words = models.CharField("核查情况", max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    warned_on = models.DateField("逾期提醒日期", null=True, blank=True)

    class Meta:
        verbose_name = "履约核查"
        verbose_name_plural = "履约核查"
        ordering = ["due", "id"]
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="check_once")]
        indexes = [
            models.Index(
                fields=["department", "due", "id"],
                condition=models.Q(result=""),
                name="check_of_department",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due}"


class Revocation(models.Model):
    """A conclusion taken back, with its reason. Rows only come in."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="revocation")
    on = models.DateField("撤销日期")
    reason = models.CharField("理由", max_length=2000)
    basis = models.CharField("依据", max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("登记时间", auto_now_add=True)

    class Meta:
        verbose_name = "撤销结论"
        verbose_name_plural = "撤销结论"
        ordering = ["id"]
        triggers = append_only("revocations_stay")

    def __str__(self) -> str:
        return f"{self.on} {self.reason}"


class CaseRating(models.Model):
    """办理评价: what the applicant says once it is over, once a case. Rows only come in."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="rating")
    score = models.IntegerField("满意度", choices=[
        (5, "非常满意"), (4, "满意"), (3, "基本满意"), (2, "不满意"), (1, "非常不满意"),
    ])  # fmt: skip
    words = models.CharField("意见", max_length=1000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("评价时间", auto_now_add=True)

    class Meta:
        verbose_name = "办理评价"
        verbose_name_plural = "办理评价"
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=1, score__lte=5), name="score_one_to_five"
            )
        ]
        triggers = append_only("ratings_stay")

    def __str__(self) -> str:
        return f"{self.get_score_display()}"
