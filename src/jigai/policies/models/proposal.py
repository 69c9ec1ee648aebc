"""A new version of a pack before somebody confirms it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked(exclude=["files", "problems", "changes", "money"])
class PackProposal(models.Model):
    """Uploaded files of a pack, what the linter says, and what would change.

    ``files`` as in :class:`PackVersion`; ``changes`` compares with the installed version;
    ``money`` holds totals in fen before and after on the current population.
    """

    class Status(models.TextChoices):
        CHECKING = "checking", "正在检查"
        READY = "ready", "待确认"
        REFUSED = "refused", "没有通过检查"
        INSTALLED = "installed", "已安装"
        DISCARDED = "discarded", "已放弃"

    slug = models.CharField("标识", max_length=60, blank=True, db_index=True)
    title = models.CharField("标题", max_length=200, blank=True)
    # Where the document applies; before it has been read, where whoever sent it belongs.
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    file = models.ForeignKey("core.EvidenceFile", models.PROTECT, related_name="+")
    files = models.JSONField("文件", default=dict)
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.CHECKING)
    problems = models.JSONField("问题", default=list)
    changes = models.JSONField("变化", default=dict)
    money = models.JSONField("金额变化", default=dict)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    installed = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, related_name="+"
    )
    # The draft it was made from, if it was: then only issuing the draft installs it.
    draft = models.ForeignKey(
        "policies.PackDraft", models.PROTECT, null=True, related_name="proposals",
        verbose_name="起草稿",
    )  # fmt: skip
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = "政策包新版本"
        verbose_name_plural = "政策包新版本"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.title} {self.get_status_display()}"
