"""A pack while somebody writes it: its text, its way to being issued, what it became."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from jigai.core.models.append_only import append_only
from jigai.core.models.tracking import tracked

# Somebody may write; in every other state the text stays as it is.
OPEN_STATES = ("drafting", "revising")


# The class takes conditions by name, which its stubs do not say.
_when: Any = pgtrigger.Q


@tracked(exclude=["files"])
class PackDraft(models.Model):
    """One document being written. ``files`` holds the pack's own YAML files by ``slug/name``.

    ``version`` counts the saves, so that two people do not write over each other. ``base`` is the
    installed version it started from. ``frozen`` is the hash of the text that was handed in;
    ``proposal`` its check (linter, changes, money), ``issued`` the version it became.
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", "起草"
        REVIEW = "review", "审核"
        CONSULTATION = "consultation", "征求意见"
        REVISING = "revising", "修改定稿"
        ISSUING = "issuing", "待印发"
        ISSUED = "issued", "已印发"
        WITHDRAWN = "withdrawn", "已撤回"

    slug = models.CharField("标识", max_length=60, db_index=True)
    title = models.CharField("标题", max_length=200)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    base = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, related_name="+", verbose_name="来源版本"
    )
    files = models.JSONField("文件", default=dict)
    version = models.IntegerField("版本", default=1)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFTING)
    frozen = models.CharField("送审内容散列", max_length=64, blank=True)
    # Why it is being written, why it came back or was withdrawn.
    note = models.CharField("说明", max_length=400, blank=True)
    returned = models.CharField("退回理由", max_length=400, blank=True)
    # Whether the public is asked before it is issued, and why not.
    consults = models.BooleanField("公开征求意见", default=True)
    no_consultation = models.CharField("不公开征求意见的理由", max_length=400, blank=True)
    # The text that was opened for comment: never the one that is issued.
    consulted = models.ForeignKey(
        "policies.PackProposal", models.PROTECT, null=True, related_name="+",
        verbose_name="征求意见的文本",
    )  # fmt: skip
    proposal = models.ForeignKey(
        "policies.PackProposal", models.PROTECT, null=True, related_name="+", verbose_name="检查"
    )
    issued = models.ForeignKey(
        "policies.PackVersion", models.PROTECT, null=True, related_name="+", verbose_name="印发版本"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="送审人"
    )
    submitted_at = models.DateTimeField("送审时间", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="起草人"
    )
    created_at = models.DateTimeField("起草时间", auto_now_add=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="最近修改人"
    )
    # Of the text, not of its way.
    updated_at = models.DateTimeField("最近修改时间", default=timezone.now)

    class Meta:
        verbose_name = "起草稿"
        verbose_name_plural = "起草稿"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=OPEN_STATES) | Q(state="withdrawn") | ~Q(frozen=""),
                name="draft_frozen_by_its_hash",
            ),
            models.CheckConstraint(
                condition=Q(state="issued", issued__isnull=False)
                | (~Q(state="issued") & Q(issued__isnull=True)),
                name="draft_issued_is_a_version",
            ),
        ]
        triggers = [
            # Whoever reviews, comments or issues must find what was handed in.
            pgtrigger.Protect(
                name="draft_text_is_frozen",
                operation=pgtrigger.Update,
                condition=_when(new__state__in=["review", "consultation", "issuing"])
                & _when(old__state__in=["review", "consultation", "issuing"])
                & _when(old__files__df=pgtrigger.F("new__files")),
            ),
            pgtrigger.Protect(
                name="draft_issued_stays",
                operation=pgtrigger.Update,
                condition=_when(old__state__in=["issued", "withdrawn"])
                & (
                    _when(old__files__df=pgtrigger.F("new__files"))
                    | _when(old__state__df=pgtrigger.F("new__state"))
                ),
            ),
            *append_only("drafts_are_kept", may_update=True),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        """Whether its text may be written now."""
        return self.state in OPEN_STATES
