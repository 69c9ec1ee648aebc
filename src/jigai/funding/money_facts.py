"""What the money side knows about the rows of an evaluation: paid, sought, funded elsewhere.

Only where there is something to tell: a row nobody ever paid or registered keeps its facts.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection

from jigai.funding.compute.claimed_facts import shared
from jigai.policies.fact_run import FactRows
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.rules.bearing import Bearing, measure_nodes

Row = dict[str, Any]
# Terms of the vocabulary that hold what earlier years paid.
PRIOR = frozenset({"prior_equipment_award", "prior_robot_award", "prior_it_award"})
# Which of several kinds stands in the one column there is: public money before equity before tax.
_ORDER = ("same_level", "upper", "equity", "tax")
_PAID = "('paid', 'recovering')"
_PAID_LINES = f"""
    SELECT l.id, sum(u.fen) FROM funding_invoiceline l
    JOIN funding_invoiceuse u ON u.item_id = l.same_id
    JOIN funding_application a ON a.id = u.application_id AND a.state IN {_PAID}
    JOIN funding_round r ON r.id = a.round_id
    WHERE l.id = ANY(%s) AND {{earlier}} GROUP BY l.id HAVING sum(u.fen) > 0
"""
_PAID_BEFORE = f"""
    SELECT COALESCE(e.uscc, 'row' || e.id), r.pack_id, m.code, sum(a.paid_fen - COALESCE((
      SELECT sum(LEAST(c.repaid_fen, c.amount_fen)) FROM funding_recovery c
      WHERE c.application_id = a.id), 0))
    FROM funding_application a JOIN funding_round r ON r.id = a.round_id
    JOIN funding_roundmeasure m ON m.id = a.measure_id
    JOIN core_enterprise e ON e.id = a.enterprise_id
    WHERE a.state IN {_PAID} AND a.paid_fen > 0 AND r.year < %s
      AND COALESCE(e.uscc, 'row' || e.id) = ANY(%s)
    GROUP BY 1, 2, 3
"""
_FUNDS = """
    SELECT f.project_id AS project, f.id, f.kind, f.amount_fen FROM funding_otherfunding f
    WHERE f.state = 'received' AND f.received_on <= %s AND f.project_id = ANY(%s)
    UNION
    SELECT l.project_id, f.id, f.kind, f.amount_fen FROM funding_otherfunding f
    JOIN LATERAL unnest(f.invoices) AS paper(number) ON true
    JOIN funding_invoiceline l ON l.invoice_no = paper.number
    WHERE f.state = 'received' AND f.received_on <= %s AND l.project_id = ANY(%s)
    ORDER BY 1, 2
"""
# A line counted whole by an application for another project, or by another enterprise's. A split
# of one invoice over two projects of its buyer is none.
_SHARED = """
    SELECT DISTINCT l.project_id FROM funding_invoiceline l
    JOIN projects_project p ON p.id = l.project_id
    JOIN funding_invoiceitem i ON i.id = l.same_id AND i.used_fen > 0
    JOIN (SELECT item_id, application_id, sum(fen) AS fen FROM funding_invoiceuse
          GROUP BY item_id, application_id HAVING sum(fen) > 0) AS u ON u.item_id = i.id
    JOIN funding_application a ON a.id = u.application_id
    WHERE l.project_id = ANY(%s) AND l.duplicate_of_id IS NULL AND l.status = 'normal'
      AND a.project_id IS DISTINCT FROM l.project_id
      AND (u.fen >= i.capacity_fen OR a.enterprise_id IS DISTINCT FROM p.enterprise_id)
      AND NOT EXISTS (SELECT 1 FROM funding_suspectset s WHERE s.kind = 'line'
                      AND s.key = i.identity AND s.state = 'distinct')
"""
# Red letters on an item that are not among the rows themselves (imported for another place).
_UNSEEN = """
    SELECT l.id, sum(red.fen) FROM funding_invoiceline l JOIN (
      SELECT o.same_id AS item, COALESCE(r.same_id, -r.id) AS paper, max(abs(r.amount_fen)) AS fen,
        array_agg(r.id) AS rows
      FROM funding_invoiceline r JOIN funding_invoiceline o ON o.id = r.red_original_id
      WHERE r.status = 'red' AND r.amount_fen IS NOT NULL AND o.same_id IS NOT NULL GROUP BY 1, 2
    ) AS red ON red.item = l.same_id
    WHERE l.id = ANY(%s) AND l.status <> 'red' AND NOT red.rows && %s::bigint[] GROUP BY l.id
