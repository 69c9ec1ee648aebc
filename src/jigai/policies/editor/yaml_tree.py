"""Where everything in a YAML text stands, so that one value can be changed and nothing else is.

Positions are offsets into the text. Comments, order, blank lines and the way values are written
belong to the text and are never written anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Item:
    """One node: ``start`` and ``end`` offsets of all that is written for it, anchor included.

    ``flow`` is set for ``{…}`` and ``[…]``, and for everything inside them. Of an alias ``alias``
    names the anchor and ``target`` is what it stands for.
    """

    start: int
    end: int
    flow: bool
    text: str | None = None
    items: list[Item] | None = None
    pairs: list[tuple[Item, Item]] | None = None
    anchor: str = ""
    alias: str = ""
    target: Item | None = None
    inside_flow: bool = False
    column: int = 0

    @property
    def real(self) -> Item:
        """What it stands for."""
        return self.target if self.target is not None else self

    @property
    def plain(self) -> Any:
        """As dictionaries, lists and text, like the loader of packs reads it."""
        node = self.real
        if node.pairs is not None:
            return {str(key.text): value.plain for key, value in node.pairs}
        if node.items is not None:
            return [item.plain for item in node.items]
        return node.text

    def walk(self) -> Iterator[Item]:
        """This node and everything written inside it."""
        yield self
        for child in self.items or ():
            yield from child.walk()
        for key, value in self.pairs or ():
            yield from key.walk()
            yield from value.walk()


@dataclass(slots=True)
class _Open:
    node: Item
    children: list[Item] = field(default_factory=list)


def read_text(text: str) -> Item | None:
    """The node of a whole text; nothing for an empty one. Raises ``YAMLError`` for bad syntax.

    Texts are checked by :mod:`jigai.policies.yaml_bounds` before they come here.
    """
    stack: list[_Open] = []
    anchors: dict[str, Item] = {}
    root: Item | None = None
    for event in YAML(typ="safe", pure=True).parse(text):
        node: Item | None = None
        if isinstance(event, MappingStartEvent | SequenceStartEvent):
            inside = bool(stack) and stack[-1].node.flow
            opened = Item(
                event.start_mark.index, event.end_mark.index, bool(event.flow_style),
                anchor=event.anchor or "", inside_flow=inside, column=event.start_mark.column,
            )  # fmt: skip
            stack.append(_Open(opened))
            if opened.anchor:
                anchors[opened.anchor] = opened
            continue
        if isinstance(event, MappingEndEvent | SequenceEndEvent):
            node = _closed(text, stack.pop(), event)
        elif isinstance(event, ScalarEvent):
            node = _scalar(text, event, bool(stack) and stack[-1].node.flow)
            if node.anchor:
                anchors[node.anchor] = node
        elif isinstance(event, AliasEvent):
            node = Item(
                event.start_mark.index, event.end_mark.index, True, alias=str(event.anchor),
                target=anchors[str(event.anchor)], inside_flow=bool(stack) and stack[-1].node.flow,
                column=event.start_mark.column,
            )  # fmt: skip
        if node is None:
            continue
        if stack:
            stack[-1].children.append(node)
        else:
            root = node
    return root


def _closed(text: str, opened: _Open, event: Any) -> Item:
    node, children = opened.node, opened.children
    if isinstance(event, MappingEndEvent):
        node.pairs = list(zip(children[::2], children[1::2], strict=True))
    else:
        node.items = children
    if node.anchor and not node.flow and children:
        node.column = _own_column(text, node, children[0])
    # A block ends where its last value does; what follows are comments of whatever comes next.
    node.end = event.end_mark.index if node.flow else max(
        (child.end for child in children), default=node.end
    )  # fmt: skip
    return node


def _own_column(text: str, node: Item, first: Item) -> int:
    """Where the entries of a block with a name begin, the name standing on the line before."""
    if node.pairs is not None:
        return first.column
    dash = text.rfind("-", node.start, first.start)
    return dash - (text.rfind("\n", 0, dash) + 1)


def _scalar(text: str, event: Any, inside: bool) -> Item:
    start, end = event.start_mark.index, event.end_mark.index
    if event.style in ("|", ">"):
        end = start + len(text[start:end].rstrip())
        end = _without_comments(text, start, end, event)
    value = str(event.value).replace("\a", "")
    return Item(
        start, end, inside, text=value, anchor=event.anchor or "", inside_flow=inside,
        column=event.start_mark.column,
    )  # fmt: skip


def _without_comments(text: str, start: int, end: int, event: Any) -> int:
    """A block of text ends with its last line that is indented as it is, not with a comment."""
    lines = text[start:end].split("\n")
    body = [line for line in lines[1:] if line.strip()]
    if not body:
        return start + len(lines[0].rstrip())
    indent = len(body[0]) - len(body[0].lstrip(" "))
    while len(lines) > 1 and (
        not lines[-1].strip() or len(lines[-1]) - len(lines[-1].lstrip(" ")) < indent
    ):
        lines.pop()
    return start + len("\n".join(lines))


def at(root: Item, path: Path) -> Item | None:
    """The node at a path; nothing where there is none. Aliases are looked through."""
    node = root
    for step in path:
        real = node.real
        if isinstance(step, int):
            if real.items is None or not -len(real.items) <= step < len(real.items):
                return None
            node = real.items[step]
        else:
            found = [value for key, value in real.pairs or () if key.text == step]
            if not found:
                return None
            node = found[0]
    return node


def passes_alias(root: Item, path: Path) -> bool:
    """Whether a path leads through an alias: then what stands there belongs to another place."""
    node: Item | None = root
    for length in range(1, len(path) + 1):
        node = at(root, path[:length])
        if node is None:
            return False
        if node.alias and length < len(path):
            return True
    return False
