"""What somebody wants to happen to an entry, until somebody else decides."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked
from jigai.registers.lifecycle import KINDS
from jigai.registers.models.entry import Entry


@tracked()
class Proposal(models.Model):
    """A proposed event: admission, review, change, removal, revocation or re-admission.

    ``values`` are the whole values wanted (``None``: as they are); ``seen`` is the version of the
    entry the proposer saw. It becomes a :class:`LifeEvent` only when another person approves.
    """

    class State(models.TextChoices):
        PENDING = "pending", "待审核"
        APPROVED = "confirmed", "已通过"
        REFUSED = "rejected", "未通过"
        WITHDRAWN = "withdrawn", "已撤回"

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="proposals")
    kind = models.CharField("事项", max_length=10, choices=list(KINDS.items()))
    effective = models.DateField("生效日期")
    values = models.JSONField("内容", null=True, blank=True)
    reason = models.CharField("理由", max_length=400, blank=True)
    document = models.CharField("文号", max_length=200, blank=True)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    seen = models.IntegerField("所见版本", default=1)
    state = models.CharField("状态", max_length=10, choices=State, default=State.PENDING)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField("提出时间", auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    answer = models.CharField("审核意见", max_length=400, blank=True)

    class Meta:
        verbose_name = "名录待审事项"
        verbose_name_plural = "名录待审事项"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=models.Q(state="pending"), name="one_pending_proposal"
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="proposal_by_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.entry}"
