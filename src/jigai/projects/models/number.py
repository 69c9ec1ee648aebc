"""Who numbers projects: one series a county and year, never used twice."""

from __future__ import annotations

import pgtrigger
from django.db import models


class NumberSeries(models.Model):
    """The last number given in a county (six digits) and year."""

    place = models.CharField("区划", max_length=6)
    year = models.SmallIntegerField("年度")
    last = models.IntegerField("最后一号", default=0)

    class Meta:
        verbose_name = "项目编号序列"
        verbose_name_plural = "项目编号序列"
        ordering = ["place", "year"]
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="one_series_a_place_and_year")
        ]

    def __str__(self) -> str:
        return f"{self.place}-{self.year}"


def numbered(name: str) -> pgtrigger.Trigger:
    """Gives a new row its number and first ledger year where whoever inserts it gave none.

    Imports give them in bulk: a series counted up row by row in one transaction grows slow.
    """
    return pgtrigger.Trigger(
        name=name,
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        declare=[("given", "integer")],
        func=(
            "IF NEW.number IS NULL OR NEW.number = '' THEN "
            "INSERT INTO projects_numberseries AS s (place, year, last) "
            "VALUES (left(NEW.region_code, 6), NEW.year, 1) "
            "ON CONFLICT (place, year) DO UPDATE SET last = s.last + 1 RETURNING s.last INTO given;"
            " NEW.number := left(NEW.region_code, 6) || '-' || NEW.year || '-' "
            "|| lpad(given::text, greatest(5, length(given::text)), '0'); END IF; "
            "IF cardinality(NEW.ledger_years) = 0 THEN NEW.ledger_years := ARRAY[NEW.year]; "
            "END IF; RETURN NEW;"
        ),
    )
