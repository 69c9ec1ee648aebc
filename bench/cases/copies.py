"""Copies the cases of a county with everything the services wrote of them, by statements only."""

from __future__ import annotations

from typing import Any

_ROWS = """
    INSERT INTO {table} ({columns})
    SELECT {values} FROM {table} t CROSS JOIN generate_series(1, %(copies)s) AS k
    WHERE t.{case} IN (SELECT id FROM cases_case WHERE region_code = %(county)s AND id <= %(last)s)
"""
_LAST = "SELECT max(id) FROM cases_case WHERE region_code = %(county)s"
# Copies get no history, which would take several times as long and which no page here reads.
_TRIGGERS = "ALTER TABLE {table} {verb} TRIGGER USER"
_AFTER = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
# Every reader has done a share of what the account that made the cases did.
_DONE = """(%(handlers)s::bigint[])[1 + (k %% cardinality(%(handlers)s::bigint[]))]"""
_FIRM = """(%(firms)s::bigint[])[1 + ((t.id + k) %% cardinality(%(firms)s::bigint[]))]"""
_CASE = {
    "number": "left(t.number, 12) || lpad((k * %(step)s + right(t.number, 6)::int)::text, 6, '0')",
    "enterprise_id": _FIRM,
    "title": f"(SELECT name FROM core_enterprise WHERE id = {_FIRM}) || '第' || k || '号技改项目'",
}
_SHIFTED = frozenset({"id", "case_id", "step_id", "task_id"})


def multiply(county: str, times: int, handlers: list[int], firms: list[int]) -> None:
    """So many cases for each one of the county, itself included."""
    from django.db import connection, transaction

    from jigai.cases.models import Case, CaseEvidence, CaseRecord, CaseStep, Extension, Pause, Task

    tables = (Case, CaseStep, Task, CaseRecord, Pause, Extension, CaseEvidence)
    beyond = max(table.objects.order_by("-id").values_list("id", flat=True).first() or 0
                 for table in tables)  # fmt: skip
    given: dict[str, Any] = {
        "county": county, "copies": times - 1, "beyond": beyond, "handlers": handlers,
        "firms": firms, "step": Case.objects.filter(region_code=county).count(),
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_LAST, given)
        given["last"] = cursor.fetchone()[0]
        for table in tables:
            name = table._meta.db_table
            cursor.execute(_TRIGGERS.format(table=name, verb="DISABLE"))
            cursor.execute(_statement(table), given)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(_TRIGGERS.format(table=name, verb="ENABLE"))
            cursor.execute(_AFTER.format(table=name))


def _statement(table: Any) -> str:
    special = _CASE if table.__name__ == "Case" else {}
    columns = {}
    for field in table._meta.concrete_fields:
        if field.generated:
            continue
        name = field.column
        value = special.get(name, f"t.{name}")
        if name in _SHIFTED:
            value = f"t.{name} + k * %(beyond)s::bigint"
        if name == "acted_by_id":
            value = f"CASE WHEN t.acted_by_id IS NOT NULL THEN {_DONE} END"
        columns[f'"{name}"'] = value
    return _ROWS.format(
        table=table._meta.db_table, columns=", ".join(columns), values=", ".join(columns.values()),
        case="id" if table.__name__ == "Case" else "case_id",
    )  # fmt: skip
