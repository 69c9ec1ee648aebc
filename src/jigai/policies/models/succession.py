"""Which document took the place of which, and from what day."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Succession(models.Model):
    """One document replaced by another from ``since`` on; before that day the old one explains.

    Either side may be a document without a pack: then it stands here with its number, title and
    date only. ``old_key`` and ``new_key`` are the numbers (or titles) without brackets and spaces,
    by which people look them up. A row that a pack's own ``supersedes`` gave is ``from_pack``.
    """

    old_number = models.CharField("旧文号", max_length=100, blank=True)
    old_title = models.CharField("旧标题", max_length=200, blank=True)
    old_issued = models.DateField("旧文件成文日期", null=True, blank=True)
    old_key = models.CharField("旧文检索", max_length=200, db_index=True)
    new_slug = models.CharField("新文件数据包", max_length=60, blank=True, db_index=True)
    new_number = models.CharField("新文号", max_length=100, blank=True)
    new_title = models.CharField("新标题", max_length=200, blank=True)
    new_issued = models.DateField("新文件成文日期", null=True, blank=True)
    new_key = models.CharField("新文检索", max_length=200, db_index=True)
    since = models.DateField("替代起日")
    basis = models.CharField("依据", max_length=200, help_text="写明替代的条款或文号")
    note = models.CharField("说明", max_length=400, blank=True)
    from_pack = models.BooleanField("数据包载明", default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField("登记时间", auto_now_add=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)
    withdrawn_because = models.CharField("撤回理由", max_length=200, blank=True)

    class Meta:
        verbose_name = "文件替代"
        verbose_name_plural = "文件替代"
        ordering = ["-since", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["old_key", "new_key"],
                condition=models.Q(withdrawn_at=None),
                name="replaced_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_name} → {self.new_name}"

    @property
    def old_name(self) -> str:
        """Number and title of the old document, as far as they are known."""
        return document_name(self.old_number, self.old_title)

    @property
    def new_name(self) -> str:
        """Number and title of the new document."""
        return document_name(self.new_number, self.new_title)


def document_name(number: str, title: str) -> str:
    """``粤府〔2018〕79号《…》``; whatever of the two there is."""
    return f"{number}《{title}》" if number and title else number or f"《{title}》"
