"""Facts as tables in DuckDB: one per subject, row ids for joins, nothing loaded from outside."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from jigai.rules.columns import Column
from jigai.rules.facts import KEYS, Encoder
from jigai.rules.scope import TermInfo

_ARROW = {
    "bool": pa.bool_(),
    "enum": pa.int8(),
    "text": pa.string(),
    "date": pa.date32(),
    "number": pa.int64(),
}

# Subjects every snapshot has; the others only where a pack or the facts have them.
ALWAYS = ("enterprise", "project", "consortium", "member", "line")


def connect(threads: int = 2) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that loads no extension and reaches nothing outside."""
    return duckdb.connect(
        config={
            "threads": threads,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "enable_external_access": False,
        }
    )


@dataclass(slots=True)
class Snapshot:
    """Stored facts of one moment: tables ``f_<subject>`` and the keys by row id.

    ``keys[subject][rid]`` is the original key; ``columns`` what each table holds; ``stats`` the
    bounds and missingness that let the compiler choose 64-bit arithmetic.
    """

    connection: duckdb.DuckDBPyConnection
    keys: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, set[str]] = field(default_factory=dict)
    stats: dict[str, Column] = field(default_factory=dict)
    inputs: dict[str, dict[str, TermInfo]] = field(default_factory=dict)
    bits: dict[str, dict[str, int]] = field(default_factory=dict)
    arrays: dict[str, dict[str, Any]] = field(default_factory=dict)

    def size(self, subject: str) -> int:
        """Number of rows of a subject."""
        return len(self.keys.get(subject, ()))


def from_rows(
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
    inputs: Mapping[str, Mapping[str, TermInfo]],
    threads: int = 2,
) -> Snapshot:
    """Snapshot of rows by subject (terms absent from a row take the vocabulary's assumption)."""
    snapshot = Snapshot(connect(threads), inputs={s: dict(t) for s, t in inputs.items()})
    encoder = Encoder(inputs)
    present = [s for s in KEYS if s in ALWAYS or s in rows or s in inputs]
    stored = {s: [encoder.encode(s, row) for row in rows.get(s, ())] for s in present}
    index = {s: {row["key"]: rid for rid, row in enumerate(listed)} for s, listed in stored.items()}
    for subject, listed in stored.items():
        arrays: dict[str, pa.Array] = {"rid": pa.array(range(len(listed)), pa.int32())}
        for key in KEYS[subject][1:]:
            parent = key.removesuffix("_key")
            target = index["line" if parent == "original" else parent]
            arrays[f"{parent}_rid"] = pa.array([target.get(row[key]) for row in listed], pa.int32())
        for name, info in inputs.get(subject, {}).items():
            arrays[name] = pa.array([row[name] for row in listed], _ARROW[info.type.kind])
        if subject == "line":
            arrays["enterprise_rid"] = _line_owner(stored, index)
        _store(snapshot, subject, pa.table(arrays), [row["key"] for row in listed])
    return snapshot


def _line_owner(
    stored: dict[str, list[dict[str, Any]]], index: dict[str, dict[Any, int]]
) -> pa.Array:
    owners = []
    for row in stored["line"]:
        rid = index["project"].get(row["project_key"])
        owner = stored["project"][rid]["enterprise_key"] if rid is not None else None
        if rid is None:
            member = index["member"].get(row["member_key"])
            owner = stored["member"][member]["enterprise_key"] if member is not None else None
        owners.append(index["enterprise"].get(owner))
    return pa.array(owners, pa.int32())


def from_columns(
    tables: Mapping[str, Mapping[str, pa.Array]],
    keys: Mapping[str, Any],
    inputs: Mapping[str, Mapping[str, TermInfo]],
    threads: int = 2,
) -> Snapshot:
    """Snapshot of ready columns (``rid`` and ``<parent>_rid`` included); nothing is assumed."""
    snapshot = Snapshot(connect(threads), inputs={s: dict(t) for s, t in inputs.items()})
    for subject, arrays in tables.items():
        _store(snapshot, subject, pa.table(dict(arrays)), keys[subject])
    return snapshot


def _store(snapshot: Snapshot, subject: str, table: pa.Table, keys: Any) -> None:
    _measure(snapshot, subject, table)
    table = _with_bits(snapshot, subject, table)
    snapshot.connection.register("incoming", table)
    snapshot.connection.execute(f"CREATE TABLE f_{subject} AS SELECT * FROM incoming")
    snapshot.connection.unregister("incoming")
    snapshot.keys[subject] = keys
    snapshot.columns[subject] = set(table.column_names)
    snapshot.arrays[subject] = {
        name: table[name].to_numpy()
        for name in table.column_names
        if pa.types.is_integer(table[name].type)
        and table[name].null_count == 0
        and (name.endswith("_rid") or name in snapshot.inputs.get(subject, {}))
    }


def _with_bits(snapshot: Snapshot, subject: str, table: pa.Table) -> pa.Table:
    """Pack what may be missing into two integers: which conditions are false, which facts unknown.

    A conjunction of many gates then costs two bit tests a row instead of one Kleene step a gate.
    """
    names = [n for n in table.column_names if table[n].null_count and not n.endswith("_rid")]
    if not any(pa.types.is_boolean(table[n].type) for n in names):
        return table
    false, unknown = np.zeros(len(table), np.int64), np.zeros(len(table), np.int64)
    for bit, name in enumerate(names[:62]):
        column = table[name].combine_chunks()
        missing = column.is_null().to_numpy(zero_copy_only=False)
        unknown |= missing.astype(np.int64) << bit
        if pa.types.is_boolean(column.type):
            value = column.fill_null(True).to_numpy(zero_copy_only=False)
            false |= (~value).astype(np.int64) << bit
    snapshot.bits[subject] = {name: bit for bit, name in enumerate(names[:62])}
    table = table.append_column(f"bits_false_{subject}", pa.array(false))
    return table.append_column(f"bits_unknown_{subject}", pa.array(unknown))


def _measure(snapshot: Snapshot, subject: str, table: pa.Table) -> None:
    """Bounds and missingness of every column of a stored table."""
    import pyarrow.compute as pc

    for name in table.column_names:
        column = table[name]
        nulls, size = column.null_count, len(column)
        low = high = None
        if pa.types.is_integer(column.type) and nulls < size:
            ends = pc.min_max(column).as_py()
            low, high = ends["min"], ends["max"]
        key = f"{subject}.{name}" if name.endswith("_rid") else name
        snapshot.stats[key] = Column(low, high, nulls > 0, size > 0 and nulls == size)


def snapshot_id(snapshot: Snapshot) -> str:
    """Hash over all stored facts in row order: the same facts give the same id."""
    digest = hashlib.sha256()
    for subject in sorted(snapshot.columns):
        digest.update(subject.encode())
        for name in sorted(snapshot.columns[subject]):
            digest.update(name.encode())
            column = snapshot.connection.execute(
                f'SELECT "{name}" FROM f_{subject} ORDER BY rid'
            ).fetchnumpy()[name]
            mask = np.ma.getmaskarray(column)
            digest.update(mask.tobytes())
            data = np.ma.filled(column, 0) if column.dtype != object else column
            digest.update(repr(list(data)).encode() if data.dtype == object else data.tobytes())
        digest.update(repr(snapshot.keys[subject]).encode())
    return digest.hexdigest()
