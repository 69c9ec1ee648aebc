"""Editions of a register: which list is in force when."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from jigai.core.models.tracking import tracked
from jigai.registers.models.register import Register

# Without btree_gist there is no exclusion constraint on a range within a register; the lock makes
# two transactions that each see none of the other's rows wait for one another.
NO_OVERLAP = """
    PERFORM pg_advisory_xact_lock(hashtext('registers.edition'), NEW.register_id::integer);
    IF EXISTS (
        SELECT FROM registers_edition AS other
        WHERE other.register_id = NEW.register_id AND other.line = NEW.line AND other.id <> NEW.id
          AND daterange(other.valid_from, other.valid_to, '[]')
           && daterange(NEW.valid_from, NEW.valid_to, '[]')
    ) THEN
        RAISE EXCEPTION 'editions of a register overlap' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
"""


@tracked()
class Edition(models.Model):
    """One edition; both dates are inclusive, an open end means until the next one.

    ``line`` tells catalogues apart that run side by side in one register.
    """

    register = models.ForeignKey(Register, models.CASCADE, related_name="editions")
    code = models.CharField("代号", max_length=40)
    line = models.CharField("目录", max_length=40, blank=True)
    name = models.CharField("名称", max_length=200)
    number = models.CharField("文号", max_length=120, blank=True)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    note = models.TextField("说明", blank=True)
    source = models.CharField("来源", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    class Meta:
        verbose_name = "名录版次"
        verbose_name_plural = "名录版次"
        ordering = ["register", "-valid_from", "id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "code"], name="edition_code_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="edition_ends_after_start",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="editions_do_not_overlap",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func=NO_OVERLAP,
            )
        ]

    def __str__(self) -> str:
        return self.name

    def holds_on(self, day: object) -> bool:
        """Whether the edition is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
