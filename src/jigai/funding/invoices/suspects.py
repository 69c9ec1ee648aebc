"""Finds sets of papers that look like one thing paid for twice, over the whole platform."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

# Every finder gives (key, line, fund, region, enterprise) of all members of the sets that any of
# the lines at hand belongs to. Red letters repeat the content of their original and are left out.
_LINE = "l.id, NULL::bigint, l.region_code, COALESCE(l.buyer_id, p.enterprise_id)"
_FROM = "FROM funding_invoiceline l LEFT JOIN projects_project p ON p.id = l.project_id"
_MINE = "(SELECT * FROM funding_invoiceline WHERE id = ANY(%(lines)s) AND status <> 'red') AS m"
_NUMBER = f"""
    SELECT COALESCE(l.invoice_code, '') || '-' || l.invoice_no, {_LINE} {_FROM}
    JOIN (
      SELECT s.invoice_code, s.invoice_no FROM funding_invoiceline s
      JOIN (SELECT DISTINCT invoice_code, invoice_no FROM {_MINE} WHERE invoice_no <> '') AS mine
        ON s.invoice_no = mine.invoice_no
        AND s.invoice_code IS NOT DISTINCT FROM mine.invoice_code
      WHERE s.status <> 'red' GROUP BY 1, 2
      HAVING count(DISTINCT (s.seller, s.date)) > 1 OR count(DISTINCT s.buyer_raw) > 1
    ) AS g ON g.invoice_no = l.invoice_no AND g.invoice_code IS NOT DISTINCT FROM l.invoice_code
    WHERE l.status <> 'red'
"""
_SUM = f"""
    SELECT l.seller || ' ' || l.date || ' ' || l.amount_fen, {_LINE} {_FROM}
    JOIN (
      SELECT s.seller, s.date, s.amount_fen FROM funding_invoiceline s
      JOIN (SELECT DISTINCT seller, date, amount_fen FROM {_MINE}
            WHERE seller <> '' AND amount_fen > 0) AS mine
        ON s.seller = mine.seller AND s.date = mine.date AND s.amount_fen = mine.amount_fen
      WHERE s.status = 'normal' GROUP BY 1, 2, 3 HAVING count(DISTINCT s.invoice_no) > 1
    ) AS g ON g.seller = l.seller AND g.date = l.date AND g.amount_fen = l.amount_fen
    WHERE l.status = 'normal'
"""
_SERIAL = f"""
    SELECT upper(l.serial), {_LINE} {_FROM}
    JOIN (
      SELECT upper(s.serial) AS serial FROM funding_invoiceline s
      JOIN (SELECT DISTINCT upper(serial) AS serial FROM {_MINE} WHERE serial <> '') AS mine
        ON upper(s.serial) = mine.serial
      WHERE s.status = 'normal' GROUP BY 1 HAVING count(DISTINCT s.same_id) > 1
    ) AS g ON g.serial = upper(l.serial) WHERE l.status = 'normal'
"""
_SAME = f"""
    SELECT i.identity, {_LINE} {_FROM} JOIN funding_invoiceitem i ON i.id = l.same_id
    JOIN (
      SELECT s.same_id FROM funding_invoiceline s
      JOIN (SELECT DISTINCT same_id FROM {_MINE}) AS mine ON mine.same_id = s.same_id
      WHERE s.status = 'normal' GROUP BY 1
      HAVING count(DISTINCT (s.project_id, s.consortium_id, s.region_code)) > 1
    ) AS g ON g.same_id = l.same_id WHERE l.status = 'normal'
"""
_FUNDS = f"""
    WITH papers AS (
      SELECT f.id, f.region_code, f.enterprise_id, paper.number FROM funding_otherfunding f
      JOIN LATERAL unnest(f.invoices || f.serials) AS paper(number) ON true
      WHERE f.state IN ('applied', 'approved', 'received') AND paper.number <> ''
    ), hits AS (
      SELECT l.id, papers.id AS fund, papers.number, l.region_code,
        COALESCE(l.buyer_id, p.enterprise_id) AS enterprise_id,
        papers.region_code AS fund_region, papers.enterprise_id AS fund_enterprise {_FROM}
      JOIN papers ON papers.number = l.invoice_no OR papers.number = l.serial
      WHERE l.status <> 'red' AND (l.id = ANY(%(lines)s) OR papers.id = ANY(%(funds)s))
    )
    SELECT number, id, NULL::bigint, region_code, enterprise_id FROM hits
    UNION SELECT number, NULL, fund, fund_region, fund_enterprise FROM hits
"""
_FINDERS = {
    "number": _NUMBER, "sum": _SUM, "serial": _SERIAL, "line": _SAME, "funds": _FUNDS,
}  # fmt: skip
_FOUND = """
    CREATE TEMP TABLE found_suspects (
      key text, line_key bigint, fund_key bigint, region_code text, enterprise_id bigint
    ) ON COMMIT DROP
"""
_SETS = """
    INSERT INTO funding_suspectset (kind, key, members_count, state, reason, version, found_at)
    SELECT DISTINCT %(kind)s, left(key, 300), 0, 'open', '', 1, now() FROM found_suspects
    ON CONFLICT (kind, key) DO NOTHING
"""
_MEMBERS = """
    WITH fresh AS (
      INSERT INTO funding_suspectmember
        (suspect_id, line_key, fund_key, region_code, enterprise_id)
      SELECT DISTINCT s.id, f.line_key, f.fund_key, f.region_code, f.enterprise_id
      FROM found_suspects f
      JOIN funding_suspectset s ON s.kind = %(kind)s AND s.key = left(f.key, 300)
      ON CONFLICT DO NOTHING RETURNING suspect_id
    )
    UPDATE funding_suspectset AS s
    SET members_count = s.members_count + n.many, version = s.version + 1,
      state = CASE WHEN s.state = 'distinct' THEN 'open' ELSE s.state END
    FROM (SELECT suspect_id, count(*) AS many FROM fresh GROUP BY 1) AS n
    WHERE n.suspect_id = s.id
"""
_GONE = """
    DELETE FROM funding_suspectmember m WHERE
      (m.line_key IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM funding_invoiceline l WHERE l.id = m.line_key))
      OR (m.fund_key IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM funding_otherfunding f WHERE f.id = m.fund_key))
"""
_EMPTY = """
    WITH alone AS (
      SELECT s.id FROM funding_suspectset s WHERE s.state = 'open'
        AND (SELECT count(*) FROM funding_suspectmember m WHERE m.suspect_id = s.id) < 2
    ), gone AS (DELETE FROM funding_suspectmember m USING alone WHERE m.suspect_id = alone.id)
    DELETE FROM funding_suspectset s USING alone WHERE s.id = alone.id
"""


def find_suspects(lines: Iterable[int], funds: Iterable[int] = ()) -> None:
    """Note the sets that these lines (or entries of other funding) belong to; set-based.

    A set ruled distinct is open again when another paper joins it.
    """
    given = {"lines": sorted(lines), "funds": sorted(funds)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS found_suspects")
        cursor.execute(_FOUND)
        for kind, finder in _FINDERS.items():
            if kind != "funds" and not given["lines"]:
                continue
            cursor.execute("TRUNCATE found_suspects")
            cursor.execute(f"INSERT INTO found_suspects {finder}", given)
            cursor.execute(_SETS, {"kind": kind})
            cursor.execute(_MEMBERS, {"kind": kind})


def forget_gone() -> None:
    """Drop papers that an undone import took back, and open sets that are none any more."""
    with connection.cursor() as cursor:
        cursor.execute(_GONE)
        cursor.execute(_EMPTY)
