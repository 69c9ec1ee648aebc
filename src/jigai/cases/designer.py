"""The designer's form as plain data: what was posted, and what a button makes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django.http import QueryDict

from jigai.cases.flow.shapes import Procedure, Step, Unit

_WIDE = str.maketrans("＝：；，、", "=:;,,")
# Prefix of the names of a row's parts, by section.
SECTIONS = {"fields": "f", "evidence": "e", "steps": "s", "conditions": "c"}
_FIRST_ID = {"fields": "field", "evidence": "paper", "steps": "step"}
RETURN = "return:"


def content_of(data: QueryDict, base: Procedure) -> dict[str, Any]:
    """The posted parts as plain data for ``read_procedure``; nothing is checked here.

    What the form does not show (reminders, checks afterwards, codes of items, how a register would
    mask a field) is taken from ``base``, the version the form was opened with.
    """
    one = data.get
    kept = base.content()
    return {
        **kept,
        "kind": one("kind", ""), "applicant": one("applicant", ""), "title": one("title", ""),
        "limit": _limit(data, "limit"), "promise": _limit(data, "promise"),
        "correction": {
            "pauses": one("correction_pauses", "yes"), "times": one("correction_times", ""),
            "days": one("correction_days", ""), "silence": one("correction_silence", ""),
        },
        "extension": {
            "days": one("extension_days", ""), "times": one("extension_times", ""),
            "basis": one("extension_basis", ""),
        },
        "gates": data.getlist("gates"), "visits": one("visits", ""),
        "commitment": one("commitment", ""), "constants": pairs(one("constants", "")),
        "fields": [_field(data, mark, kept) for mark in marks(data, "fields")],
        "evidence": [_evidence(data, mark, kept) for mark in marks(data, "evidence")],
        "steps": [_step(data, mark, kept) for mark in marks(data, "steps")],
        "conditions": [
            row for mark in marks(data, "conditions")
            if any((row := _texts(data, f"c_{mark}_", "rule", "say", "clause")).values())
        ],
    }  # fmt: skip


def marks(data: QueryDict, section: str) -> list[str]:
    """Marks of the rows of a section in the order of the page."""
    return [mark for mark in data.getlist(f"{section}_place") if mark]


def _texts(data: QueryDict, prefix: str, *names: str) -> dict[str, str]:
    return {name: data.get(f"{prefix}{name}", "").strip() for name in names}


def _limit(data: QueryDict, name: str) -> dict[str, str] | None:
    days = data.get(f"{name}_days", "").strip()
    return {"days": days, "basis": data.get(f"{name}_basis", "")} if days else None


def _field(data: QueryDict, mark: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    row = _texts(data, f"f_{mark}_", "id", "label", "type", "detail", "required", "many", "help")
    detail = row.pop("detail")
    kind = row["type"] = row["type"] or "text"
    return {
        **_kept(kept["fields"], row["id"]), **row, "unit": detail if kind == "number" else "",
        "options": pairs(detail) if kind == "choice" else {},
    }  # fmt: skip


def _kept(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, Any]:
    return next((dict(row) for row in rows if row["id"] == name), {})


def _evidence(data: QueryDict, mark: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    row = _texts(data, f"e_{mark}_", "id", "name", "required", "deferrable", "days", "when",
                 "shared", "help")  # fmt: skip
    return {**_kept(kept["evidence"], row["id"]), **row}


def _step(data: QueryDict, mark: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"s_{mark}_"
    row: dict[str, Any] = _texts(data, prefix, "id", "name", "deed", "mode", "days", "basis",
                                 "refuse", "when", "accepts", "help")  # fmt: skip
    share, _, of = data.get(f"{prefix}share", "").translate(_WIDE).replace("／", "/").partition("/")
    row["vote"] = {
        "numerator": share.strip() or "1", "denominator": of.strip() or "2",
        "quorum": data.get(f"{prefix}quorum", "").strip() or "1",
        "more_than": data.get(f"{prefix}more_than", "yes"),
    }  # fmt: skip
    before = _kept(kept["steps"], row["id"])
    for name in ("after", "write", "hide", "pauses"):
        row[name] = _in_order(data.getlist(f"{prefix}{name}"), before.get(name) or ())
    row["who"] = _units(data, prefix)
    if row["deed"] != "wait":
        before["until"] = ""
    return {**before, **row}


def _in_order(ticked: Sequence[str], before: Sequence[str]) -> list[str]:
    """What was ticked, in the order it was written before: boxes stand in an order of their own."""
    places = {value: place for place, value in enumerate(before)}
    return sorted(filter(None, ticked), key=lambda value: places.get(value, len(places)))


def unit_value(unit: Mapping[str, Any]) -> str:
    """How the form names a unit: ``line:land``, ``pool:expert``, ``capability:<code>:<apart>``,
    ``applicant``; empty for a person, who has a box of their own."""
    if unit.get("capability"):
        return f"capability:{unit['capability']}:{unit.get('apart') or ''}"
    for kind in ("line", "pool"):
        if unit.get(kind):
            return f"{kind}:{unit[kind]}"
    return "applicant" if unit.get("applicant") else ""


def unit_of(value: str) -> dict[str, Any]:
    """The unit of a name; nothing for an empty or unknown one."""
    kind, _, code = value.partition(":")
    if kind == "capability":
        code, _, apart = code.partition(":")
        return {"capability": code, "apart": apart}
    if kind == "applicant":
        return {"applicant": True}
    return {kind: code} if kind in ("line", "pool") else {}


def _units(data: QueryDict, prefix: str) -> list[dict[str, Any]]:
    levels = data.getlist(f"{prefix}level")
    found: list[dict[str, Any]] = []
    for place, value in enumerate(data.getlist(f"{prefix}unit")):
        unit = unit_of(value)
        if "line" in unit and place < len(levels):
            unit["level"] = levels[place]
        if unit:
            found.append(unit)
    people = data.get(f"{prefix}person", "").translate(_WIDE).split(",")
    return found + [{"person": name.strip()} for name in people if name.strip()]


def pairs(text: str) -> dict[str, str]:
    """``code=word`` by line or semicolon; a word alone is its own code."""
    found = {}
    for line in text.translate(_WIDE).replace(";", "\n").splitlines():
        code, mark, word = line.partition("=")
        if code.strip():
            found[code.strip()] = word.strip() if mark else code.strip()
    return found


def act(content: dict[str, Any], action: str) -> dict[str, Any]:
    """The content after a button: ``add:<section>``; ``up``, ``down`` or ``remove`` with
    ``:<section>:<place>``. Anything else changes nothing."""
    verb, _, rest = action.partition(":")
    section, _, place = rest.partition(":")
    if section not in SECTIONS:
        return content
    rows = list(content[section])
    at = int(place) if place.isdigit() else -1
    if verb == "add":
        rows.append(_fresh(section, rows))
    elif verb == "remove" and 0 <= at < len(rows):
        gone = rows.pop(at)
        return _without({**content, section: rows}, section, gone)
    elif verb == "up" and 0 < at < len(rows):
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    elif verb == "down" and 0 <= at < len(rows) - 1:
        rows[at + 1], rows[at] = rows[at], rows[at + 1]
    return {**content, section: rows}


def _fresh(section: str, rows: list[Any]) -> dict[str, Any]:
    if section == "conditions":
        return {"rule": "", "say": "请写明不符合时的提示", "clause": ""}
    taken = {row["id"] for row in rows}
    stem = _FIRST_ID[section]
    made: dict[str, Any] = {
        "id": next(f"{stem}_{n}" for n in range(1, 10_000) if f"{stem}_{n}" not in taken)
    }
    if section == "fields":
        return {**made, "label": "", "type": "text"}
    if section == "evidence":
        return {**made, "name": "", "required": "yes"}
    return {**made, "name": "", "after": [rows[-1]["id"]] if rows else []}


def _without(content: dict[str, Any], section: str, gone: Mapping[str, Any]) -> dict[str, Any]:
    """Take what pointed to a removed row along: those after a step now wait for what it waited
    for, and its fields are written and hidden by nobody."""
    name = gone.get("id", "")
    if section == "steps":
        before: list[str] = list(gone.get("after") or ())
        content["steps"] = [
            {**step, "after": _instead(step.get("after") or (), name, before),
             "refuse": "end" if step.get("refuse") == f"{RETURN}{name}" else step.get("refuse")}
            for step in content["steps"]
        ]  # fmt: skip
    if section == "fields":
        content["title"] = "" if content.get("title") == name else content.get("title")
        content["steps"] = [
            {**step, **{part: [one for one in step.get(part) or () if one != name]
                        for part in ("write", "hide")}}
            for step in content["steps"]
        ]  # fmt: skip
    return content


def _instead(after: Any, name: str, before: list[str]) -> list[str]:
    found: list[str] = []
    for one in after:
        found += before if one == name else [one]
    return list(dict.fromkeys(found))


def first_version(line: str = "") -> Procedure:
    """What a new procedure starts with: one field that names it and a step that accepts."""
    from jigai.core.fields.shapes import Field

    unit = Unit(line=line) if line else Unit(applicant=True)
    return Procedure(
        fields=(Field("name", "事项名称", "text", required=True),), title="name",
        steps=(Step("accept", "受理", who=(unit,), accepts=True),),
    )  # fmt: skip


def trimmed(spec: Procedure) -> dict[str, Any]:
    """The content without what is as it would be anyway: what people read and write as text."""
    plain, usual = spec.content(), Procedure().content()
    found = {key: value for key, value in plain.items() if value != usual[key]}
    found["kind"], found["applicant"] = spec.kind, spec.applicant
    blank = asdict(Step("", ""))
    for section in ("fields", "evidence", "steps", "conditions"):
        if section in found:
            found[section] = [_trimmed_row(row, blank, section) for row in found[section]]
    return found


def _trimmed_row(row: Mapping[str, Any], blank: Mapping[str, Any], section: str) -> dict[str, Any]:
    usual = {"required": section == "evidence", "level": "own"}
    found = {}
    for key, value in row.items():
        plain = list(blank[key]) if section == "steps" and isinstance(blank.get(key), tuple) else (
            blank.get(key) if section == "steps" else usual.get(key, "")
        )  # fmt: skip
        must_say = key == "after"
        if must_say or not _same(value, plain):
            found[key] = value
    if section == "steps":
        found["who"] = [
            {k: v for k, v in unit.items() if v not in ("", False) and (k, v) != ("level", "own")}
            for unit in row.get("who") or ()
        ]
        if not found["who"]:
            del found["who"]
    if isinstance(found.get("options"), list):
        found["options"] = dict(found["options"])
    return found


def _same(value: Any, plain: Any) -> bool:
    if plain in ("", False, 0, None) or plain == []:
        return value in ("", 0, None) or value is False or value == [] or value == {}
    return bool(value == plain)
