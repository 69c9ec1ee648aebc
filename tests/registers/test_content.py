"""Registers that ship as files, and those that packs name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from jigai.core.access import access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.models import PackItem, PackVersion
from jigai.policies.sections import live_items
from jigai.policies.services.install_pack import install_pack
from jigai.registers.content_check import check_file
from jigai.registers.models import Edition, Entry, LifeEvent, Register
from jigai.registers.selectors import entries_on, register_by_code
from jigai.registers.services.edit_schema import save_draft
from jigai.registers.services.install_items import install_current
from jigai.registers.services.load_content import FOLDER, in_order, load_content, load_file
from jigai.registers.services.publish_schema import publish_schema
from tests.factories import make_regions, make_user

pytestmark = pytest.mark.django_db
EXAMPLE = """
register: {code: example-catalogue, name: 示例推广目录, kind: 目录, keeper: 示例主管部门,
  level: 国家, public: yes, systems: [tech-product-catalogs], items: ["yanzhou-2020:YZ-G01"]}
schema:
  title: product
  unique: [product]
  editions: yes
  validity: {kind: edition}
  fields:
  - {id: product, label: 产品, type: text, required: yes, public: yes}
  - {id: power, label: 功率, type: number, unit: kW, public: yes}
editions:
- {id: "1", name: 第一版, from: 2020-01-01, to: 2021-12-31, source: 示例公告〔2020〕1号}
- {id: "2", name: 第二版, from: 2022-01-01, source: 示例公告〔2022〕1号}
entries:
- {edition: "1", source: 示例公告附件, values: {产品: 示例风机, 功率: "7.5"}}
- edition: "2"
  source: 示例公告附件
  values: {产品: 示例风机, 功率: "11"}
  events:
  - {kind: 撤销, on: 2023-06-01, reason: 停产, document: 示例公告〔2023〕2号}
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "example-catalogue.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def found(day: str) -> list[str]:
    register = register_by_code("example-catalogue")
    spans = entries_on(register, dt.date.fromisoformat(day))
    return [span.values["power"] for span in spans]


def test_a_file_becomes_a_register_with_editions_and_life(example: Path) -> None:
    register = load_file(example)
    assert register.state == "active" and register.public and register.keeper == "示例主管部门"
    days = ("2019-12-31", "2020-01-01", "2021-12-31", "2022-01-01", "2023-05-31", "2023-06-01")
    assert [found(day) for day in days] == [[], ["7.5"], ["7.5"], ["11"], ["11"], []]


def test_loading_again_changes_nothing_and_a_correction_only_what_it_says(
    example: Path, tmp_path: Path
) -> None:
    assert load_content(folder=tmp_path) == 1
    before = list(LifeEvent.objects.values_list("pk", flat=True).order_by("pk"))
    assert load_content(folder=tmp_path) == 0
    load_file(example)
    assert list(LifeEvent.objects.values_list("pk", flat=True).order_by("pk")) == before
    example.write_text(EXAMPLE.replace('"7.5"', '"5.5"'), encoding="utf-8")
    assert load_content(folder=tmp_path) == 1
    assert found("2021-06-01") == ["5.5"] and Entry.objects.count() == 2


