"""The guiding catalogue, its demonstrations and the first-set products are linked both ways."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from jigai.core.access import access_of
from jigai.errors import JigaiError
from jigai.registers.entry_values import prepare_one
from jigai.registers.models import Entry, Register
from jigai.registers.services.record_event import record
from jigai.registers.special.guiding import GONE, NO_FIRST_SET, UNUSED, Item, link_up
from jigai.registers.special.references import referred, referring
from jigai.registers.special.stored_lists import guiding_picture
from tests.factories import make_enterprise, make_regions, make_user
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("guiding-catalog")
D = dt.date
DAY = D(2021, 1, 1)


def test_a_row_is_whole_only_with_both_sides_in_their_lists() -> None:
    found = link_up(
        [Item(1, "两头", points=11), Item(2, "没用", points=12), Item(3, "空"),
         Item(4, "断了", points=99)],
        [Item(21, "示范", points=1), Item(22, "示范四", points=4), Item(23, "旧示范", points=77)],
        [Item(11, "甲", state="s4"), Item(12, "乙", state="s1"), Item(13, "丙", state="s4"),
         Item(14, "丁", state="s1")], "s4",
    )  # fmt: skip
    assert [row.gaps for row in found.rows] == [(), (UNUSED,), (NO_FIRST_SET, UNUSED), (GONE,)]
    assert found.complete == 1
    assert [one.name for one, _ in found.loose_demonstrations] == ["旧示范"]
    # Only a product already in the national catalogue is missed; one applied for is not.
    assert [one.name for one, _ in found.loose_products] == ["丙"]


@pytest.fixture
def lists(db: None) -> tuple[Register, Register, Register]:
    """The three registers as shipped."""
    make_regions()
    return (
        ship("first-set-national-catalog"),
        ship("guiding-catalog"),
        ship("guiding-demonstrations"),
    )


def fill(lists: tuple[Register, Register, Register]) -> tuple[Entry, Entry, Entry]:
    first_sets, guiding, demonstrations = lists
    firm = make_enterprise("示例装备厂")
    who = {"name": firm.name, "uscc": firm.uscc}
    product = put(first_sets, {
        "产品名称": "示例首台装备", "申报企业": who, "申报日期": "2019-01-01", "状态": "已列入",
        "目录版本": "示例版", "列入日期": "2019-06-01",
    })[0]  # fmt: skip
    item = put(guiding, {
        "名称": "示例新技术", "类型": "新技术", "研制单位": who, "发布日期": "2020-01-01",
        "首台套产品": "示例首台装备",
    })[0]  # fmt: skip
    used = put(
        demonstrations, {"示范项目": "示例示范线", "导向目录条目": "示例新技术", "应用单位": who}
    )[0]
    return product, item, used


def test_links_are_kept_once_and_seen_from_both_ends(
    lists: tuple[Register, Register, Register], client: Client
) -> None:
    """玩具实现会漏掉: a catalogue that knows nothing of the projects that use it."""
    product, item, used = fill(lists)
    clerk = make_user("section-clerk")
    access = access_of(clerk)

    def ends(entry: Entry) -> tuple[list[int], list[int]]:
        row = Entry.objects.select_related("register").get(pk=entry.pk)
        return ([one.entry.pk for one in referred(access, row, DAY)],
                [one.entry.pk for one in referring(access, row, DAY)])  # fmt: skip

    assert ends(product) == ([], [item.pk])
    assert ends(item) == ([product.pk], [used.pk])
    assert ends(used) == ([item.pk], [])
    client.force_login(clerk)
    page = client.get("/registers/special/guiding/", {"on": "2021-01-01"}).content.decode()
    assert "示例首台装备" in page and "示例示范线" in page and "两头都有" in page
    assert "没有接上的" not in page


def test_what_leaves_a_list_breaks_its_links_from_that_day_on(
    lists: tuple[Register, Register, Register], client: Client
) -> None:
    product, item, _ = fill(lists)
    access = access_of(make_user("section-clerk"))
    product = Entry.objects.get(pk=product.pk)
    record(entry=product, kind="remove", effective=DAY, by=None, reason="示例目录换版")
    assert guiding_picture(access, DAY - dt.timedelta(days=1)).complete == 1
    (row,) = guiding_picture(access, DAY).rows
    assert row.gaps == (GONE,) and row.first_set is None
    record(entry=Entry.objects.get(pk=item.pk), kind="revoke", effective=D(2021, 2, 1), by=None)
    late = guiding_picture(access, D(2021, 2, 1))
    assert not late.rows
    assert [one.name for one, _ in late.loose_demonstrations] == ["示例示范线"]
    client.force_login(make_user("section-clerk", name="另一人"))
    page = client.get("/registers/special/guiding/", {"on": "2021-02-01"}).content.decode()
    assert "没有接上的" in page and "指向的当日不在册" in page


def test_a_demonstration_cannot_name_what_the_catalogue_does_not_have(
    lists: tuple[Register, Register, Register],
) -> None:
    with pytest.raises(JigaiError, match="不在被引用的名录里"):
        prepare_one(lists[2], {"示范项目": "示例", "导向目录条目": "没有这一条"})
    assert not Entry.objects.filter(register=lists[2]).exists()
