"""Examples typed in a form: lines of 词：值 become facts of whom they are about."""

from __future__ import annotations

from typing import Any

from jigai.errors import JigaiError
from jigai.policies.editor.parts import Plain
from jigai.rules.scope import Scope

# A case has one of these; of the others it has a list.
_SINGLE = ("enterprise", "project", "consortium", "region")
_PLURAL = {
    "line": "lines", "member": "members", "award": "awards", "loan": "loans", "parcel": "parcels",
}  # fmt: skip


def example_of(row: Plain, *, measure: str, clause: str, scope: Scope) -> Plain:
    """The example as written in its file.

    Raises :class:`JigaiError` for a line that is no fact, or a term the pack does not have.
    """
    found: Plain = {"name": row["name"], "clause": clause, "measure": measure}
    if row.get("given"):
        found["given"] = row["given"]
    for line in str(row.get("facts") or "").splitlines():
        if line.strip():
            _put(found, line, scope, str(row["name"]))
    expect: Plain = {"verdict": row["verdict"]}
    if row.get("amount"):
        expect["amount"] = row["amount"]
    return {**found, "expect": expect}


def _put(found: Plain, line: str, scope: Scope, name: str) -> None:
    term, mark, value = line.replace("：", ":").partition(":")
    term, value = term.strip(), value.strip()
    if not mark or not value:
        raise JigaiError("bad-line", f"样例“{name}”的“{line.strip()}”写不成事实", "写成 词：值")
    kind, identifier = scope.names.get(term, ("", ""))
    if kind != "term":
        close = scope.similar(term)
        raise JigaiError(
            "unknown-term", f"样例“{name}”里没有事实“{term}”",
            f"是不是“{close}”" if close else "从词汇表里选",
        )  # fmt: skip
    subject = scope.terms[identifier].subject
    if subject in _SINGLE:
        found.setdefault(subject, {})[term] = value
        return
    rows: list[Any] = found.setdefault(_PLURAL[subject], [{}])
    rows[0][term] = value
