"""Projects on the links of a chain: gaps show, and so does a project without a place."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.chains.positions import chained, lacking, links_on, listings, pictures
from jigai.projects.chains.services.place_in_chain import place_in_chain
from jigai.projects.models import Project
from jigai.registers.models import Entry, Register
from tests.factories import CITY, SIBLING, make_enterprise, make_project, make_regions, make_user
from tests.query_counts import assert_query_count
from tests.registers.content.shipped import put, ship

pytestmark = pytest.mark.system("chain-project-list")
CHAIN = "示例涂装链"
LINKS = [
    ("树脂", "upper", "2"),
    ("喷嘴", "upper", "1"),
    ("整线", "lower", "1"),
    ("检测", "support", "1"),
]


@pytest.fixture
def lists(db: None) -> dict[str, Register]:
    """The registers as shipped, with the links of one chain."""
    make_regions()
    found = {code: ship(code) for code in ("chain-links", "chain-projects")}
    put(found["chain-links"], *({"chain": CHAIN, "link": name, "part": part, "number": number}
                                for name, part, number in LINKS))  # fmt: skip
    return found


@pytest.fixture
def clerk(lists: dict[str, Register]) -> User:
    """The office of the county."""
    return make_user("section-clerk", name="经办人")


def project(name: str, position: str | None = None, **more: Any) -> Project:
    given = {"chain": CHAIN, "chain_position": position, **more}
    return make_project(make_enterprise(), name, **given)


def drawn(user: User) -> Any:
    access = access_of(user)
    found = pictures(links_on(access, timezone.localdate()), chained(access))
    return {one.chain: one for one in found}


def test_links_without_a_project_are_gaps_in_the_order_of_the_chain(clerk: User) -> None:
    project("示例甲", "喷嘴")
    project("示例乙", "喷嘴")
    one = drawn(clerk)[CHAIN]
    assert [f.link.name for f in one.parts["upper"]] == ["喷嘴", "树脂"]
    assert [f.link.name for f in one.gaps] == ["树脂", "整线", "检测"]
    assert [len(f.projects) for f in one.links] == [2, 0, 0, 0]
    assert one.parts["middle"] == () and one.projects == 2


def test_a_project_without_a_link_is_listed_as_such(clerk: User) -> None:
    """玩具实现会漏掉: 产业链位置缺失."""
    lost = project("示例丙")
    odd = project("示例丁", "没有的环节")
    project("示例重复", "喷嘴", duplicate_of=lost)
    one = drawn(clerk)[CHAIN]
    assert one.unplaced == (lost,) and one.elsewhere == (odd,) and len(one.gaps) == 4
    assert one.projects == 2


def test_named_projects_ship_and_lack_a_place_until_the_library_has_one(
    clerk: User, lists: dict[str, Register]
) -> None:
    city = make_user("section-clerk", CITY)
    done, bare = project("示例有位", "喷嘴"), make_project(make_enterprise(), "示例无链")
    part = project("示例无环")
    put(lists["chain-projects"], *(
        {"name": p.name, "project": str(p.pk), "theme": "strong", "place": p.region_code,
         "enterprise": {"id": p.enterprise_id, "name": "示例"}} for p in (done, bare, part)
    ))  # fmt: skip
    # Those that 六安 2020 二.一 names are of that city: not for a county of another.
    assert len(listings(access_of(city), timezone.localdate())) == 3
    rows = {r.name: r for r in listings(access_of(make_user("section-clerk", "341500")),
                                        timezone.localdate())}  # fmt: skip
    assert len(rows) == 4 and all(r.named and r.lacks == "没有对应到项目库" for r in rows.values())
    mine = listings(access_of(clerk), timezone.localdate())
    assert [(r.name, r.lacks) for r in mine] == [
        ("示例无链", "没有写产业链"), ("示例无环", "没有写环节"), ("示例有位", ""),
    ]  # fmt: skip
    assert [r.kind for r in mine] == ["强链"] * 3 and not any(r.named for r in mine)
    assert lacking(None) == "没有对应到项目库"


def store(row: Project, user: User, chain: str = CHAIN, position: str = "喷嘴",
          effect: str = "带动示例厂", seen: int | None = None) -> Project:  # fmt: skip
    return place_in_chain(
        project=row.pk, chain=chain, position=position, effect=effect,
        seen=row.version if seen is None else seen, by=user, access=access_of(user),
    )  # fmt: skip


def test_storing_a_place_keeps_history_and_asks_for_a_link_of_the_table(clerk: User) -> None:
    row = make_project(make_enterprise())
    row = store(row, clerk, position=" 喷嘴 ")
    assert (row.chain, row.chain_position, row.chain_effect) == (CHAIN, "喷嘴", "带动示例厂")
    assert row.version == 2 and store(row, clerk).version == 2
    with pytest.raises(JigaiError, match="刚有人改过"):
        store(row, clerk, seen=1)
    with pytest.raises(JigaiError, match=r"环节表里没有“整机”.*喷嘴、"):
        store(row, clerk, position="整机")
    with pytest.raises(JigaiError, match="没有写产业链"):
        store(row, clerk, chain="")
    with pytest.raises(JigaiError, match="带动关系最多 400 个字"):
        store(row, clerk, effect="长" * 401)
    # A chain nobody has drawn up takes any link; nothing at all takes the project out.
    assert store(row, clerk, chain="未画的链", position="随便").chain_position == "随便"
    row.refresh_from_db()
    out = store(row, clerk, chain="", position="", effect="")
    assert (out.chain, out.chain_position, out.chain_effect) == (None, None, None)
    events = Project.pgh_event_model.objects.filter(pgh_obj=row).order_by("pgh_id")
    assert [e.chain for e in events] == [None, CHAIN, "未画的链", None]


def test_nobody_places_a_project_out_of_reach(clerk: User) -> None:
    far = make_project(make_enterprise(region=SIBLING))
    with pytest.raises(Denied):
        store(far, clerk)
    with pytest.raises(Denied):
        store(make_project(), make_user("auditor"))
    far.refresh_from_db()
    assert far.chain is None


def test_the_form_chooses_a_link_or_takes_words(clerk: User, client: Client) -> None:
    client.force_login(clerk)
    row = make_project(make_enterprise(), "示例技改")
    at = reverse("chain-place", args=[row.pk])
    page = client.get(at).content.decode()
    assert "上游：喷嘴" in page and 'name="seen" value="1"' in page
    sent = {"seen": "1", "place": "0", "chain": "", "position": "", "effect": "带动"}
    assert client.post(at, {**sent, "nonce": str(uuid.uuid4())}).status_code == 302
    row.refresh_from_db()
    # Links come in the order along the chain: by number, then as they were registered.
    assert (row.chain, row.chain_position, row.version) == (CHAIN, "喷嘴", 2)
    again = client.post(at, {**sent, "effect": "另", "nonce": str(uuid.uuid4())})
    assert again.status_code == 422 and "刚有人改过" in again.content.decode()
    words = {**sent, "seen": "2", "place": "", "chain": "未画的链", "position": "末端"}
    assert client.post(at, {**words, "nonce": str(uuid.uuid4())}).status_code == 302
    part = client.get(reverse("chain-project", args=[row.pk])).content.decode()
    assert "未画的链" in part and "末端" in part and "列入清单" in part


def test_a_project_is_taken_into_the_list_by_its_key(
    clerk: User, lists: dict[str, Register], client: Client
) -> None:
    client.force_login(clerk)
    row = project("示例列入", "喷嘴")
    at = reverse("project-enlist", args=[row.pk])
    sent = {"theme": "chain-projects|fill"}
    assert client.post(at, {**sent, "nonce": str(uuid.uuid4())}).status_code == 302
    entry = Entry.objects.get(title="示例列入")
    assert entry.values["project"] == str(row.pk) and "chain" not in entry.values
    twice = client.post(at, {**sent, "nonce": str(uuid.uuid4())})
    assert twice.status_code == 422 and "已有这个项目" in twice.content.decode()
    part = client.get(reverse("chain-project", args=[row.pk])).content.decode()
    assert "强链补链项目清单" in part and "待审核" in part
    far = make_project(make_enterprise(region=SIBLING))
    assert client.get(reverse("project-enlist", args=[far.pk])).status_code == 404
    assert client.get(reverse("chain-place", args=[far.pk])).status_code == 404


def test_pages_draw_gaps_and_name_what_is_missing(
    clerk: User, lists: dict[str, Register], client: Client
) -> None:
    client.force_login(clerk)
    project("示例甲", "喷嘴", chain_effect="带动示例乙厂")
    project("示例丙")
    page = client.get(reverse("chain-overview")).content.decode()
    assert "树脂、整线、检测" in page and "清单是空的" in page
    at = reverse("chain-picture")
    body = client.get(at, {"chain": CHAIN}).content.decode()
    assert body.count("空缺</span>") == 3 and "带动示例乙厂" in body and "没有写环节" in body
    assert "没有登记环节" in body
    assert client.get(at, {"chain": "没有的链"}).status_code == 404
    assert client.get(at).status_code == 404
    assert client.get(reverse("chain-overview"), {"on": "昨天"}).status_code == 422


def test_pages_take_as_many_queries_for_many(
    clerk: User, lists: dict[str, Register], client: Client
) -> None:
    client.force_login(clerk)

    def rows(number: int) -> None:
        for _ in range(number - Project.objects.count()):
            one = project(f"示例{Project.objects.count()}", "喷嘴")
            put(lists["chain-projects"], {
                "name": one.name, "project": str(one.pk), "theme": "strong",
                "enterprise": {"id": one.enterprise_id, "name": "示例"},
            })  # fmt: skip

    assert_query_count(client, reverse("chain-overview"), rows, most=40)
    assert_query_count(client, reverse("chain-picture") + f"?chain={CHAIN}", rows, most=35,
                       sizes=(15, 20))  # fmt: skip
