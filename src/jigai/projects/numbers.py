"""Numbers for many new projects at once."""

from __future__ import annotations

from typing import Any


def number_rows(cursor: Any, stage: str, year: int) -> None:
    """Fill ``number_given`` of the new rows of a staged table in the order of the file.

    One statement takes the block of every county from its series; whoever imports at the same time
    waits for the row of the series.
    """
    cursor.execute(
        "WITH wanted AS ("
        f" SELECT left(region_code, 6) AS place, count(*) AS n FROM {stage} WHERE in_fresh"
        " GROUP BY 1 ORDER BY 1"
        "), block AS ("
        " INSERT INTO projects_numberseries AS s (place, year, last)"
        " SELECT place, %s, n FROM wanted"
        " ON CONFLICT (place, year) DO UPDATE SET last = s.last + excluded.last"
        " RETURNING s.place, s.last"
        "), given AS ("
        " SELECT i.in_row, i.place, b.last - w.n + i.nth AS serial FROM ("
        "  SELECT in_row, left(region_code, 6) AS place,"
        "  row_number() OVER (PARTITION BY left(region_code, 6) ORDER BY in_row) AS nth"
        f"  FROM {stage} WHERE in_fresh"
        " ) AS i JOIN block AS b USING (place) JOIN wanted AS w USING (place)"
        ") "
        f"UPDATE {stage} AS t SET number_given = given.place || '-' || %s::text || '-'"
        " || lpad(given.serial::text, greatest(5, length(given.serial::text)), '0')"
        " FROM given WHERE given.in_row = t.in_row",
        [year, year],
    )
