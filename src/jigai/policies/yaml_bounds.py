"""Refuses YAML made to exhaust the reader: references that multiply, endless nesting."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    NodeEvent,
    ScalarEvent,
)

from jigai.rules.errors import Place, Problem

# A real pack has a few tens of thousands of values, at most six deep.
MOST_VALUES = 300_000
MOST_DEPTH = 30
_FIX = "政策包只需要普通的键、值与列表；把引用展开写，或拆开文件"


def bounds_problem(file: str, text: str) -> Problem | None:
    """What keeps a text from being read safely: ``None`` for nothing.

    Nothing is built: only the marks of the text are counted, references at the size of what they
    stand for. A text with faulty syntax is left to the reader, which says where.
    """
    for pure in (False, True):  # the quick parser refuses a few texts that are allowed
        with suppress(YAMLError):
            return _count(file, YAML(typ="safe", pure=pure).parse(text))
    return None


def _count(file: str, events: Iterable[Event]) -> Problem | None:
    # Known sizes by anchor: (values, depth). Open ones stand on the stack until they end.
    sizes: dict[str, tuple[int, int]] = {}
    stack: list[tuple[str, int, int]] = [("", 0, 0)]  # anchor, values so far, deepest below
    for event in events:
        if isinstance(event, CollectionStartEvent):
            stack.append((event.anchor or "", 1, 0))
        elif isinstance(event, CollectionEndEvent):
            anchor, values, depth = stack.pop()
            if anchor:
                sizes[anchor] = (values, depth + 1)
            _add(stack, values, depth + 1)
        elif isinstance(event, AliasEvent):
            if event.anchor not in sizes:
                return _problem(file, event, "引用了自己或没有的锚点")
            _add(stack, *sizes[event.anchor])
        elif isinstance(event, ScalarEvent):
            if event.anchor:
                sizes[event.anchor] = (1, 0)
            _add(stack, 1, 0)
        else:
            continue
        if len(stack) + stack[-1][2] > MOST_DEPTH:
            return _problem(file, event, f"嵌套超过 {MOST_DEPTH} 层")
        if sum(values for _anchor, values, _depth in stack) > MOST_VALUES:
            return _problem(file, event, f"展开后超过 {MOST_VALUES:,} 个值")
    return None


def _add(stack: list[tuple[str, int, int]], values: int, depth: int) -> None:
    anchor, own, deepest = stack[-1]
    stack[-1] = (anchor, own + values, max(deepest, depth))


def _problem(file: str, event: NodeEvent | CollectionEndEvent, message: str) -> Problem:
    place = Place(file, event.start_mark.line + 1, event.start_mark.column + 1)
    return Problem("yaml-bounds", place, message, _FIX)
