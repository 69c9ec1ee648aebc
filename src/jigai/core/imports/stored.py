"""The stored register as importers of other tables need it."""

from __future__ import annotations

from dataclasses import dataclass

from jigai.core.enterprise_matching import EnterpriseIndex, region_names
from jigai.core.enterprise_register import Enterprise as Record
from jigai.core.imports.registry import Place
from jigai.core.models import Enterprise
from jigai.core.stored_register import stored_register


@dataclass(frozen=True, slots=True)
class Register:
    """The register of a place: its index for matching, and keys by what records say."""

    index: EnterpriseIndex
    by_key: dict[int, Record]
    regions: dict[int, str]

    def key(self, uscc: str | None, name: str | None) -> int | None:
        """Primary key of the enterprise that a record was matched to; ``None`` for none."""
        if uscc is not None:
            found = self.index.by_code.get(uscc)
            return found.row if found else None
        # Matched without a code: the name led to exactly one enterprise, which has none.
        named = [item for item in self.index.by_name.get(name or "", ()) if item.uscc is None]
        return named[0].row if len(named) == 1 else None


def register_of(place: Place) -> Register:
    """Read the register of a place with the figures of its year."""
    records = stored_register(place.region_code, place.year)
    rows = Enterprise.objects.filter(region_code__startswith=place.prefix).order_by("pk")
    return Register(
        EnterpriseIndex(records, region_names(place.region_code)),
        {record.row: record for record in records},
        dict(rows.values_list("pk", "region_code")),
    )


def needs_register(place: Place) -> str:
    """What is missing before rows can be matched to enterprises."""
    if Enterprise.objects.filter(region_code__startswith=place.prefix).exists():
        return ""
    return "本地区还没有企业名录，无法对应企业"
