"""The figures of a bulletin out of its snapshot of rows. Pure: the same rows give the same tables.

Everything is plain data afterwards: whole numbers in fen, fractions as ``[numerator,
denominator]``, ``None`` for what is not known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from jigai.core.screens import formats
from jigai.metrics.ranking import TIE_RULES, rank
from jigai.metrics.structure import growth
from jigai.metrics.worked import rounded
from jigai.projects.work.bulletin_methods import Method

Line = dict[str, Any]


# The line of projects whose town nobody knows: shown, and no place that could be ranked.
UNPLACED = "?"


@dataclass(frozen=True, slots=True)
class Row:
    """One project in the snapshot. ``unit`` is the place it is counted in.

    ``done_fen`` is the cumulative of the year in the latest report that counts (of ``done_month``),
    ``before_fen`` that of the year before; ``in_year`` whether it stands in the year's ledger.
    """

    number: str
    name: str
    unit: str
    in_year: bool = True
    done_fen: int | None = None
    done_month: int = 0
    before_fen: int | None = None
    planned_fen: int | None = None
    included: bool | None = None
    issues: int = 0
    late: int = 0


def line_of(key: str, name: str, rows: Sequence[Row], method: Method) -> Line:
    """The figures of one place (or of all)."""
    own = [row for row in rows if row.in_year]
    done, before = _sum(r.done_fen for r in rows), _sum(r.before_fen for r in rows)
    planned = [r for r in own if r.planned_fen]
    included = sum(r.included is True for r in own)
    unknown = sum(r.included is None for r in own)
    whole = len(own) if method.inclusion == "all" else len(own) - unknown
    return {
        "key": key, "name": name, "projects": len(own), "done_fen": done, "before_fen": before,
        "reported": sum(r.done_fen is not None for r in rows),
        "growth": _pair(growth(before, done).value),
        "planned_fen": _sum(r.planned_fen for r in planned),
        "planned_done_fen": _sum(r.done_fen for r in planned),
        "plan_share": _share(_sum(r.done_fen for r in planned),
                             _sum(r.planned_fen for r in planned)),
        "included": included, "inclusion_unknown": unknown, "inclusion_of": whole,
        "inclusion": _share(included, whole),
        "issues": sum(r.issues for r in rows), "late": sum(r.late for r in rows),
    }  # fmt: skip


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _share(part: int | None, whole: int | None) -> list[int] | None:
    return _pair(Fraction(part, whole)) if part is not None and whole else None


def _pair(value: Fraction | None) -> list[int] | None:
    return None if value is None else [value.numerator, value.denominator]


@dataclass(frozen=True, slots=True)
class Ranking:
    """One table: what it is by, how its value is written."""

    id: str
    title: str
    unit: str
    value: Callable[[Line], Fraction | int | None]
    note: str = ""
    # Whether a place with zero is ranked.
    zero: bool = True

    def ranked(self, line: Line) -> Fraction | int | None:
        """What a place is ranked by."""
        value = self.value(line)
        return None if value == 0 and not self.zero else value


def _fraction(name: str) -> Callable[[Line], Fraction | None]:
    return lambda line: Fraction(*line[name]) if line[name] else None


RANKINGS = (
    Ranking("done", "累计完成投资", "万元", lambda line: line["done_fen"]),
    Ranking("growth", "投资同比增速", "%", _fraction("growth")),
    Ranking("plan", "年度计划完成率", "%", _fraction("plan_share")),
    Ranking("projects", "项目数", "个", lambda line: line["projects"]),
    Ranking("inclusion", "入统率", "%", _fraction("inclusion")),
    Ranking(
        "issues",
        "存在问题",
        "个",
        lambda line: line["issues"],
        "没有销号的，多的在前；没有问题的不排",
        zero=False,
    ),
)


def show(value: Fraction | int | None, unit: str) -> str:
    """A value as printed: 万元 with two decimals, per cent with one; a dash where unknown."""
    if value is None:
        return formats.ABSENT
    if unit == "%":
        return f"{rounded(Fraction(value) * 100, 1)}"
    return formats.wan(int(value)) if unit == "万元" else f"{int(value):,}"


def tables_of(
    lines: Sequence[Line], method: Method, before: Mapping[str, Mapping[str, int | None]]
) -> list[dict[str, Any]]:
    """A ranking for every figure. ``before`` are the places of the bulletin before, by table and
    unit; empty where there is none that was counted the same way."""
    return [_table(ranking, lines, method, before.get(ranking.id, {})) for ranking in RANKINGS]


def _table(
    ranking: Ranking, lines: Sequence[Line], method: Method, before: Mapping[str, int | None]
) -> dict[str, Any]:
    places = [line for line in lines if line["key"] != UNPLACED]
    ranked = rank(places, ranking.ranked, lambda line: line["key"], ties=method.ties)
    rows = [
        {"rank": one.rank, "tied": one.tied, "key": one.row["key"], "name": one.row["name"],
         "shown": show(ranking.value(one.row), ranking.unit), "before": before.get(one.row["key"])}
        for one in ranked
    ]  # fmt: skip
    return {"id": ranking.id, "title": ranking.title, "unit": ranking.unit, "note": ranking.note,
            "ties": TIE_RULES[method.ties], "rows": rows}  # fmt: skip


def places(content: Mapping[str, Any]) -> dict[str, dict[str, int | None]]:
    """The places in a bulletin's tables, for the next one."""
    return {
        table["id"]: {row["key"]: row["rank"] for row in table["rows"]}
        for table in content.get("tables", ())
    }


def computed(
    rows: Sequence[Row], units: Sequence[tuple[str, str]], method: Method,
    before: Mapping[str, Mapping[str, int | None]],
) -> dict[str, Any]:  # fmt: skip
    """Total, lines and tables of a snapshot; ``units`` are keys and names in order."""
    by_unit: dict[str, list[Row]] = {key: [] for key, _name in units}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(row)
    lines = [line_of(key, name, by_unit[key], method) for key, name in units]
    return {
        "total": line_of("", "合计", rows, method), "lines": lines,
        "tables": tables_of(lines, method, before),
    }  # fmt: skip


def again(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the snapshot in a bulletin gives now, by the method written in it: the same figures, or
    something has been altered."""
    kept = content["method"]
    method = Method(kept["id"], kept["name"], kept["inclusion"], kept["ties"],
                    tuple(kept["lines"]))  # fmt: skip
    rows = [Row(**row) for row in content["rows"]]
    units = [(key, name) for key, name in content["units"]]
    return computed(rows, units, method, content["before"])


def rows_kept(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows as they are stored."""
    return [asdict(row) for row in rows]


def digest(content: Mapping[str, Any]) -> str:
    """The hash of everything in a bulletin."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
