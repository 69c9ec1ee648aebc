"""An invented province: 20,000 projects in four cities, the same on every machine and day.

Nothing in it is real: places are called 演示甲市, enterprises 演示企业00001. Only the shape is like
life: few large projects and many small ones, grades, gaps in the data, some failing each gate.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from typing import Any

SEED = 20260101
ENTERPRISES, PROJECTS = 12_000, 20_000
PROVINCE = "演示省"
CITIES = {"演示甲市": 4, "演示乙市": 3, "演示丙市": 3, "演示丁市": 2}
_COUNTIES = [f"{city}{number}区" for city, count in CITIES.items() for number in "一二三四"[:count]]
# Industry divisions of GB/T 4754 with weights; sizes, grades likewise.
_INDUSTRIES = (("34", 16), ("35", 14), ("26", 12), ("38", 10), ("36", 8), ("33", 8), ("30", 7),
               ("39", 6), ("13", 6), ("17", 5), ("29", 4), ("27", 4))  # fmt: skip
_SIZES = (("large", 4), ("medium", 14), ("small", 58), ("micro", 24))
_GRADES = (("A", 22), ("B", 38), ("C", 27), ("D", 8), (None, 5))
_SCALE = {"large": 18_000_000, "medium": 7_000_000, "small": 2_600_000, "micro": 900_000}
# Forty quantiles of how amounts lie around their middle, in thousandths (log-normal, σ 0.95).
_SPREAD = (
    65, 155, 210, 255, 296, 335, 374, 412, 450, 488, 527, 567, 608, 650, 693, 739, 786, 836,
    887, 942, 1000, 1061, 1127, 1197, 1272, 1354, 1442, 1539, 1646, 1765, 1898, 2050, 2225,
    2430, 2677, 2983, 3379, 3926, 4771, 6436, 15398,
)  # fmt: skip
_DRAWN = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Demo:
    """Facts by subject, and who the enterprises are (``people``: name, region, industry, size,
    grade by key; ``labels``: names of projects by key)."""

    facts: dict[str, list[dict[str, Any]]]
    people: dict[str, dict[str, Any]]
    labels: dict[str, str]


def demo_province(year: int, home: str, projects: int = PROJECTS) -> Demo:
    """The province in one year; ``home`` is the region code every enterprise is registered in, so
    that the document under study applies to it."""
    draw = random.Random(SEED)
    count = max(1, projects * ENTERPRISES // PROJECTS)
    people = [_person(draw, number) for number in range(1, count + 1)]
    facts: dict[str, list[dict[str, Any]]] = {
        "enterprise": [_enterprise(draw, person, home) for person in people],
        "project": [], "line": [], "member": [], "consortium": [],
    }  # fmt: skip
    labels: dict[str, str] = {}
    for number in range(1, projects + 1):
        # A third of the projects belong to a tenth of the enterprises.
        few = draw.random() < 1 / 3
        owner = people[int(draw.random() * (count // 10 + 1 if few else count))]
        row, lines = _project(draw, number, owner, year)
        facts["project"].append(row)
        facts["line"] += lines
        labels[str(number)] = f"演示技改项目{number:05d}"
    return Demo(facts, {person["key"]: person for person in people}, labels)


def _pick(draw: random.Random, weighted: Any) -> Any:
    """One of some values by weight, from one draw: stable across versions of Python."""
    rest = draw.random() * sum(weight for _value, weight in weighted)
    for value, weight in weighted:
        rest -= weight
        if rest < 0:
            return value
    return weighted[-1][0]


def _person(draw: random.Random, number: int) -> _DRAWN:
    return {
        "key": f"DEMO{number:05d}",
        "name": f"演示企业{number:05d}",
        "region": _COUNTIES[int(draw.random() ** 1.4 * len(_COUNTIES))],
        "industry": _pick(draw, _INDUSTRIES),
        "size": _pick(draw, _SIZES),
        "grade": _pick(draw, _GRADES),
    }


def _enterprise(draw: random.Random, person: _DRAWN, home: str) -> _DRAWN:
    return {
        "key": person["key"],
        "registered_region": home,
        "independent_entity": draw.random() < 0.97,
        "credit_status": "dishonest" if draw.random() < 0.02 else "good",
        "has_major_violation": draw.random() < 0.01,
        "latest_grade": person["grade"],
        "application_year_grade": person["grade"],
        "on_echelon_list": draw.random() < 0.08,
        "size_class": person["size"],
    }


def _project(
    draw: random.Random, number: int, owner: _DRAWN, year: int
) -> tuple[_DRAWN, list[_DRAWN]]:
    """A project and its invoices; amounts in fen, whole hundreds of yuan."""
    equipment = _amount(draw, _SCALE[owner["size"]])
    robot = _amount(draw, 2_200_000) if draw.random() < 0.16 else 0
    software = _amount(draw, 1_500_000) if draw.random() < 0.22 else 0
    started = dt.date(year, 1, 1) + dt.timedelta(days=int(draw.random() * 270))
    row = {
        "key": number,
        "enterprise_key": owner["key"],
        "application_year": year,
        "filed": draw.random() < 0.95,
        "in_statistics": None if draw.random() < 0.02 else draw.random() < 0.93,
        "construction_nature": "retrofit" if draw.random() < 0.93 else "new",
        "has_other_funds": draw.random() < 0.03,
        "declared_equipment": equipment + robot,
        "declared_robot": robot,
        "declared_software": software,
        "declared_hardware": 0,
        "planned_total": (equipment + robot + software) * 13 // 10,
        "start_date": started,
        "end_date": started + dt.timedelta(days=90),
    }
    bought = (("equipment", equipment), ("robot", robot), ("software", software))
    lines = [
        _line(number * 10 + place, number, item, fen, started + dt.timedelta(days=30))
        for place, (item, fen) in enumerate(bought)
        if fen
    ]
    return row, lines


def _amount(draw: random.Random, middle: int) -> int:
    """Fen around ``middle`` yuan, long-tailed, in whole hundreds of yuan; whole-number arithmetic,
    because logarithms differ in the last place between machines."""
    place, part = divmod(int(draw.random() * 40_000), 1000)
    low, high = _SPREAD[place], _SPREAD[place + 1]
    thousandths = low * 1000 + (high - low) * part
    return middle * thousandths // 1_000_000 // 100 * 100 * 100


def _line(key: int, project: int, item: str, fen: int, day: dt.date) -> _DRAWN:
    return {
        "key": key, "project_key": project, "member_key": None, "original_key": None,
        "attached": True, "date_valid": True, "invoice_date": day, "unit_suspect": False,
        "void": False, "red_letter": False, "original_listed": False, "arithmetic_ok": True,
        "buyer_matches": True, "duplicate_in_project": False, "duplicate_across": False,
        "item_class": item, "item_kind": "other", "amount_excl_tax": fen,
        "amount_incl_tax": fen * 113 // 100,
    }  # fmt: skip
