"""Search by pairs of characters: Chinese words need no dictionary and any part of a name is found.

PostgreSQL keeps the pairs of a row in a generated ``tsvector`` column; the function
``jigai_pairs(text)`` that makes them is created by the first migration of this room.
"""

from __future__ import annotations

import unicodedata

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import models

PAIRS_SQL = """
CREATE OR REPLACE FUNCTION jigai_pairs(given text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    word text;
    signs text[];
    found text[] := ARRAY[]::text[];
BEGIN
    FOREACH word IN ARRAY regexp_split_to_array(
        lower(normalize(coalesce(given, ''), NFKC)), '\\s+'
    ) LOOP
        signs := string_to_array(word, NULL);
        found := found || signs;
        FOR place IN 1 .. cardinality(signs) - 1 LOOP
            found := found || (signs[place] || signs[place + 1]);
        END LOOP;
    END LOOP;
    RETURN array_to_tsvector(found);
END
$$
"""


class _Pairs(models.Func):
    function = "jigai_pairs"
    output_field = SearchVectorField()


def _joined(fields: tuple[str, ...]) -> models.Expression:
    """The fields with blanks between, by ``||``, which the database may use in a stored column."""
    joined: models.Expression = models.functions.Coalesce(
        models.F(fields[0]), models.Value(""), output_field=models.TextField()
    )
    for name in fields[1:]:
        part = models.functions.Coalesce(
            models.F(name), models.Value(""), output_field=models.TextField()
        )
        blank = models.Value(" ", output_field=models.TextField())
        joined = models.Func(
            joined, blank, part, template="%(expressions)s", arg_joiner=" || ",
            output_field=models.TextField(),
        )  # fmt: skip
    return joined


class SearchColumn(models.GeneratedField):
    """A stored column with the single characters and pairs of the given text columns."""

    def __init__(self, *names: str, **options: object) -> None:
        options.setdefault("expression", _Pairs(_joined(names)) if names else None)
        options["output_field"] = SearchVectorField()
        options["db_persist"] = True
        super().__init__(**options)

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        """Migrations hold the plain generated column."""
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.GeneratedField", list(args), options


def pairs_query(typed: str) -> SearchQuery | None:
    """What finds every row that holds all words typed; ``None`` where nothing was typed.

    Words are cut into pairs (a single character stays one), so 兖州重工 finds 兖州某某重工 only
    if 州重 occurs too: quote-free substring search up to the order of pairs.
    """
    words = unicodedata.normalize("NFKC", typed).lower().split()
    pairs = [word[i : i + 2] for word in words for i in range(max(1, len(word) - 1))]
    if not pairs:
        return None
    quoted = " & ".join("'" + p.replace("\\", "\\\\").replace("'", "''") + "'" for p in pairs)
    return SearchQuery(quoted, search_type="raw", config="simple")
