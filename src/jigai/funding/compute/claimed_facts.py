"""Cuts the facts of a district down to what was applied for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jigai.funding.compute.claims import Claims
from jigai.policies.fact_run import FactRows

Row = dict[str, Any]


def keep_claimed(facts: FactRows, claims: Claims, codes: Mapping[int, str]) -> None:
    """Leave only the rows that were applied for, in place, and say what was chosen.

    ``codes`` are the keys of enterprises in the facts by primary key, to leave out members who
    left. A claimed line counts by its share; a red letter counts with the line it takes back.
    """
    projects = claims.of("project")
    facts["project"] = [_chosen(row, projects, claims) for row in facts["project"]
                        if str(row["key"]) in projects]  # fmt: skip
    pools = claims.of("consortium")
    facts["consortium"] = [row for row in facts["consortium"] if str(row["key"]) in pools]
    left = {
        (pool, codes.get(enterprise)) for pool, gone in claims.left.items() for enterprise in gone
    }
    facts["member"] = [
        row for row in facts["member"]
        if str(row["consortium_key"]) in pools
        and (str(row["consortium_key"]), row["enterprise_key"]) not in left
    ]  # fmt: skip
    facts["line"] = list(_lines(facts, claims))
    owners = {row["enterprise_key"] for name in ("project", "consortium", "member")
              for row in facts[name]}  # fmt: skip
    facts["enterprise"] = [row for row in facts["enterprise"] if row["key"] in owners]


def _chosen(row: Row, projects: Mapping[str, Any], claims: Claims) -> Row:
    claim = projects[str(row["key"])]
    return {
        **row, "chosen_measure": claim.measure, "project_priority": claim.priority,
        "application_year": claims.year, "application_batch": claims.batch,
    }  # fmt: skip


def _lines(facts: FactRows, claims: Claims) -> list[Row]:
    projects = {row["key"] for row in facts["project"]}
    members = {row["key"] for row in facts["member"]}
    mine = [n for n in facts["line"] if n["project_key"] in projects or n["member_key"] in members]
    shares = {n["key"]: share for n in mine if (share := _share(n, claims)) is not None}
    whole = {n["key"]: n for n in mine if n["key"] in shares}
    kept = [shared(n, shares[n["key"]], n) for n in whole.values()]
    red = [
        shared(n, shares[original["key"]], original)
        for n in mine
        if n.get("red_letter") and (original := whole.get(n["original_key"])) is not None
        and n["key"] not in whole
    ]  # fmt: skip
    return kept + red


def _share(line: Row, claims: Claims) -> int | None:
    """How much of a line counts (fen without tax): what is claimed, no more than is there; all of
    what was paid before, which thresholds over several years still ask for."""
    whole = line["amount_excl_tax"]
    if line.get("line_already_paid"):
        return whole if isinstance(whole, int) else None
    share = claims.shares.get(line["key"])
    if not share:
        return None
    return min(share, whole) if isinstance(whole, int) and whole > 0 else share


def shared(line: Row, share: int, original: Row) -> Row:
    """A line with only the part of its amounts that ``share`` is of the original's amount without
    tax, to the nearest fen. The original is the line itself, or what a red letter takes back."""
    whole = original["amount_excl_tax"]
    if not isinstance(whole, int) or whole in (0, share):
        return line
    parts = {
        name: _part(line[name], share, whole) for name in ("amount_excl_tax", "amount_incl_tax")
    }
    return {**line, **parts}


def _part(fen: Any, share: int, whole: int) -> Any:
    """``fen * share / whole``, half away from nothing; what is no number stays as it is."""
    if not isinstance(fen, int):
        return fen
    size = (2 * abs(fen) * share + whole) // (2 * whole)
    return size if fen >= 0 else -size