def test_what_people_published_stays(example: Path) -> None:
    register = load_file(example)
    boss = make_user("section-clerk", scope="all")
    access = access_of(boss)
    content = {**register.schema.content(), "k": 7}
    save_draft(register=register, content=content, by=boss, access=access)
    publish_schema(register=register, by=boss, access=access)
    example.write_text(EXAMPLE.replace("示例推广目录", "示例目录"), encoding="utf-8")
    load_file(example)
    fresh = register_by_code("example-catalogue")
    assert (fresh.name, fresh.schema.k) == ("示例目录", 7)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("code: example-catalogue, ", "", "没有写 code"),
        ("kind: 目录", "kind: 本子", "没有“本子”这一类"),
        ("type: number, unit: kW", "type: figure", "没有“figure”这种类型"),
        ('edition: "2"', 'edition: "9"', "没有版次“9”"),
        ("  source: 示例公告附件\n", "", "没有写来源"),
        ("kind: 撤销", "kind: 开除", "没有“开除”这种事项"),
        ("from: 2022-01-01", "from: 2021-06-01", "有效期重叠"),
        ("from: 2022-01-01", "from: 明年", "写法不对"),
        ("产品: 示例风机, 功率: \"11\"", "产品: 示例风机, 颜色: 红", "没有“颜色”这些字段"),
        ("功率: \"11\"", "功率: 很大", "不是数"),
        ("title: product", "title: product\n  colour: red", "不认识“colour”"),
        ("unique: [product]", "unique: [model]", "已不存在"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_whole_with_the_place(
    example: Path, old: str, new: str, words: str
) -> None:
    text = EXAMPLE.replace(old, new)
    assert text != EXAMPLE
    example.write_text(text, encoding="utf-8")
    with pytest.raises(JigaiError, match=words) as error:
        load_file(example)
    assert example.name in error.value.message and error.value.hint
    assert not Register.objects.exists() and not Edition.objects.exists()


def test_one_code_belongs_to_one_file(example: Path, tmp_path: Path) -> None:
    load_file(example)
    other = tmp_path / "other.yaml"
    other.write_text(EXAMPLE, encoding="utf-8")
    with pytest.raises(JigaiError, match="已被另一名录使用"):
        load_file(other)


def test_every_shipped_file_is_sound() -> None:
    for path in sorted(FOLDER.glob("*.yaml")):
        content = check_file(path)
        assert content.name == path.name


class TestPacks:
    """Installing a pack makes the registers and rosters it names."""

    @pytest.fixture
    def pack(self) -> PackVersion:
        return install_pack(folder=packs_dir() / "yanzhou-2020", check=False)

    def test_each_item_has_its_register(self, pack: PackVersion) -> None:
        items = PackItem.objects.filter(pack=pack, section__in=["registers", "recognitions"])
        made = Register.objects.filter(origin__startswith="pack:yanzhou-2020:")
        assert made.count() == items.count() > 10
        assert all(r.current is not None and r.state == "active" for r in made)
        roster = Register.objects.get(origin="pack:yanzhou-2020:YZ-R04")
        assert (roster.kind, roster.public, roster.region_code) == ("titles", True, "370812")
        keeper = Register.objects.get(origin="pack:yanzhou-2020:YZ-G01")
        assert (keeper.keeper, keeper.cadence, keeper.clause) == ("区工业和信息化局", "每年", "三")

    def test_again_makes_no_second_one(self, pack: PackVersion) -> None:
        before = list(Register.objects.values_list("pk", "version").order_by("pk"))
        install_current()
        install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
        assert list(Register.objects.values_list("pk", "version").order_by("pk")) == before

    def test_a_pack_installed_before_this_room_gets_its_registers(self, pack: PackVersion) -> None:
        Register.objects.filter(origin="pack:yanzhou-2020:YZ-G05").update(
            origin="", items=[], code="old"
        )
        install_current()
        assert Register.objects.filter(items=["yanzhou-2020:YZ-G05"]).count() == 1

    def test_a_shipped_register_takes_the_place_of_the_packs(
        self, pack: PackVersion, example: Path
    ) -> None:
        load_file(example)
        install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
        from jigai.registers.services.install_items import install_registers

        items = PackItem.objects.filter(pack=pack, section="registers").order_by("place")
        install_registers(pack, list(items))
        assert Register.objects.get(origin="pack:yanzhou-2020:YZ-G01").state == "inactive"

    def test_the_living_document_counts_what_is_in_force(
        self, pack: PackVersion, example: Path
    ) -> None:
        make_regions()
        load_file(example)
        person: Any = make_user("section-clerk")
        items = list(PackItem.objects.filter(pack=pack, code__in=["YZ-G01", "YZ-R04"]))
        told = live_items(access_of(person), items)
        by_code = {item.code: told[item.pk] for item in items}
        assert by_code["YZ-R04"].words == "在册 0 条"
        count = entries_on(register_by_code("example-catalogue"), timezone.localdate()).count()
        assert by_code["YZ-G01"].url == "/registers/example-catalogue/"
        assert by_code["YZ-G01"].words == f"收录 {count} 条"


def test_who_reads_the_living_page_without_the_right_gets_no_link(clerk: User) -> None:
    pack = install_pack(folder=packs_dir() / "yanzhou-2020", check=False)
    item = PackItem.objects.get(pack=pack, code="YZ-R04")
    stranger = make_user("platform-admin")
    stranger.assignments.all().delete()
    assert live_items(access_of(stranger), [item])[item.pk].url == ""


ONE = """
register: {{code: {code}, name: 示例{code}, kind: 名单, keeper: 示例单位}}
schema:
  title: name
  unique: [name]
  fields:
  - {{id: name, label: 名称, type: text, required: yes}}
  - {{id: of, label: 所属, type: entry, register: {of}}}
"""


def test_a_register_is_loaded_after_those_its_entries_name(tmp_path: Path) -> None:
    for code, of in (("aa", "mm"), ("mm", "zz"), ("zz", "zz")):
        (tmp_path / f"{code}.yaml").write_text(ONE.format(code=code, of=of), encoding="utf-8")
    ordered = in_order({path: check_file(path) for path in sorted(tmp_path.glob("*.yaml"))})
    assert [path.stem for path in ordered] == ["zz", "mm", "aa"]


def test_registers_that_name_each_other_are_refused(tmp_path: Path) -> None:
    for code, of in (("aa", "bb"), ("bb", "aa")):
        (tmp_path / f"{code}.yaml").write_text(ONE.format(code=code, of=of), encoding="utf-8")
    with pytest.raises(JigaiError, match="互相引用"):
        in_order({path: check_file(path) for path in sorted(tmp_path.glob("*.yaml"))})
