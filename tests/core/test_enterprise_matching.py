"""The five steps from a name and a code to a registered enterprise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jigai.core.enterprise_matching import (
    EnterpriseIndex,
    Match,
    home_region,
    near_name,
    region_names,
)
from jigai.core.enterprise_register import Enterprise

BLANK = Enterprise(*[None] * len(Enterprise.__slots__))  # type: ignore[arg-type]
A = replace(BLANK, row=1, name="济宁甲川机械有限公司", uscc="91370812MAU37X547A", region="370812")
B = replace(A, row=2, name="济宁甲川机械有限责任公司", uscc="91370812MAW548847P")
C = replace(
    A, row=3, name="山东乙山化工有限公司", uscc="91370812MAWA91C29K", former_name="山东乙山化工厂"
)
D = replace(A, row=4, name="丙水（兖州）轮胎有限公司", uscc="91370812MAWU86K345")
INDEX = EnterpriseIndex((A, B, C, D))


@pytest.mark.parametrize(
    ("uscc", "name", "found", "how", "codes"),
    [
        (A.uscc, A.name, A, "uscc", []),
        (A.uscc, None, A, "uscc", []),
        (C.uscc, "乙山化工公司", C, "uscc", []),
        (C.uscc, "完全不同公司", C, "uscc", ["W_NAME_MISMATCH"]),
        (C.uscc, "山东乙山化工厂", C, "uscc", ["W_NAME_ALIAS"]),
        (C.uscc, A.name, None, None, ["E_USCC_NAME_CONFLICT"]),
        ("91370812MAXXXXXXX1", A.name, A, "name", ["W_USCC_NOT_FOUND"]),
        (None, A.name, A, "name", []),
        (None, " 济宁甲川机械 有限责任公司", B, "name", []),
        (None, "山东乙山化工厂", C, "former_name", ["W_NAME_ALIAS"]),
        (None, "济宁市兖州区乙山化工公司", C, "name_fuzzy", ["W_NAME_FUZZY"]),
        (None, "丙水轮胎有限责任公司", D, "name_fuzzy", ["W_NAME_FUZZY"]),
        (None, "丙水(兖州)轮胎有限公司", D, "name", []),
        (None, "济宁甲川机械公司", None, None, ["E_NAME_AMBIGUOUS"]),
        (None, "没有这家公司", None, None, ["E_ENT_UNMATCHED"]),
        (None, None, None, None, []),
    ],
)
def test_the_order_of_the_steps(uscc, name, found, how, codes) -> None:
    match = INDEX.match(uscc=uscc, name=name)
    assert (match.enterprise, match.how) == (found, how)
    assert [code for _, code in match.findings] == codes


def test_two_enterprises_of_one_name_are_told_apart_by_code_only() -> None:
    twin = replace(A, row=5, uscc="91370812MAXN7B030J")
    index = EnterpriseIndex((A, twin))
    assert index.match(uscc=None, name=A.name).findings == (("name", "E_NAME_AMBIGUOUS"),)
    assert index.match(uscc=twin.uscc, name=A.name).enterprise == twin


def test_an_empty_register_matches_nothing() -> None:
    assert EnterpriseIndex(()).match(uscc=A.uscc, name=A.name) == Match(
        findings=(("uscc", "W_USCC_NOT_FOUND"), ("name", "E_ENT_UNMATCHED"))
    )


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("济宁市兖州区甲川机械有限公司", "甲川机械"),
        ("山东省济宁市甲川机械公司", "甲川机械"),
        ("甲川（兖州）机械有限责任公司", "甲川机械"),
        ("甲川（北京）机械有限公司", "甲川北京机械"),
        ("济宁", ""),
        ("甲川机械股份有限公司", "甲川机械股份"),
    ],
)
def test_near_names(name, near) -> None:
    assert near_name(name, ("兖州", "济宁", "山东")) == near


def test_another_region_needs_other_data_and_no_other_code() -> None:
    assert region_names("370812") == ("兖州", "济宁", "山东")
    assert region_names("320505") == ("虎丘", "苏州", "江苏")
    assert region_names("999999") == ()
    home = replace(A, name="苏州丁木有限公司", region="320505")
    assert home_region((home, home, C)) == "320505"
    assert EnterpriseIndex((home, home, C)).regions == ("虎丘", "苏州", "江苏")
    assert EnterpriseIndex((home,)).match(uscc=None, name="江苏丁木公司").how == "name_fuzzy"


def test_the_ways_taken_in_the_sample(dossier) -> None:
    ways = [project.match for project in dossier.projects]
    assert {way: ways.count(way) for way in set(ways)} == {
        "uscc": 125, "name": 62, "name_fuzzy": 5, "former_name": 3, None: 6,
    }  # fmt: skip
