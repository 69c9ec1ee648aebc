"""Size classes that follow from what an import changed: recorded with it, taken back with it."""

from __future__ import annotations

from typing import Any

from jigai.core.models import ImportBatch
from jigai.core.size_class import DERIVED, size_class

# For each enterprise and year that a batch touches: industry, staff, revenue and class as known
# now, and the batch that the class rests on. A new industry touches every year, figures their own.
_KNOWN = """
    WITH moved AS (
        SELECT key FROM core_importchange
        WHERE batch_id = %(batch)s AND model = 'core.enterprise' AND before ? 'industry_code'
    ), touched AS (
        SELECT key FROM moved UNION SELECT enterprise_id FROM core_enterprisefigure
        WHERE batch_id = %(batch)s AND term IN ('employees', 'revenue', 'size_computed')
    ), known AS (
        SELECT DISTINCT ON (f.enterprise_id, f.year, f.term)
            f.enterprise_id, f.year, f.term, f.number, f.text, f.batch_id, f.id
        FROM core_enterprisefigure AS f JOIN touched ON touched.key = f.enterprise_id
        WHERE f.withdrawn_at IS NULL AND f.term IN ('employees', 'revenue', 'size_computed')
          AND (f.year = %(year)s OR f.enterprise_id IN (SELECT key FROM moved))
        ORDER BY f.enterprise_id, f.year, f.term, f.id DESC
    )
    SELECT e.id, known.year, e.industry_code,
        max(number) FILTER (WHERE term = 'employees'),
        max(number) FILTER (WHERE term = 'revenue'),
        max(text) FILTER (WHERE term = 'size_computed'),
        (array_agg(known.batch_id ORDER BY known.id DESC)
            FILTER (WHERE term <> 'size_computed'))[1]
    FROM known JOIN core_enterprise AS e ON e.id = known.enterprise_id
    GROUP BY e.id, known.year, e.industry_code ORDER BY e.id, known.year
"""
_WRITE = """
    COPY core_enterprisefigure (
        enterprise_id, term, year, text, source, batch_id, recorded_at, recorded_by_id
    ) FROM STDIN
"""


def settle_sizes(cursor: Any, batch: ImportBatch) -> None:
    """Record the class of every enterprise whose class is another one after a commit or an undo.

    A class belongs to the batch of the newest figure it rests on, so that taking that batch back
    takes the class along and nothing is left that would keep an enterprise from going.
    """
    cursor.execute(_KNOWN, {"batch": batch.pk, "year": batch.year})
    fresh = []
    for enterprise, year, industry, employees, revenue, before, basis in cursor.fetchall():
        derived = size_class(industry or None, employees=employees, revenue_fen=revenue, year=year)
        if derived != before:
            fresh.append((enterprise, year, derived, basis))
    cursor.execute("SELECT now()")
    (now,) = cursor.fetchone()
    with cursor.copy(_WRITE) as copy:
        for enterprise, year, derived, basis in fresh:
            row = (enterprise, "size_computed", year, derived, DERIVED, basis, now,
                   batch.created_by_id)  # fmt: skip
            copy.write_row(row)
