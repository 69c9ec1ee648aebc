"""Messages to people, and through which channel each kind of event may reach them."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One message to one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    event = models.CharField("事件", max_length=60)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    url = models.CharField("地址", max_length=200, blank=True)
    created_at = models.DateTimeField("时间", auto_now_add=True)
    read_at = models.DateTimeField("已读时间", null=True, blank=True)
    emailed_at = models.DateTimeField("邮件时间", null=True, blank=True)

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = "消息"
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="notice_unread"
            )
        ]

    def __str__(self) -> str:
        return self.title


class NoticeChoice(models.Model):
    """A person's choice for one kind of event; without a row the event's default holds."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event = models.CharField("事件", max_length=60)
    in_app = models.BooleanField("站内", default=True)
    by_email = models.BooleanField("邮件", default=False)

    class Meta:
        verbose_name = "消息设置"
        verbose_name_plural = "消息设置"
        ordering = ["event", "id"]
        constraints = [models.UniqueConstraint(fields=["user", "event"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.event}"
