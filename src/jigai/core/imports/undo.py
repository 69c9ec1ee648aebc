"""Takes a committed batch back, or says what stands in the way."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import pghistory.models
from django.apps import apps
from django.db import connection, transaction
from django.db.models import ForeignObjectRel, Model
from django.urls import reverse
from django.utils import timezone

from jigai.core.imports.commit import lock_imports
from jigai.core.imports.merge import next_version, quiet_history, write_events
from jigai.core.imports.preview import place_of
from jigai.core.imports.registry import Importer, importer_of
from jigai.core.models import ImportBatch
from jigai.errors import JigaiError

Status = ImportBatch.Status


@dataclass(frozen=True, slots=True)
class Blocker:
    """One reason why a batch cannot be taken back."""

    text: str
    url: str = ""


def blockers(batch: ImportBatch) -> list[Blocker]:
    """Later batches of the same kind, rows changed since, and what was built on new rows."""
    importer = importer_of(batch.kind)
    with connection.cursor() as cursor:
        return [
            *_later(batch, importer),
            *(
                found
                for model in importer.models
                for found in _changed(cursor, batch, model, importer.derived)
            ),
            *(
                found
                for model in importer.models
                for found in _dependents(cursor, batch, importer, model)
            ),
        ]


def undo_batch(batch_id: int, finish: Callable[[ImportBatch], None]) -> bool:
    """Restore what a batch found; ``False`` when that has happened before.

    ``finish`` is called inside the transaction. Raises :class:`JigaiError` naming the blockers.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        lock_imports(cursor)
        batch = (
            ImportBatch.objects.select_for_update(of=("self",))
            .select_related("file")
            .get(pk=batch_id)
        )
        if batch.status == Status.UNDONE:
            return False
        if batch.status != Status.COMMITTED:
            raise JigaiError("import-not-committed", "这个文件还没有入库，无需撤销")
        found = blockers(batch)
        if found:
            listed = "；".join(item.text for item in found)
            raise JigaiError("import-undo-blocked", f"不能撤销：{listed}", "请先处理上面列出的数据")
        batch.status, batch.undone_at = Status.UNDONE, timezone.now()
        batch.save()
        importer = importer_of(batch.kind)
        importer.before_undo(cursor, batch)
        for model in importer.models:
            _restore(cursor, batch, model)
            _remove(cursor, batch, model)
        importer.after_undo(cursor, batch)
        finish(batch)
    return True


def _later(batch: ImportBatch, importer: Importer) -> list[Blocker]:
    rows = ImportBatch.objects.filter(
        kind=batch.kind, status=Status.COMMITTED, committed_at__gt=batch.committed_at
    ).exclude(pk=batch.pk)
    if importer.by_year:
        rows = rows.filter(year=batch.year)
    own = place_of(batch)
    return [
        Blocker(
            f"之后又入库了同类文件“{later.file.name}”，请先撤销它",
            reverse("import-detail", args=[later.pk]),
        )
        for later in rows.select_related("file").order_by("-committed_at", "-pk")
        if later.region_code.startswith(own.prefix)
        or batch.region_code.startswith(place_of(later).prefix)
    ]


