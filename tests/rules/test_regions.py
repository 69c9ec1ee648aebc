"""Where a document applies: its region, what lies below, or the members of a group."""

from __future__ import annotations

from pathlib import Path

import pytest

from jigai.core.regions import region_groups
from jigai.rules.loader import load_pack
from jigai.rules.regions import applies_to, covered_codes, region_holding
from jigai.rules.schema import Identity

PACKS = Path(__file__).parents[2] / "packs"


def identity(name: str) -> Identity:
    return load_pack(PACKS / name).identity


@pytest.mark.system("region-tree")
@pytest.mark.parametrize(
    ("pack", "region", "expected"),
    [
        ("sunan-2017", "320100", True), ("sunan-2017", "321100", True),
        ("sunan-2017", "320282", True), ("sunan-2017", "320282400000", True),
        ("sunan-2017", "320300", False), ("sunan-2017", "320000", False),
        ("sunan-2017", "370812", False), ("jiangsu-2015", "320300", True),
        ("jiangsu-2015", "320000", True), ("jiangsu-2015", "330000", False),
        ("yanzhou-2020", "370812", True), ("yanzhou-2020", "370800", False),
        ("yanzhou-2020", "370811", False), ("luan-2020", "341502", True),
        ("luan-2020", "340000", False), ("national", "110000", True),
    ],
)  # fmt: skip
def test_a_document_of_a_group_applies_in_its_members_only(
    pack: str, region: str, expected: bool
) -> None:
    """苏南五市 is neither a code of the tree nor the province that holds the five."""
    assert applies_to(identity(pack), region) is expected
    groups = {key: group.members for key, group in region_groups().items()}
    assert applies_to(identity(pack), region, groups) is expected


def test_the_group_in_the_pack_is_the_one_in_the_table() -> None:
    sunan = identity("sunan-2017")
    assert sunan.region is not None
    assert sunan.region.code in region_groups()
    assert covered_codes(sunan) == region_groups()[sunan.region.code].members
    assert region_groups()[sunan.region.code].name == sunan.region.name


def test_groups_given_stand_before_what_the_pack_lists() -> None:
    sunan = identity("sunan-2017")
    assert covered_codes(sunan, {"sunan": ["320100"]}) == ("320100",)
    assert not applies_to(sunan, "320200", {"sunan": ["320100"]})
    assert applies_to(sunan, "320200", {"another": ["320100"]})


def test_a_group_belongs_to_the_smallest_region_around_it() -> None:
    sunan = identity("sunan-2017")
    assert sunan.region is not None

    def around(*codes: str) -> str:
        region = sunan.region and sunan.region.model_copy(update={"members": list(codes)})
        return region_holding(sunan.model_copy(update={"region": region}))

    assert region_holding(sunan) == "320000"
    assert around("320581", "320582") == "320500"
    assert around("320500", "370812") == ""
    assert around("320500") == "320500"
    assert region_holding(identity("yanzhou-2020")) == "370812"
    assert region_holding(identity("national")) == ""
