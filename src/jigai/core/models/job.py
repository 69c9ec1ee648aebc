"""Long work: who started it, how far it is, how it ended."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of work done by the worker.

    Finished work and its effect are written in one transaction, so a job that is ``done`` has
    happened exactly once and any other has not happened at all.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "排队"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"

    kind = models.CharField("类别", max_length=40)
    title = models.CharField("名称", max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="jobs"
    )
    # What the work needs; never secrets, for the page shows it to staff.
    params = models.JSONField("参数", default=dict)
    status = models.CharField("状态", max_length=10, choices=Status, default=Status.WAITING)
    step = models.CharField("步骤", max_length=200, blank=True)
    # Thousandths done.
    progress = models.SmallIntegerField("进度", default=0)
    attempts = models.SmallIntegerField("次数", default=0)
    result = models.JSONField("结果", default=dict)
    # Pairs of label and value for the page, in order.
    told = models.JSONField("要点", default=list)
    url = models.CharField("结果地址", max_length=200, blank=True)
    error_code = models.CharField("错误代码", max_length=60, blank=True)
    error = models.TextField("错误", blank=True)
    hint = models.TextField("办法", blank=True)
    cancel_asked = models.BooleanField("已请求取消", default=False)
    # The queue's own number, to see whether its worker still lives.
    queue_id = models.BigIntegerField("队列编号", null=True, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = "任务"
        ordering = ["-id"]
        indexes = [models.Index(fields=["owner", "-id"], name="job_of_owner")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.status in (self.Status.DONE, self.Status.FAILED, self.Status.CANCELLED)

    @property
    def percent(self) -> int:
        """Share done, 0 to 100."""
        return self.progress // 10
