"""Installs the groups of regions that policy documents name."""

from __future__ import annotations

from jigai.core.models.region import RegionGroup, RegionGroupMember
from jigai.core.regions import region_groups


def install_region_groups() -> int:
    """Make the shipped groups and their members; groups made on screen stay. Returns their number.

    Members of a shipped group follow the release, because the document that names it does not
    change from place to place.
    """
    shipped = region_groups()
    for group in shipped.values():
        row, _ = RegionGroup.objects.update_or_create(
            slug=group.id, defaults={"name": group.name, "source": group.source}
        )
        held = set(row.members.values_list("region_code", flat=True))
        row.members.exclude(region_code__in=group.members).delete()
        RegionGroupMember.objects.bulk_create(
            RegionGroupMember(group=row, region_code=code)
            for code in group.members
            if code not in held
        )
    return len(shipped)