def _changed(
    cursor: Any, batch: ImportBatch, model: type[Model], derived: Collection[str]
) -> list[Blocker]:
    """Rows whose content is no longer what the batch left."""
    meta = model._meta
    event = apps.get_model(f"{meta.label}Event")
    names = [
        f.column
        for f in event._meta.concrete_fields
        if not f.name.startswith("pgh_") and f.name not in {"id", "version", *derived}
    ]
    now = ", ".join(f't."{name}"' for name in names)
    then = ", ".join(f'e."{name}"' for name in names)
    cursor.execute(
        f"SELECT t.* FROM (SELECT id AS mine FROM {meta.db_table} WHERE batch_id = %s "
        "UNION SELECT key FROM core_importchange WHERE batch_id = %s AND model = %s) AS own "
        f"JOIN {meta.db_table} AS t ON t.id = own.mine "
        f"JOIN LATERAL (SELECT * FROM {event._meta.db_table} AS h WHERE h.pgh_obj_id = t.id "
        "AND h.pgh_created_at <= %s ORDER BY h.pgh_id DESC LIMIT 1) AS e ON true "
        f"WHERE ROW({now}) IS DISTINCT FROM ROW({then})",
        [batch.pk, batch.pk, meta.label_lower, batch.committed_at],
    )
    keys = [column.name for column in cursor.description]
    rows = [dict(zip(keys, row, strict=True)) for row in cursor.fetchall()]
    if not rows:
        return []
    shown = "、".join(str(row.get("name") or row.get("item") or row["id"]) for row in rows[:3])
    more = f"等 {len(rows)} 条" if len(rows) > 3 else ""
    return [Blocker(f"{meta.verbose_name}{shown}{more}在入库之后改动过")]


def _dependents(
    cursor: Any, batch: ImportBatch, importer: Importer, model: type[Model]
) -> list[Blocker]:
    """Rows of other tables (or batches) that point to rows this batch made."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ForeignObjectRel) or not relation.field.concrete:
            continue
        other = relation.related_model
        if other._meta.auto_created or issubclass(other, pghistory.models.Event):
            continue
        count = _count(cursor, batch, model, relation)
        if count:
            theirs, ours = other._meta.verbose_name, model._meta.verbose_name
            found.append(Blocker(f"有 {count:,} 条{theirs}用到本批新建的{ours}"))
    return found


def _count(cursor: Any, batch: ImportBatch, model: type[Model], relation: Any) -> int:
    meta = relation.related_model._meta
    columns = {field.column for field in meta.concrete_fields}
    where, params = "", [batch.pk]
    if "batch_id" in columns:
        where, params = " AND o.batch_id IS DISTINCT FROM %s", [batch.pk, batch.pk]
    if "withdrawn_at" in columns:
        where += " AND o.withdrawn_at IS NULL"
    cursor.execute(
        f"SELECT count(*) FROM {meta.db_table} AS o "
        f"JOIN {model._meta.db_table} AS t ON t.id = o.{relation.field.column} "
        f"WHERE t.batch_id = %s{where}",
        params,
    )
    return int(cursor.fetchone()[0])


def _restore(cursor: Any, batch: ImportBatch, model: type[Model]) -> None:
    """Give rows that were changed their former values, as a change of its own in the history."""
    meta = model._meta
    cursor.execute(
        "SELECT DISTINCT jsonb_object_keys(before) FROM core_importchange "
        "WHERE batch_id = %s AND model = %s ORDER BY 1",
        [batch.pk, meta.label_lower],
    )
    names = [row[0] for row in cursor.fetchall()]
    if not names:
        return
    sets = ", ".join(f'"{name}" = old."{name}"' for name in names)
    with quiet_history(model):
        cursor.execute(
            f"UPDATE {meta.db_table} AS t SET {sets}{next_version(model)} FROM ("
            f"SELECT c.key AS mine, r.* FROM core_importchange AS c "
            f"JOIN {meta.db_table} AS was ON was.id = c.key, "
            "LATERAL jsonb_populate_record(was, c.before) AS r "
            "WHERE c.batch_id = %s AND c.model = %s) AS old WHERE t.id = old.mine",
            [batch.pk, meta.label_lower],
        )
    keys = "SELECT key FROM core_importchange WHERE batch_id = %s AND model = %s"
    write_events(cursor, model, "update", keys, [batch.pk, meta.label_lower])


def _remove(cursor: Any, batch: ImportBatch, model: type[Model]) -> None:
    """Delete the rows the batch made; their history ends with a ``delete``."""
    table = model._meta.db_table
    keys = f"SELECT id FROM {table} WHERE batch_id = %s"
    write_events(cursor, model, "delete", keys, [batch.pk])
    with quiet_history(model):
        cursor.execute(f"DELETE FROM {table} WHERE batch_id = %s", [batch.pk])
