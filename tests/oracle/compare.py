"""Compares two answers in the oracle's shape and cuts a failing case down to a readable one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Rows = dict[str, list[dict[str, Any]]]
SHAPE = {
    "projects": ("verdict", "amount", "track", "selected", "paid", "measures"),
    "consortia": ("verdict", "amount"),
    "members": ("counts", "share"),
}
CHILDREN = {
    "enterprise": (("project", "enterprise_key"), ("member", "enterprise_key")),
    "project": (("line", "project_key"),),
    "member": (("line", "member_key"),),
    "consortium": (("member", "consortium_key"),),
    "line": (),
}


def differences(expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
    """What the second answer says otherwise than the first, one line each."""
    lines = []
    for part, fields in SHAPE.items():
        if set(expected[part]) != set(found[part]):
            lines.append(f"{part}: {sorted(expected[part])} but found {sorted(found[part])}")
            continue
        for key, want in expected[part].items():
            got = found[part][key]
            for field in fields:
                if field == "measures":
                    lines += [
                        f"{part} {key} {name}.{item}: oracle {value!r}, "
                        f"found {got['measures'][name][item]!r}"
                        for name, values in want["measures"].items()
                        for item, value in values.items()
                        if not _same(value, got["measures"][name][item])
                    ]
                elif not _same(want[field], got[field]):
                    lines.append(
                        f"{part} {key} {field}: oracle {want[field]!r}, found {got[field]!r}"
                    )
    return lines


def _same(left: Any, right: Any) -> bool:
    """Equal and, for truth values, of one kind: 0 is not False, unknown is nothing else."""
    if isinstance(left, tuple):
        return left == tuple(right or ())
    if left is None or right is None or isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def without(rows: Rows, subject: str, key: Any) -> Rows:
    """The case without one row and without what hangs on it."""
    left = {name: list(listed) for name, listed in rows.items()}
    left[subject] = [row for row in left[subject] if row["key"] != key]
    for child, link in CHILDREN[subject]:
        for row in rows.get(child, []):
            if row.get(link) == key:
                left = without(left, child, row["key"])
    kept = {row["key"] for row in left.get("line", [])}
    firms = {row["key"] for row in left.get("enterprise", [])}
    for name, link, known in (
        ("line", "original_key", kept),
        ("consortium", "enterprise_key", firms),
    ):
        left[name] = [
            {**row, link: None} if row.get(link) is not None and row[link] not in known else row
            for row in left.get(name, [])
        ]
    return left


def smallest(rows: Rows, fails: Callable[[Rows], bool], plain: Mapping[str, Any]) -> Rows:
    """Drop rows, then make terms ordinary, as long as the case still fails."""
    shrinking = True
    while shrinking:
        shrinking = False
        for subject in ("consortium", "enterprise", "project", "member", "line"):
            for row in list(rows.get(subject, [])):
                fewer = without(rows, subject, row["key"])
                if any(fewer.values()) and fewer != rows and fails(fewer):
                    rows, shrinking = fewer, True
    for subject, listed in rows.items():
        for place, row in enumerate(list(listed)):
            for name, value in plain.get(subject, {}).items():
                if name in row and row[name] != value:
                    calm = {**rows, subject: list(rows[subject])}
                    calm[subject][place] = {**rows[subject][place], name: value}
                    if fails(calm):
                        rows = calm
    return rows


def readable(rows: Rows, plain: Mapping[str, Any]) -> str:
    """The case, one row a line, without the terms that say the ordinary thing."""
    lines = []
    for subject, listed in rows.items():
        usual = plain.get(subject, {})
        for row in listed:
            told = [f"{k}={v!r}" for k, v in row.items() if k not in usual or v != usual[k]]
            lines.append(f"  {subject}: {', '.join(told)}")
    return "\n".join(lines)
