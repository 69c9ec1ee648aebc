"""The documents are in the packs completely: as many items as they were taken apart into."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from jigai.rules.document_coverage import document_coverage
from jigai.rules.loader import Pack, load_pack

ROOT = Path(__file__).parents[2]
SECTIONS = ("clauses", "measures", "targets", "recognitions", "registers", "procedures", "tasks",
            "obligations", "matching")  # fmt: skip
EXPECTED = {
    "jiangsu-2015": (17, 27, 24, 11, 12, 6, 12, 9, 8),
    "sunan-2017": (38, 16, 40, 25, 10, 7, 45, 6, 12),
    "guangdong-2019": (21, 17, 19, 17, 10, 8, 13, 4, 7),
    "luan-2020": (14, 22, 7, 16, 8, 10, 9, 3, 6),
    "yanzhou-2020": (23, 13, 7, 6, 7, 8, 7, 3, 4),
}


def pack(name: str) -> Pack:
    return load_pack(ROOT / "packs" / name)


@pytest.mark.system("policy-corpus")
@pytest.mark.parametrize("name", EXPECTED)
def test_every_item_is_there_and_everything_is_accounted_for(name: str) -> None:
    loaded = pack(name)
    found = document_coverage(loaded)
    counts = (len(loaded.clauses), *(count for _name, _title, count in found.items))
    assert dict(zip(SECTIONS, counts, strict=True)) == dict(
        zip(SECTIONS, EXPECTED[name], strict=True)
    )
    assert found.clauses.percent == found.facts.percent == 100.0
    assert found.used + found.waived == found.facts.total
    assert found.clauses.pending == found.facts.pending == 0


@pytest.mark.parametrize("name", EXPECTED)
def test_items_name_systems_of_the_ledger(name: str) -> None:
    data = YAML(typ="safe").load(ROOT / "docs" / "systems.yaml")
    known = {row["id"] for row in data["systems"]}
    assert set(document_coverage(pack(name)).systems) <= known


@pytest.mark.parametrize("name", EXPECTED)
def test_what_cannot_be_computed_never_has_an_amount(name: str) -> None:
    for measure in pack(name).measures.measures:
        if not measure.computable:
            assert not (measure.amount or measure.when or measure.caps), measure.id
            assert measure.decides and measure.counter and measure.status_note, measure.id


def test_a_direction_is_never_judged_by_a_number() -> None:
    for name in EXPECTED:
        for target in pack(name).targets:
            if target.growth == "direction":
                assert target.comparator not in (">=", ">", "<=", "<")
