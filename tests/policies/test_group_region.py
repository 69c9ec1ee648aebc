"""A document of a group of regions belongs to the smallest region around them."""

from __future__ import annotations

import pytest

from jigai.core.access import access_of
from jigai.core.models import Region, RegionGroup, RegionGroupMember
from jigai.core.services.install_region_groups import install_region_groups
from jigai.paths import packs_dir
from jigai.policies.forms import EvaluationForm
from jigai.policies.services.install_pack import install_pack
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def installed() -> str:
    """Region code the Sunan document is stored with."""
    return install_pack(folder=packs_dir() / "sunan-2017", check=False).region_code


def test_by_what_the_pack_lists_where_no_group_is_known() -> None:
    RegionGroup.objects.all().delete()
    assert installed() == "320000"


def test_by_the_group_the_platform_knows() -> None:
    install_region_groups()
    assert installed() == "320000"


def test_a_pack_cannot_move_itself_by_listing_others() -> None:
    """The platform's members stand before those of the pack."""
    RegionGroup.objects.all().delete()
    group = RegionGroup.objects.create(slug="sunan", name="苏南五市")
    RegionGroupMember.objects.create(group=group, region_code="320582")
    assert installed() == "320500"


@pytest.mark.parametrize(
    ("region", "fits"), [("320200", True), ("320282", True), ("320300", False), ("320000", False)]
)
@pytest.mark.system("region-tree")
def test_it_is_evaluated_in_a_member_only(region: str, fits: bool) -> None:
    for code in ("320000", "320200", "320282", "320300"):
        Region.objects.create(
            code=code, name=f"示例{code}", level="county", parent_code="", pinyin="s", initials="s"
        )
    version = install_pack(folder=packs_dir() / "sunan-2017", check=False)
    form = EvaluationForm(
        {"pack": version.pk, "year": 2017, "region": region},
        access=access_of(make_user("section-clerk", scope="all")),
    )
    form.is_valid()
    assert ("苏南五市" in str(form.errors.get("region", ""))) is not fits
