"""What differs between two versions of a pack, item by item."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from django.test import Client
from pydantic import BaseModel

from jigai.paths import packs_dir
from jigai.policies.compare import compare_packs
from jigai.policies.compare_words import LABELS, words_of
from jigai.policies.models import PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.rules import schema
from jigai.rules.loader import load_pack
from jigai.rules.schema_base import Section
from jigai.rules.schema_programme import PROGRAMME
from tests.policies.changed_packs import SLUG, copied, raised, replaced

ROOTS: tuple[type[BaseModel], ...] = (
    schema.Identity, schema.Clause, schema.Parameter, schema.Term, schema.DerivedFact,
    schema.Reading, schema.Gate, schema.Measure, schema.PooledCap, schema.Ranking, schema.Budget,
    schema.Selection, schema.Validity, schema.Example, *(model for _n, model, _t in PROGRAMME),
)  # fmt: skip


def models(root: Any) -> Iterator[type[BaseModel]]:
    """A model and every model inside it."""
    if isinstance(root, type) and issubclass(root, Section):
        yield root
        for field in root.model_fields.values():
            yield from models(field.annotation)
    else:
        for part in get_args(root):
            yield from models(part)


def compared(new: Path) -> dict[str, Any]:
    return compare_packs(load_pack(packs_dir() / SLUG), load_pack(new))


def rows(found: dict[str, Any], section: str) -> list[dict[str, Any]]:
    return [row for part in found["sections"] if part["code"] == section for row in part["rows"]]


@pytest.mark.parametrize("root", ROOTS, ids=lambda model: model.__name__)
def test_every_key_has_a_name_of_its_own(root: type[BaseModel]) -> None:
    for model in models(root):
        keys = [field.alias or name for name, field in model.model_fields.items()]
        labels = [LABELS[key] for key in keys]
        assert len(set(labels)) == len(labels), model.__name__


def test_a_pack_does_not_differ_from_itself() -> None:
    pack = load_pack(packs_dir() / SLUG)
    assert compare_packs(pack, pack) == {
        "sections": [], "counts": {"added": 0, "removed": 0, "changed": 0},
    }  # fmt: skip


def test_a_new_rate_shows_in_clause_number_and_parameter(tmp_path: Path) -> None:
    found = compared(raised(tmp_path))
    assert [part["code"] for part in found["sections"]] == ["clauses", "numbers", "parameters"]
    assert found["counts"] == {"added": 0, "removed": 0, "changed": 3}
    (parameter,) = rows(found, "parameters")
    assert (parameter["name"], parameter["clause"]) == ("设备补助比例", "四.1")
    assert parameter["fields"] == [["2020-08-15 起", "3%", "4%"]]
    (number,) = rows(found, "numbers")
    assert ["数值", "3%", "4%"] in number["fields"] and number["code"] == "YZ-F022"
    (clause,) = rows(found, "clauses")
    assert [label for label, _before, _after in clause["fields"]] == ["要点"]


def test_a_later_value_is_a_field_of_its_own(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    replaced(folder / "parameters.yaml", "value: 3%}", "value: 3%}, {from: 2022-01-01, value: 4%}",
             "- id: equipment_rate")  # fmt: skip
    (parameter,) = rows(compared(folder), "parameters")
    assert parameter["fields"] == [["2022-01-01 起", "", "4%"]]


def test_a_formula_shows_before_and_after(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    old, new = "达到(设备起点额, 设备投资起点)", "达到(设备计奖基数, 设备投资起点)"
    replaced(folder / "measures.yaml", old, new, "- id: equipment\n")
    (row,) = rows(compared(folder), "measures")
    assert (row["change"], row["code"], row["clause"]) == ("changed", "equipment", "四.1")
    assert row["fields"] == [["起点", old, new]]


def test_items_come_and_go(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    task = load_pack(folder).tasks[0]
    replaced(folder / "tasks.yaml", f"- id: {task.id}\n", "- id: another\n")
    found = compared(folder)
    listed = [(row["change"], row["code"]) for row in rows(found, "tasks")]
    assert listed == [("added", "another"), ("removed", task.id)]
    added, removed = rows(found, "tasks")
    assert ["名称", "", task.name] in added["fields"]
    assert ["名称", task.name, ""] in removed["fields"]
    assert found["counts"] == {"added": 1, "removed": 1, "changed": 0}


def test_a_reading_s_default_and_options(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    replaced(folder / "readings.yaml", "a: {word: 百分点", "a: {word: 个百分点")
    changed = rows(compared(folder), "readings")
    assert [row["fields"][0][0] for row in changed] == ["选项 a"]
    assert changed[0]["fields"][0][2].startswith("个百分点：")


def test_an_example_shows_what_it_gives_now(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    replaced(folder / "examples" / "01-equipment.yaml", "paid: 15万元", "paid: 16万元")
    (row,) = rows(compared(folder), "examples")
    assert (row["name"], row["fields"]) == ("恰500万元", [["应得拟补助", "15万元", "16万元"]])


def test_the_packs_extended_are_compared_too(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    terms = load_pack(folder.parent / "national").vocabulary
    replaced(folder.parent / "national" / "vocabulary.yaml", terms[0].definition, "另一个定义")
    found = compared(folder)
    assert [part["title"] for part in found["sections"]] == ["引用的 national：词汇与派生事实"]


def test_without_an_installed_version_everything_is_new() -> None:
    found = compare_packs(None, load_pack(packs_dir() / SLUG))
    assert found["counts"]["removed"] == found["counts"]["changed"] == 0
    assert len(rows(found, "clauses")) == 23
    assert "national-terms" in {part["code"] for part in found["sections"]}


def test_words_of_nested_values() -> None:
    assert words_of([{"per": "户", "amount": "100万元"}, {"per": "年"}]) == (
        "每：户；金额：100万元\n每：年"
    )
    assert words_of(["a", "b"]) == "a、b" and words_of(False) == "否" and words_of(None) == ""


@pytest.mark.django_db
@pytest.mark.system("policy-corpus")
def test_any_two_versions_on_screen(web: Client, pack: PackVersion, tmp_path: Path) -> None:
    assert "完全相同" in web.get(f"/policies/{SLUG}/compare/").content.decode()
    newer = install_pack(folder=raised(tmp_path), check=False)
    page = web.get(f"/policies/{SLUG}/versions/").content.decode()
    assert pack.sha256[:16] in page and newer.sha256[:16] in page
    url = f"/policies/{SLUG}/compare/?before={pack.pk}&after={newer.pk}"
    page = web.get(url).content.decode()
    assert "设备补助比例" in page and page.index(">3%<") < page.index(">4%<")
    back = web.get(f"/policies/{SLUG}/compare/?before={newer.pk}&after={pack.pk}").content.decode()
    assert back.index(">4%<") < back.index(">3%<")
    assert web.get(f"/policies/{SLUG}/compare/?before=999&after={pack.pk}").status_code == 404
    assert web.get("/policies/nothing/versions/").status_code == 404
