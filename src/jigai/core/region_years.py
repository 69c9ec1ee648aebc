"""Where a code of one year lies in the divisions of another: 370882 is 370812 from 2013."""

from __future__ import annotations

from functools import cache

from jigai.core.regions import Region, load_regions, region_groups

_ENDINGS = ("特区", "林区", "自治县", "自治旗", "自治州", "地区", "盟", "市", "县", "区", "旗")


def code_in(code: str, year: int) -> str | None:
    """The six-digit code under which a region stands in a year; ``None`` for one not on record.

    In the year of a change the new code counts. Codes of parks and towns go by their county.
    """
    current, seen = code[:6], {code[:6]}
    while True:
        spans = _spans().get(current)
        if not spans:
            return None
        held = [row for row in spans if row.holds_in(year)]
        heir, old = _after().get(current), _before().get(current)
        ends = bool(held) and all(row.valid_to == year for row in held)
        if held and not (ends and heir):
            return current
        forward = ends or all(row.valid_to is not None and row.valid_to < year for row in spans)
        step = heir if forward else old
        if step is None or step in seen:
            return current if held else None
        seen.add(step)
        current = step


def after(code: str) -> str | None:
    """The code that took this one's place; ``None`` where it holds or nothing is on record."""
    return _after().get(code)


def before(code: str) -> str | None:
    """The code this one took the place of."""
    return _before().get(code)


@cache
def path_in(code: str, year: int) -> tuple[str, ...]:
    """Codes from the province down to where a code stands in a year; empty for an unknown one."""
    current = code_in(code, year)
    path: list[str] = []
    while current is not None and current not in path:
        path.append(current)
        parent = _in_year(current, year).parent
        current = code_in(parent, year) if parent else None
    return tuple(reversed(path))


def name_in(code: str, year: int) -> str:
    """What a code was called in a year; the code itself for an unknown one."""
    return _in_year(code, year).name if code in _spans() else code


def below_in(parent: str, year: int) -> list[str]:
    """Codes directly below a code (or the members of a group; provinces below nothing)."""
    group = region_groups().get(parent)
    if group is not None:
        return list(group.members)
    return [code for code in _standing(year) if (path_in(code, year)[-2:-1] or ("",))[0] == parent]


def codes_of_place(place: str, year: int) -> list[str]:
    """Every code, past or present, that lies in a place (code or group id) in a year.

    ``=370800`` is what stands at the city itself, in none of its counties; ``?`` what is unknown to
    the year, which is told by leaving out every known one.
    """
    if place == "?":
        return [code for code in _spans() if path_in(code, year)]
    exact, place = place.startswith("="), place.removeprefix("=")
    wanted = set(region_groups()[place].members) if place in region_groups() else {place}
    return [
        code
        for code in _spans()
        if (path := path_in(code, year)) and (path[-1] == place if exact else wanted & set(path))
    ]


@cache
def _standing(year: int) -> tuple[str, ...]:
    return tuple(code for code in _spans() if code_in(code, year) == code)


def _in_year(code: str, year: int) -> Region:
    spans = _spans()[code]
    return next((row for row in reversed(spans) if row.holds_in(year)), spans[-1])


@cache
def _spans() -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for row in load_regions():
        found.setdefault(row.code, []).append(row)
    return found


@cache
def _after() -> dict[str, str]:
    """Code by the one that follows it: of one name (but for 市, 县, 区), level and province, set up
    in the year the other ended; only where there is exactly one."""
    begun: dict[tuple[str, str, str, int], list[str]] = {}
    for code, spans in _spans().items():
        if spans[0].valid_from is not None:
            key = (code[:2], spans[0].level, _stem(spans[0].name), spans[0].valid_from)
            begun.setdefault(key, []).append(code)
    found = {}
    for code, spans in _spans().items():
        last = spans[-1]
        if last.valid_to is not None:
            heirs = begun.get((code[:2], last.level, _stem(last.name), last.valid_to), [])
            heirs = [heir for heir in heirs if heir != code]
            if len(heirs) == 1:
                found[code] = heirs[0]
    return found


@cache
def _before() -> dict[str, str]:
    return {new: old for old, new in _after().items()}


def _stem(name: str) -> str:
    stem = next((name.removesuffix(end) for end in _ENDINGS if name.endswith(end)), name)
    return stem if len(stem) > 1 else name
