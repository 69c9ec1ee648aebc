"""What a list is asked to show: conditions, columns, order, page. Read from an address or kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from jigai.core.screens.keyset import Sort

SIZES = (20, 50, 100)
# Names in addresses that are not conditions.
RESERVED = frozenset({"sort", "cols", "size", "page", "view", "csrfmiddlewaretoken", "nonce"})


@dataclass(frozen=True, slots=True)
class ListState:
    """One state of one list. ``problems`` are sentences about what could not be understood."""

    query: Mapping[str, list[str]] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    sort: str = ""
    size: int = SIZES[0]
    page: str = ""
    view: str = ""
    problems: tuple[str, ...] = ()

    @property
    def data(self) -> QueryDict:
        """The conditions as a form takes them."""
        data = QueryDict(mutable=True)
        for name, values in self.query.items():
            data.setlist(name, list(values))
        return data

    def kept(self) -> dict[str, Any]:
        """What a saved view or an export keeps."""
        query = {name: list(values) for name, values in self.query.items()}
        return {"query": query, "columns": list(self.columns), "sort": self.sort}

    def address(self, **changes: Any) -> str:
        """The query string of this state with changes; the first page unless ``page`` is given."""
        changes.setdefault("page", "")
        state = replace(self, **changes)
        pairs = [(name, value) for name, values in state.query.items() for value in values]
        pairs += [("cols", key) for key in state.columns]
        pairs += [("sort", state.sort)] if state.sort else []
        pairs += [("size", str(state.size))] if state.size != SIZES[0] else []
        pairs += [("view", state.view)] if state.view else []
        pairs += [("page", state.page)] if state.page else []
        return "?" + urlencode(pairs)


def read_state(
    given: QueryDict, *, columns: Iterable[str], sorts: Iterable[str], conditions: Iterable[str]
) -> ListState:
    """The state in an address. What is not understood is left out and named in ``problems``."""
    problems: list[str] = []
    known = set(columns)
    chosen = list(dict.fromkeys(given.getlist("cols")))
    if any(key not in known for key in chosen):
        problems.append("有的列已不存在，已略去")
    sort = given.get("sort", "")
    if sort and Sort.parse(sort).path not in set(sorts):
        problems.append("不能按这一列排序，已按默认顺序显示")
        sort = ""
    size = given.get("size", str(SIZES[0]))
    if size not in {str(n) for n in SIZES}:
        problems.append(f"每页行数只能是 {'、'.join(map(str, SIZES))}，已按 {SIZES[0]} 行显示")
        size = str(SIZES[0])
    names = [name for name in conditions if any(given.getlist(name))]
    return ListState(
        query={name: [value for value in given.getlist(name) if value] for name in names},
        columns=tuple(key for key in chosen if key in known),
        sort=sort,
        size=int(size),
        page=given.get("page", ""),
        view=given.get("view", ""),
        problems=tuple(problems),
    )


def state_of(kept: Mapping[str, Any]) -> ListState:
    """The state a saved view or an export holds."""
    return ListState(
        query={name: list(values) for name, values in kept.get("query", {}).items()},
        columns=tuple(kept.get("columns", ())),
        sort=kept.get("sort", ""),
    )
