"""The designer's page from plain data: rows with everything that may be chosen in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jigai.cases.addressable import addressable
from jigai.cases.designer import RETURN, unit_of, unit_value
from jigai.cases.flow.diagram import picture
from jigai.cases.flow.graph import cycle
from jigai.cases.flow.shapes import (
    APPLICANTS,
    DEEDS,
    KINDS,
    LEVELS,
    MODES,
    PAUSES,
    STARTER,
    Procedure,
    Unit,
)
from jigai.cases.gates import known_gates
from jigai.cases.selectors_procedures import times_of
from jigai.cases.unit_names import lines_at, role_names, unit_words
from jigai.core.fields.shapes import NAMING, PLAIN_TYPES, TYPES, truth

DETAILS = {"number": "单位，如 吨/日", "choice": "选项，每行一项：代码=文字"}
_SILENCE = (("withdrawn", "视为撤回"), ("continue", "继续办理"))


def shown(content: Mapping[str, Any], region_code: str) -> dict[str, Any]:
    """The parts of the page; numbers that are no numbers stand as they were typed."""
    fields, steps = list(content.get("fields") or ()), list(content.get("steps") or ())
    correction, extension = content.get("correction") or {}, content.get("extension") or {}
    return {
        "kinds": list(KINDS.items()), "applicants": list(APPLICANTS.items()),
        "types": [(code, TYPES[code]) for code in PLAIN_TYPES], "deeds": list(DEEDS.items()),
        "modes": list(MODES.items()), "levels": list(LEVELS.items()), "silences": _SILENCE,
        "basic": {**content, "visits": content.get("visits") or ""},
        "limit": content.get("limit") or {}, "promise": content.get("promise") or {},
        "correction": {**correction, "pauses": truth(correction.get("pauses", True))},
        "extension": {
            **extension, "days": extension.get("days") or "", "times": extension.get("times") or "",
        },
        "constants": told(content.get("constants") or {}),
        "gates": checks({**{g: g for g in content.get("gates") or ()}, **known_gates()},
                        content.get("gates") or ()),
        "naming": [
            (f["id"], f.get("label") or f["id"]) for f in fields if f.get("type") in NAMING
        ],
        "field_rows": [_field(row) for row in fields],
        "evidence_rows": [_evidence(row) for row in content.get("evidence") or ()],
        "step_rows": _steps(steps, fields, region_code),
        "condition_rows": list(content.get("conditions") or ()),
    }  # fmt: skip


def drawing(spec: Procedure) -> dict[str, Any]:
    """The picture and the critical path; why there is none."""
    if not spec.steps:
        return {"no_picture": "还没有步骤，加上步骤后自动画出流程"}
    ids = [step.id for step in spec.steps]
    if cycle(spec.steps) or len(set(ids)) != len(ids):
        return {"no_picture": "步骤互相等候，流程画不出来；先按检查结果改好"}
    return {"picture": picture(spec), "times": times_of(spec)}


def told(given: Any) -> str:
    """Codes and words as lines."""
    rows = given.items() if isinstance(given, Mapping) else given
    return "\n".join(code if code == word else f"{code}={word}" for code, word in rows)


def checks(options: Mapping[str, str], chosen: Iterable[str]) -> list[tuple[str, str, bool]]:
    """Options as boxes to tick."""
    ticked = set(chosen)
    return [(code, word, code in ticked) for code, word in options.items()]


def _field(row: Mapping[str, Any]) -> dict[str, Any]:
    options = row.get("options") or {}
    return {
        **row, "detail": row.get("unit") or told(options),
        "detail_help": DETAILS.get(str(row.get("type")), ""),
        "rows": max(1, min(5, len(options))), "required": truth(row.get("required", False)),
        "many": truth(row.get("many", False)),
    }  # fmt: skip


def _evidence(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **row, "required": truth(row.get("required", True)),
        "deferrable": truth(row.get("deferrable", False)), "days": row.get("days") or "",
    }  # fmt: skip


def _steps(
    steps: list[Mapping[str, Any]], fields: list[Mapping[str, Any]], region_code: str
) -> list[dict[str, Any]]:
    names = {row["id"]: row.get("name") or row["id"] for row in steps}
    labels = {row["id"]: row.get("label") or row["id"] for row in fields}
    units = _unit_choices(region_code)
    return [_step(row, names, labels, units) for row in steps]


def _unit_choices(region_code: str) -> dict[str, str]:
    return {
        "applicant": "申请人",
        **{f"line:{code}": name for code, name in lines_at(region_code).items()},
        **{f"pool:{code}": f"角色：{name}" for code, name in role_names().items()},
        **{
            f"capability:{code}:{STARTER}": f"权限：{name}（发起人回避）"
            for code, name in addressable().items()
        },
    }


def _step(
    row: Mapping[str, Any], names: Mapping[str, str], labels: Mapping[str, str],
    units: Mapping[str, str],
) -> dict[str, Any]:  # fmt: skip
    own, vote = str(row["id"]), row.get("vote") or {}
    others = {code: name for code, name in names.items() if code != own}
    after = list(row.get("after") or ())
    refuse = row.get("refuse") or "end"
    ways = {"end": "办结为不予", "record": "只记录，继续办",
            **{f"{RETURN}{code}": f"退回“{name}”" for code, name in others.items()}}  # fmt: skip
    who = [(unit_value(unit), str(unit.get("level") or "own")) for unit in row.get("who") or ()]
    chosen = [(value, level) for value, level in who if value]
    known = {**units, **{value: _unlisted(value) for value, _ in chosen if value not in units}}
    people = [str(u["person"]) for u in row.get("who") or () if u.get("person")]
    return {
        **row, "days": row.get("days") or "", "accepts": truth(row.get("accepts", False)),
        "vote": vote, "share": f"{vote.get('numerator', 1)}/{vote.get('denominator', 2)}",
        "more_than": truth(vote.get("more_than", True)), "quorum": vote.get("quorum", 1),
        "after_boxes": checks({**others, **{a: a for a in after if a not in others}}, after),
        "write_boxes": checks(_with(labels, row.get("write")), row.get("write") or ()),
        "hide_boxes": checks(_with(labels, row.get("hide")), row.get("hide") or ()),
        "pause_boxes": checks(PAUSES, row.get("pauses") or ()),
        "ways": [(code, word, code == refuse) for code, word in _with(ways, [refuse]).items()],
        "units": [(list(known.items()), value, level) for value, level in [*chosen, ("", "own")]],
        "person": "、".join(people),
        "mode": row.get("mode") or "one", "deed": row.get("deed") or "decision",
    }  # fmt: skip


def _with(known: Mapping[str, str], more: Iterable[str] | None) -> dict[str, str]:
    """The options, with those chosen that are not among them, so that nothing is lost unseen."""
    return {**known, **{code: code for code in more or () if code not in known}}


def _unlisted(value: str) -> str:
    """The words of a chosen unit that the place does not offer."""
    return unit_words(Unit(**unit_of(value)))
