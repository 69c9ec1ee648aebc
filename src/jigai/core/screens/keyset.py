"""Pages of a long list by key: as fast at the end as at the start, and stable while rows are added.

A page is asked for by the sort value and id of the row it follows (or precedes). Rows without a
value stand last in both directions. The id decides between equal values, so order is total.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.core.signing import BadSignature, Signer
from django.db.models import BooleanField, F, Func, Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)
# The sort value of a row is read with the row under this name.
KEY = "list_key"
_signer = Signer(salt="jigai.keyset")


@dataclass(frozen=True, slots=True)
class Sort:
    """A field (or annotation) path and a direction; written ``-created_at`` in addresses."""

    path: str
    descending: bool = False

    @classmethod
    def parse(cls, text: str) -> Sort:
        """``-path`` descends."""
        return cls(text.removeprefix("-"), text.startswith("-"))

    def __str__(self) -> str:
        return f"-{self.path}" if self.descending else self.path

    @property
    def reversed(self) -> Sort:
        """The same field the other way."""
        return Sort(self.path, not self.descending)


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or, going back, before) the row with this value and id."""

    sort: Sort
    value: Any
    pk: int
    back: bool = False

    def token(self) -> str:
        """The cursor for an address, signed: what was altered is refused, not searched for."""
        content = [str(self.sort), _plain(self.value), self.pk, int(self.back)]
        signed: str = _signer.sign_object(content, compress=True)
        return signed

    @classmethod
    def read(cls, token: str, sort: Sort) -> Cursor | None:
        """The cursor in an address; ``None`` when it was altered or belongs to another order."""
        try:
            text, value, pk, back = _signer.unsign_object(token)
            if text != str(sort):
                return None
            return cls(sort, _typed(value), int(pk), bool(back))
        except (BadSignature, ValueError, TypeError):
            return None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows of one page and the tokens of its neighbours; empty where there is none."""

    rows: list[Row]
    before: str = ""
    after: str = ""


class _Beyond(Func):
    """``(field, id) > (value, id)``: one range of an index on both."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, path: str, sign: str, value: Any, pk: int) -> None:
        super().__init__(F(path), F("pk"))
        self.sign, self.value, self.pk = sign, value, pk

    def as_sql(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        """The comparison of rows, which Django has no lookup for."""
        parts, params = [], []
        for expression in self.get_source_expressions():
            sql, given = compiler.compile(expression)
            parts.append(sql)
            params.extend(given)
        return f"({', '.join(parts)}) {self.sign} (%s, %s)", [*params, self.value, self.pk]


def ordered(rows: QuerySet[Row], sort: Sort, *, backward: bool = False) -> QuerySet[Row]:
    """The rows in the order of a sort, or exactly the other way round."""
    down = sort.descending != backward
    last = "-pk" if down else "pk"
    if sort.path in ("id", "pk"):
        return rows.order_by(last)
    key: Any = F(sort.path).desc() if down else F(sort.path).asc()
    if is_nullable(rows.model, sort.path):
        key = (
            F(sort.path).desc(**_nulls(backward)) if down else F(sort.path).asc(**_nulls(backward))
        )
    return rows.order_by(key, last)


def fetch_page(
    rows: QuerySet[Row], sort: Sort, size: int, cursor: Cursor | None = None
) -> Page[Row]:
    """One page of at most ``size`` rows, in two queries; back at the start it is the first page."""
    back = cursor is not None and cursor.back
    found: list[Row] = _read(rows, sort, size + 1, cursor)
    more, found = len(found) > size, found[:size]
    if back:
        if not more:
            return fetch_page(rows, sort, size)
        found.reverse()
    before = found and (cursor is not None)
    after = found and (more or back)
    return Page(
        found,
        before=_token(sort, found[0], back=True) if before else "",
        after=_token(sort, found[-1], back=False) if after else "",
    )


def is_nullable(model: type[Model], path: str) -> bool:
    """Whether a sort value can be missing; an annotation may always be."""
    current: Any = model
    for name in path.split("__"):
        try:
            field = current._meta.get_field("id" if name == "pk" else name)
        except FieldDoesNotExist:
            return True
        if field.null:
            return True
        current = field.related_model or current
    return False


def _read(rows: QuerySet[Row], sort: Sort, limit: int, cursor: Cursor | None) -> list[Row]:
    """Keys first, then the rows behind them: what is sorted stays narrow and joins nothing."""
    keyed = rows.annotate(**{KEY: F(sort.path)})
    if cursor is not None:
        keyed = keyed.filter(_past(rows.model, cursor))
    keyed = ordered(keyed, sort, backward=cursor is not None and cursor.back)
    keys = dict(keyed.values_list("pk", KEY)[:limit])
    found = {row.pk: row for row in rows.filter(pk__in=keys)} if keys else {}
    for pk, row in found.items():
        setattr(row, KEY, keys[pk])
    return [found[pk] for pk in keys if pk in found]


def _past(model: type[Model], cursor: Cursor) -> Any:
    """The rows beyond the cursor in its direction; missing values are beyond every value."""
    path, back = cursor.sort.path, cursor.back
    sign = "<" if cursor.sort.descending != back else ">"
    if path in ("id", "pk"):
        return Q(**{f"pk__{'lt' if sign == '<' else 'gt'}": cursor.pk})
    if cursor.value is None:
        among = Q(**{f"{path}__isnull": True, f"pk__{'lt' if sign == '<' else 'gt'}": cursor.pk})
        return among | Q(**{f"{path}__isnull": False}) if back else among
    beyond = Q(_Beyond(path, sign, cursor.value, cursor.pk))
    if back or not is_nullable(model, path):
        return beyond
    return beyond | Q(**{f"{path}__isnull": True})


def _nulls(backward: bool) -> dict[str, bool]:
    return {"nulls_first": True} if backward else {"nulls_last": True}


def _token(sort: Sort, row: Any, *, back: bool) -> str:
    return Cursor(sort, getattr(row, KEY), row.pk, back).token()


def _plain(value: Any) -> Any:
    """A value as JSON can hold it, with its type."""
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    return {"n": str(value)} if isinstance(value, Decimal) else value


def _typed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    kind, text = next(iter(value.items()))
    read: dict[str, Callable[[str], Any]] = {
        "t": dt.datetime.fromisoformat,
        "d": dt.date.fromisoformat,
        "n": Decimal,
    }
    return read[kind](text)