"""


def add_money_facts(facts: FactRows, year: int, on: dt.date) -> None:
    """Put into the rows of a year what earlier years paid and what others pay (``on``: the day)."""
    _take_off_unseen(facts)
    mark_paid(facts, "r.year < %s", [year])
    _add_prior(facts, year)
    projects = {row["key"]: row for row in facts["project"]}
    if projects:
        _add_other_funds(projects, on)
        for (key,) in read_rows(_SHARED, [list(projects)]):
            projects[key]["suspected_same_project"] = True


def read_rows(statement: str, given: list[Any]) -> list[tuple[Any, ...]]:
    """All rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def mark_paid(facts: FactRows, earlier: str, given: list[Any]) -> None:
    """以前已兑付: the paid part of a line is a row of its own, the rest may still be paid.

    ``earlier`` is a condition of SQL on ``r``, the round that paid.
    """
    keys = [row["key"] for row in facts["line"] if row["key"] > 0]
    if not keys:
        return
    paid = dict(read_rows(_PAID_LINES.format(earlier=earlier), [keys, *given]))
    if not paid:
        return
    rows: list[Row] = []
    for row in facts["line"]:
        fen, whole = paid.get(row["key"], 0), row["amount_excl_tax"]
        if fen <= 0 or row.get("line_already_paid"):
            rows.append(row)
        elif not isinstance(whole, int) or fen >= whole:
            rows.append({**row, "line_already_paid": True})
        else:
            rows.append(shared(row, whole - int(fen), row))
            part = {**shared(row, int(fen), row), "key": -row["key"], "line_already_paid": True}
            rows.append(part)
    facts["line"][:] = rows


def _take_off_unseen(facts: FactRows) -> None:
    keys = [row["key"] for row in facts["line"]]
    if not keys:
        return
    unseen = dict(read_rows(_UNSEEN, [keys, keys]))
    for place, row in enumerate(facts["line"]):
        whole = row["amount_excl_tax"]
        if unseen.get(row["key"]) and isinstance(whole, int):
            left = max(whole - int(unseen[row["key"]]), 0)
            facts["line"][place] = shared(row, left, row)


def _add_prior(facts: FactRows, year: int) -> None:
    owners = {row["key"]: row for row in facts["enterprise"]}
    found: dict[tuple[str, str], int] = defaultdict(int)
    for key, pack, code, fen in read_rows(_PAID_BEFORE, [year, list(owners)]):
        for term in prior_terms(pack, code):
            found[key, term] += int(fen)
    for (key, term), fen in found.items():
        owners[key][term] = fen


@lru_cache(maxsize=256)
def prior_terms(pack: int, code: str) -> frozenset[str]:
    """Which sums of earlier awards a measure of a document adds to: those its own cap asks for."""
    model = model_of(PackVersion.objects.get(pk=pack))
    measure = model.measures.get(code)
    if measure is None:
        return frozenset()
    return PRIOR & set(Bearing(model).add(measure_nodes(model, measure)).facts)


def _add_other_funds(projects: Mapping[int, Row], on: dt.date) -> None:
    keys = list(projects)
    given: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for project, _fund, kind, fen in read_rows(_FUNDS, [on, keys, on, keys]):
        given[project].append((kind, fen))
    for key, funds in given.items():
        projects[key].update(other_funds(funds))


def other_funds(funds: Sequence[tuple[str, int]]) -> Row:
    """Kind and amount (fen) of what a project got elsewhere, in the one column there is for each.

    Of several kinds the amount stays unknown: which of them count is for a reading to say.
    """
    listed = [pair for pair in funds if pair[0] != "tax"] or funds
    kinds = sorted({kind for kind, _fen in listed}, key=_ORDER.index)
    amount = sum(fen for _kind, fen in listed) if len(kinds) == 1 else None
    return {"has_other_funds": True, "other_funds_kind": kinds[0], "other_funds_amount": amount}
