"""Evaluates one condition over all rows of an arrow table in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from jigai.rules.code import INT64, Code
from jigai.rules.errors import EvaluationError
from jigai.rules.row_values import RowField, field_multiplier
from jigai.rules.scope import TermInfo
from jigai.rules.sql_text import SqlText, quote

_INTEGERS = "整数（分、0.01 平方米或克标准煤）"


def evaluate(
    code: Code, fields: Iterable[tuple[RowField, TermInfo]], table: pa.Table
) -> pa.BooleanArray:
    """Truth of ``code`` for each row in order; raises :class:`EvaluationError` naming a field."""
    listed = list(fields)
    for item, info in listed:
        _check(item, info, table)
    columns = ", ".join(f"{_stored(f, i)} AS {quote(f.id)}" for f, i in listed) or "1 AS one_"
    sql = (
        f"WITH stored AS (SELECT row_number() OVER () AS place_, {columns} FROM given) "
        f"SELECT {SqlText().print(code)} AS answer FROM stored ORDER BY place_"
    )
    with duckdb.connect() as connection:
        connection.register("given", table)
        try:
            _options(connection, listed)
            answers = connection.sql(sql).to_arrow_table()["answer"]
        except duckdb.Error as error:
            raise EvaluationError(f"成批判断时有数超出能算的范围：{error}") from error
    found = answers.combine_chunks() if isinstance(answers, pa.ChunkedArray) else answers
    return found.cast(pa.bool_())


def _check(item: RowField, info: TermInfo, table: pa.Table) -> None:
    if item.id not in table.column_names:
        raise EvaluationError(f"数据里没有字段“{item.name}”（{item.id}）：补上这一列，或改公式")
    found = table.schema.field(item.id).type
    wanted = _wanted(item, info, found)
    if wanted and not pa.types.is_null(found):
        raise EvaluationError(f"字段“{item.name}”要{wanted}，数据是 {found}")


def _wanted(item: RowField, info: TermInfo, found: pa.DataType) -> str:
    """What the column should be, if it is not."""
    kind, types = info.type.kind, pa.types
    if kind in ("enum", "text"):
        good = types.is_string(found) or types.is_large_string(found) or types.is_dictionary(found)
        return "" if good else "文字"
    if kind in ("bool", "date"):
        good = types.is_boolean(found) if kind == "bool" else types.is_date(found)
        return "" if good else info.type.describe()
    if item.type in ("number", "ratio"):
        if types.is_integer(found) or (types.is_decimal(found) and found.scale <= 6):
            return ""
        return "整数或至多六位小数的十进制数"
    return "" if types.is_integer(found) else _INTEGERS


def _stored(item: RowField, info: TermInfo) -> str:
    """SQL of a column's stored value, as :func:`row_values.stored_value` gives it for one row."""
    name = quote(item.id)
    if info.type.kind == "enum":
        pairs = zip(info.type.options, info.words, strict=True)
        whens = " ".join(
            f"WHEN {name} IN ({_text(code)}, {_text(word)}) THEN {index}"
            for index, (code, word) in enumerate(pairs)
        )
        return f"(CASE {whens} END)::TINYINT"
    if info.type.kind == "text":
        return f"nullif({name}::VARCHAR, '')"
    if info.type.kind != "number":
        return f"{name}::{'BOOLEAN' if info.type.kind == 'bool' else 'DATE'}"
    whole = "HUGEINT" if max(-(info.low or 0), info.high or 0) > INT64 else "BIGINT"
    if item.type not in ("number", "ratio"):
        return f"{name}::{whole}"
    # The decimals are moved by an exact product, never through a double.
    return f"({name}::DECIMAL(22, 6) * {field_multiplier(item)}::DECIMAL(16, 0))::{whole}"


def _options(
    connection: duckdb.DuckDBPyConnection, fields: list[tuple[RowField, TermInfo]]
) -> None:
    """Refuse words that are no option of their field."""
    for item, info in fields:
        if info.type.kind != "enum":
            continue
        words = ", ".join(_text(w) for w in (*info.type.options, *info.words, ""))
        name = quote(item.id)
        odd = connection.sql(
            f"SELECT {name} FROM given WHERE {name} IS NOT NULL AND {name} NOT IN ({words}) LIMIT 1"
        ).fetchall()
        if odd:
            raise EvaluationError(f"字段“{item.name}”：不认识取值“{odd[0][0]}”")


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
