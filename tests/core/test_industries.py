"""GB/T 4754-2017: the tree is complete and rosters' ways of writing a code are understood."""

from __future__ import annotations

from collections import Counter

import pytest

from jigai.core.industries import (
    UnknownIndustryError,
    industry,
    is_industry_within,
    load_industries,
    section_of,
)


def test_the_number_of_entries_is_the_standards() -> None:
    counts = Counter(
        (section_of(code).code, entry.level) for code, entry in load_industries().items()
    )
    assert counts == {
        ("B", "section"): 1,
        ("B", "division"): 7,
        ("B", "group"): 19,
        ("B", "class"): 39,
        ("C", "section"): 1,
        ("C", "division"): 31,
        ("C", "group"): 179,
        ("C", "class"): 609,
        ("D", "section"): 1,
        ("D", "division"): 3,
        ("D", "group"): 9,
        ("D", "class"): 18,
    }


def test_divisions_run_from_06_to_46() -> None:
    divisions = [code for code, entry in load_industries().items() if entry.level == "division"]
    assert divisions == [f"{number:02d}" for number in range(6, 47)]


def test_every_code_extends_its_parents() -> None:
    for code, entry in load_industries().items():
        if entry.level in ("group", "class"):
            assert entry.parent is not None
            assert code.startswith(entry.parent)


@pytest.mark.parametrize(
    ("written", "code", "name"),
    [
        ("C", "C", "制造业"),
        ("34", "34", "通用设备制造业"),
        ("349", "349", "其他通用设备制造业"),
        ("3491", "3491", "工业机器人制造"),
        ("C3491", "3491", "工业机器人制造"),
        ("c3491 ", "3491", "工业机器人制造"),
        ("0610", "0610", "烟煤和无烟煤开采洗选"),
        ("3498", "349", "其他通用设备制造业"),  # no such class: its group
        ("2210", "221", "纸浆制造"),
        ("3400", "34", "通用设备制造业"),
    ],
)
@pytest.mark.system("industry-taxonomy")
def test_lookup(written: str, code: str, name: str) -> None:
    found = industry(written)
    assert (found.code, found.name) == (code, name)


@pytest.mark.parametrize("written", ["", "99", "5112", "3475000", "D3491", "X", "3507x", "1800x"])
def test_an_unknown_code_is_an_error(written: str) -> None:
    with pytest.raises(UnknownIndustryError, match="不在 GB/T 4754-2017"):
        industry(written)


def test_within() -> None:
    assert is_industry_within("3491", "C")
    assert is_industry_within("3491", "34")
    assert not is_industry_within("34", "3491")
    assert not is_industry_within("4411", "C")
