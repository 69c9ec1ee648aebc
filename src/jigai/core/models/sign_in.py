"""Traces of signing in, of reading others' data, and of forms sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked


class SignInLog(models.Model):
    """One attempt to sign in or out. ``identifier`` is what was typed, shortened."""

    class Outcome(models.TextChoices):
        OK = "ok", "成功"
        FAILED = "failed", "失败"
        LOCKED = "locked", "已锁定"
        OUT = "out", "退出"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    identifier = models.CharField("登录名", max_length=64, blank=True)
    outcome = models.CharField("结果", max_length=10, choices=Outcome)
    address = models.GenericIPAddressField("地址", null=True)
    agent = models.CharField("浏览器", max_length=200, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "登录日志"
        verbose_name_plural = "登录日志"
        ordering = ["-id"]
        # Deleting is left to the retention rule.
        triggers = append_only("sign_ins_stay", may_delete=True)

    def __str__(self) -> str:
        return f"{self.identifier} {self.outcome}"


class AccessLog(models.Model):
    """Somebody looked at, exported or downloaded data of an enterprise."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    action = models.CharField("动作", max_length=40)
    kind = models.CharField("对象类别", max_length=40)
    key = models.CharField("对象", max_length=80)
    label = models.CharField("对象名称", max_length=200, blank=True)
    request_id = models.CharField("请求编号", max_length=36, blank=True)
    on_behalf = models.CharField("代", max_length=64, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "访问日志"
        verbose_name_plural = "访问日志"
        ordering = ["-id"]
        indexes = [models.Index(fields=["kind", "key", "-id"], name="access_log_object")]
        triggers = append_only("access_log_stays")

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.key}"


class FormNonce(models.Model):
    """A form that has been sent: a second sending is led to the first one's result."""

    nonce = models.UUIDField("一次性编号", primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    path = models.CharField("地址", max_length=300)
    result_url = models.CharField("结果地址", max_length=300, blank=True)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = "已提交表单"
        verbose_name_plural = "已提交表单"
        ordering = ["-at", "nonce"]

    def __str__(self) -> str:
        return str(self.nonce)


class SignInLock(models.Model):
    """Failed sign-ins of one account, or of one name nobody bears, and until when it is locked.

    ``key`` is a keyed hash, so that mistyped names (sometimes passwords) are not stored. Names that
    belong to nobody are counted just the same, or the lock would tell which names exist.
    """

    key = models.CharField("散列", max_length=64, primary_key=True)
    failures = models.SmallIntegerField("失败次数", default=0)
    first_at = models.DateTimeField("首次失败")
    locked_until = models.DateTimeField("锁定至", null=True, blank=True)

    class Meta:
        verbose_name = "登录锁定"
        verbose_name_plural = "登录锁定"
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.failures} → {self.locked_until}"


@tracked()
class Handover(models.Model):
    """The 经办人 of an enterprise passes on to another person."""

    class Status(models.TextChoices):
        OPEN = "open", "待接收"
        DONE = "done", "已接收"
        REFUSED = "refused", "已拒绝"
        WITHDRAWN = "withdrawn", "已撤回"

    enterprise = models.ForeignKey("core.Enterprise", models.CASCADE, related_name="handovers")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField("事由", max_length=200)
    giver_leaves = models.BooleanField("交出人不再代表本企业", default=True)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    closed_at = models.DateTimeField("办结时间", null=True, blank=True)

    class Meta:
        verbose_name = "经办人交接"
        verbose_name_plural = "经办人交接"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"], condition=models.Q(status="open"), name="one_open_handover"
            )
        ]

    def __str__(self) -> str:
        return f"{self.enterprise}：{self.giver} → {self.taker}"
