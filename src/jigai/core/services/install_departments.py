"""Makes the departments that ``core/data/departments.yaml`` describes, with aliases and mergers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pghistory
from django.db import transaction

from jigai.core.models.department import Department, DepartmentAlias, DepartmentMerger
from jigai.core.pinyin import pinyin
from jigai.paths import data_dir
from jigai.yaml_files import read_yaml


@dataclass(slots=True)
class Wanted:
    """One department to be, with its other names and the forerunners it was made of."""

    region: str
    line: str
    name: str
    short: str
    aliases: list[str]
    above: str = ""
    since: date | None = None
    until: date | None = None
    note: str = ""
    formerly: list[Wanted] = field(default_factory=list)


def install_departments() -> dict[str, Department]:
    """Make what is missing and return every department of the file by name.

    Departments that exist keep what was changed on screen. Set-based: a second call reads only.
    """
    wanted = list(wanted_departments())
    everyone = [*wanted, *(old for new in wanted for old in new.formerly)]
    with transaction.atomic(), pghistory.context(reason="安装随版本提供的部门名录"):
        held = {(d.region_code, d.name): d for d in Department.objects.all()}
        fresh = [w for w in everyone if (w.region, w.name) not in held]
        for row in Department.objects.bulk_create(_row(w) for w in fresh):
            held[row.region_code, row.name] = row
        _link(fresh, wanted, held)
    return {w.name: held[w.region, w.name] for w in everyone}


def _row(wanted: Wanted) -> Department:
    return Department(
        region_code=wanted.region, name=wanted.name, short_name=wanted.short, line=wanted.line,
        valid_from=wanted.since, valid_to=wanted.until, pinyin=pinyin(wanted.name)[:200],
    )  # fmt: skip


def _link(
    fresh: list[Wanted], wanted: list[Wanted], held: dict[tuple[str, str], Department]
) -> None:
    """Parents, aliases and mergers of the departments just made."""
    by_name = {name: row for (_, name), row in held.items()}
    raised = []
    for item in fresh:
        row = held[item.region, item.name]
        if item.above in by_name:
            row.parent = by_name[item.above]
            raised.append(row)
    Department.objects.bulk_update(raised, ["parent"])
    DepartmentAlias.objects.bulk_create(
        DepartmentAlias(department=held[item.region, item.name], name=alias)
        for item in fresh
        for alias in item.aliases
    )
    made = {(item.region, item.name) for item in fresh}
    DepartmentMerger.objects.bulk_create(
        DepartmentMerger(
            old=held[old.region, old.name], new=held[new.region, new.name], on=new.since,
            note=new.note,
        )
        for new in wanted
        for old in new.formerly
        if (old.region, old.name) in made
    )  # fmt: skip


def wanted_departments() -> Iterator[Wanted]:
    """Every department the file describes, lines first, upper regions before lower ones."""
    content = read_yaml(data_dir() / "departments.yaml")
    regions = {row["code"]: row for row in content["regions"]}
    for line in content["lines"]:
        for region in content["regions"]:
            named = line["line"] in region.get("lines", (line["line"],))
            if named and region["level"] in line.get("levels", ("province", "city", "county")):
                yield _of_line(line, region, regions.get(region.get("parent", "")))
    for row in content["special"]:
        yield Wanted(
            row["region"], row["line"], row["name"], row["short"], row.get("aliases", []),
            above=row.get("parent", ""),
        )  # fmt: skip


def _of_line(line: dict[str, Any], region: dict[str, Any], above: dict[str, Any] | None) -> Wanted:
    since = line.get("since", {}).get(region["level"])
    found = Wanted(
        region=region["code"],
        line=line["line"],
        name=_full(line, region),
        short=_place(region) + _at(line, "short", region),
        aliases=_aliases(line, region),
        above=_full(line, above) if above else "",
        since=since,
        note=line.get("note", ""),
    )
    for old in line.get("formerly", ()):
        bare = old.get(f"{region['level']}_name", old["name"])
        short = old.get(f"{region['level']}_short", old["short"])
        found.formerly.append(
            Wanted(
                region["code"], line["line"], region["name"] + bare, _place(region) + short,
                [bare, short, *old.get("aliases", ())], until=since,
            )
        )  # fmt: skip
    return found


def _full(line: dict[str, Any], region: dict[str, Any]) -> str:
    return str(line.get("prefix", "")) + region["name"] + _at(line, "", region)


def _aliases(line: dict[str, Any], region: dict[str, Any]) -> list[str]:
    """Names a document of the same region uses; 区财政局 is found without its first character."""
    bare, short = _at(line, "", region), _at(line, "short", region)
    return list(dict.fromkeys([bare, short, *line.get("aliases", ())]))


def _at(line: dict[str, Any], key: str, region: dict[str, Any]) -> str:
    """The line's name at this level: its own, else that of counties."""
    own = f"{region['level']}_{key}" if key else region["level"]
    return str(line.get(own) or line[key or "county"])


def _place(region: dict[str, Any]) -> str:
    return str(region.get("short", region["name"]))
