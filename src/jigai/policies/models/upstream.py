"""Documents that a pack leans on, and where they can be found here."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class UpstreamDocument(models.Model):
    """One upstream document of one pack. It is never dropped: what it gives is open, not nothing.

    ``attached`` names what stands for it here: an installed pack, a parameter of a standard, or an
    original in the evidence store; exactly one of ``pack_slug``, ``parameter`` and ``file``.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待导入"
        ATTACHED = "attached", "已挂接"
        NONE = "none", "不存在数据包"

    slug = models.CharField("政策", max_length=60, db_index=True)
    key = models.CharField("检索", max_length=250, db_index=True)
    place = models.IntegerField("顺序", default=0)
    number = models.CharField("文号", max_length=100, blank=True)
    title = models.CharField("标题", max_length=250, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    pack_slug = models.CharField("数据包", max_length=60, blank=True, db_index=True)
    # ``national:above_scale_threshold``: a parameter set that holds what the document says.
    parameter = models.CharField("通用参数", max_length=150, blank=True)
    file = models.ForeignKey("core.EvidenceFile", models.PROTECT, null=True, related_name="+")
    note = models.CharField("说明", max_length=400, blank=True)
    # False once a later version of the pack no longer names the document.
    listed = models.BooleanField("现行版本列有", default=True)
    attached_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    attached_at = models.DateTimeField("挂接时间", null=True, blank=True)
    version = models.IntegerField("版本", default=1)

    class Meta:
        verbose_name = "上位依据"
        verbose_name_plural = "上位依据"
        ordering = ["slug", "place", "id"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "key"], name="upstream_once"),
        ]

    def __str__(self) -> str:
        from jigai.policies.models.succession import document_name

        return document_name(self.number, self.title)
