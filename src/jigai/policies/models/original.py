"""The original text of a document, which only a user brings in."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.append_only import append_only


class OriginalText(models.Model):
    """One upload of a document's text, cut at the anchors of a pack's clauses.

    ``parts`` lists {clause, start, end} in the order of the text; ``clause`` is empty before the
    first anchor. ``missing`` are clauses whose anchor was not found. The newest one counts.
    """

    slug = models.CharField("政策", max_length=60, db_index=True)
    # The file it came in; none where the text was pasted.
    file = models.ForeignKey("core.EvidenceFile", models.PROTECT, null=True, related_name="+")
    text = models.TextField("全文")
    parts = models.JSONField("分段", default=list)
    missing = models.JSONField("未对上的条款", default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", auto_now_add=True)

    class Meta:
        verbose_name = "文件原文"
        verbose_name_plural = "文件原文"
        ordering = ["-id"]
        triggers = append_only("originals_stay")

    def __str__(self) -> str:
        return f"{self.slug} {self.uploaded_at:%Y-%m-%d}"
