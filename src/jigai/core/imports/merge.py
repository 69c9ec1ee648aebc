"""Brings rows of a file into a table by sets: staged in a temporary table, compared, written.

Rows never pass through the ORM one by one, and the audit events that triggers would write row by
row are written here by one statement with the same content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db.models import Model

from jigai.core.models import ImportBatch


class Merge:
    """The rows of one table that a file brings.

    ``columns`` are columns of the table that the file fills; ``compared`` those that a row already
    stored is compared by and takes over (default: all). ``references`` are columns that point to
    other rows of the same file: the staged column ``<column>_row`` holds that row's number.
    ``extra`` are further staged columns (name to type) for the importer's own use.
    """

    def __init__(
        self,
        cursor: Any,
        model: type[Model],
        columns: Sequence[str],
        *,
        compared: Sequence[str] | None = None,
        references: Sequence[str] = (),
        extra: Mapping[str, str] | None = None,
    ) -> None:
        self.cursor, self.model = cursor, model
        self.table = model._meta.db_table
        self.stage = f"incoming_{model._meta.model_name}"
        self.columns = tuple(columns)
        self.references = tuple(references)
        wanted = self.columns if compared is None else tuple(compared)
        self.compared = (*wanted, *(name for name in self.references if name not in wanted))
        self.extra = dict(extra or {})
        self._create()

    def _create(self) -> None:
        parts = ["0 AS in_row", "NULL::bigint AS in_target", "false AS in_fresh"]
        parts += [f'"{name}"' for name in dict.fromkeys((*self.columns, *self.references))]
        parts += [f"NULL::bigint AS {name}_row" for name in self.references]
        parts += [f"NULL::{kind} AS {name}" for name, kind in self.extra.items()]
        self.cursor.execute(f"DROP TABLE IF EXISTS {self.stage}")
        self.cursor.execute(
            f"CREATE TEMP TABLE {self.stage} ON COMMIT DROP AS "
            f"SELECT {', '.join(parts)} FROM {self.table} WITH NO DATA"
        )
        self.cursor.execute(f"ALTER TABLE {self.stage} ALTER in_fresh SET DEFAULT false")

    @property
    def loaded(self) -> tuple[str, ...]:
        """Order of the values of a row given to :meth:`load`."""
        pointers = tuple(f"{name}_row" for name in self.references)
        return ("in_row", "in_target", *self.columns, *pointers, *self.extra)

    def load(self, rows: Iterable[Sequence[Any]]) -> None:
        """COPY rows whose values stand in the order of :attr:`loaded`."""
        names = ", ".join(f'"{name}"' for name in self.loaded)
        with self.cursor.copy(f"COPY {self.stage} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        self.cursor.execute(f"ANALYZE {self.stage}")

    def number(self, *, real: bool) -> None:
        """Give new rows their key (a negative stand-in for a preview), then resolve references."""
        fresh = "-in_row"
        if real:
            fresh = f"nextval(pg_get_serial_sequence('{self.table}', 'id'))"
        self.cursor.execute(
            f"UPDATE {self.stage} AS i SET in_fresh = true, in_target = n.key FROM ("
            f"SELECT in_row, {fresh} AS key FROM (SELECT in_row FROM {self.stage} "
            "WHERE in_target IS NULL ORDER BY in_row) AS ordered) AS n WHERE n.in_row = i.in_row"
        )
        for name in self.references:
            self.cursor.execute(
                f"UPDATE {self.stage} AS i SET {name} = other.in_target FROM {self.stage} AS other "
                f"WHERE other.in_row = i.{name}_row"
            )

    def count(self) -> tuple[int, int, int]:
        """How many rows are new, changed, unchanged; call after :meth:`number`."""
        self.cursor.execute(
            f"SELECT count(*) FILTER (WHERE i.in_fresh), "
            f"count(*) FILTER (WHERE NOT i.in_fresh AND {self._differs}), "
            f"count(*) FILTER (WHERE NOT i.in_fresh AND NOT {self._differs}) "
            f"FROM {self.stage} AS i LEFT JOIN {self.table} AS t ON t.id = i.in_target"
        )
        created, changed, unchanged = self.cursor.fetchone()
        return created, changed, unchanged

    @property
    def _differs(self) -> str:
        mine = ", ".join(f'i."{name}"' for name in self.compared)
        theirs = ", ".join(f't."{name}"' for name in self.compared)
        return f"(ROW({mine}) IS DISTINCT FROM ROW({theirs}))"

    def apply(self, batch: ImportBatch, fixed: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
        """Insert new rows and update changed ones, with history.

        ``fixed`` gives further columns of new rows as SQL with parameters.
        """
        with quiet_history(self.model):
            self._insert(fixed)
            self._update(batch)
        self._settle_search()
        write_events(
            self.cursor,
            self.model,
            "insert",
            f"SELECT in_target FROM {self.stage} WHERE in_fresh",
        )
        write_events(
            self.cursor,
            self.model,
            "update",
            "SELECT key FROM core_importchange WHERE batch_id = %s AND model = %s",
            [batch.pk, self.model._meta.label_lower],
        )

    def _settle_search(self) -> None:
        """Bring what waits beside full-text indexes into them, in one go instead of many small."""
        for index in self.model._meta.indexes:
            if isinstance(index, GinIndex):
                self.cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index.name])

    def _insert(self, fixed: Mapping[str, tuple[str, Sequence[Any]]]) -> None:
        own = tuple(dict.fromkeys((*self.columns, *self.references)))
        names = ["id", *own, *fixed]
        values = ["in_target", *(f'"{name}"' for name in own), *(sql for sql, _ in fixed.values())]
        params = [value for _, given in fixed.values() for value in given]
        quoted = ", ".join(f'"{name}"' for name in names)
        self.cursor.execute("SET LOCAL gin_pending_list_limit = '128MB'")
        self.cursor.execute(
            f"INSERT INTO {self.table} ({quoted}) SELECT {', '.join(values)} "
            f"FROM {self.stage} WHERE in_fresh ORDER BY in_row",
            params,
        )

    def _update(self, batch: ImportBatch) -> None:
        """Note both states of every changed row, then change it."""

        def state(alias: str) -> str:
            pairs = ", ".join(f"'{name}', {alias}.\"{name}\"" for name in self.compared)
            return f"jsonb_build_object({pairs})"

        self.cursor.execute(
            "INSERT INTO core_importchange (batch_id, model, key, before, after) "
            "SELECT %s, %s, pair.id, "
            "(SELECT jsonb_object_agg(key, value) FROM jsonb_each(pair.old) "
            " WHERE value IS DISTINCT FROM pair.new -> key), "
            "(SELECT jsonb_object_agg(key, value) FROM jsonb_each(pair.new) "
            " WHERE value IS DISTINCT FROM pair.old -> key) "
            f"FROM (SELECT t.id, {state('t')} AS old, {state('i')} AS new "
            f"FROM {self.stage} AS i JOIN {self.table} AS t ON t.id = i.in_target "
            f"WHERE NOT i.in_fresh AND {self._differs} ORDER BY t.id) AS pair",
            [batch.pk, self.model._meta.label_lower],
        )
        sets = ", ".join(f'"{name}" = i."{name}"' for name in self.compared)
        self.cursor.execute(
            f"UPDATE {self.table} AS t SET {sets}{next_version(self.model)} "
            f"FROM {self.stage} AS i WHERE t.id = i.in_target AND NOT i.in_fresh "
            f"AND {self._differs}"
        )


def next_version(model: type[Model]) -> str:
    """The end of a SET list that makes open forms notice the change."""
    has = any(field.name == "version" for field in model._meta.concrete_fields)
    return ", version = t.version + 1" if has else ""


def quiet_history(model: type[Model]) -> Any:
    """Silence the row triggers of the history; whoever does writes the events himself."""
    label = model._meta.label
    names = ("insert_insert", "update_update", "delete_delete")
    return pgtrigger.ignore(*(f"{label}:{name}" for name in names))


def write_events(
    cursor: Any, model: type[Model], label: str, keys: str, params: Sequence[Any] = ()
) -> None:
    """Write the history of many rows as their triggers would; ``keys`` selects their primary keys.

    The one call of ``_pgh_attach_context`` ties them to the user and reason in force.
    """
    event = apps.get_model(f"{model._meta.label}Event")
    names = [f.column for f in event._meta.concrete_fields if not f.name.startswith("pgh_")]
    listed = ", ".join(f'"{name}"' for name in names)
    taken = ", ".join(f't."{name}"' for name in names)
    cursor.execute(
        f"INSERT INTO {event._meta.db_table} ({listed}, pgh_created_at, pgh_label, pgh_obj_id, "
        f"pgh_context_id) SELECT {taken}, now(), %s, t.id, (SELECT _pgh_attach_context()) "
        f"FROM {model._meta.db_table} AS t WHERE t.id IN ({keys}) ORDER BY t.id",
        [label, *params],
    )
