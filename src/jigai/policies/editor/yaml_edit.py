"""Changes single values in a YAML text; whatever else is written there stays byte for byte.

The result is always read again: a text that does not say exactly what was asked for is refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml.error import YAMLError

from jigai.errors import JigaiError
from jigai.policies.editor import yaml_write
from jigai.policies.editor.yaml_tree import Item, Path, at, read_text

# By these the entries of a list are known again: ``id`` of a parameter, ``from`` of a dated value.
_KEYS = ("id", "from", "per", "name", "number", "title")


def rewritten(text: str, path: Path, value: Any) -> str:
    """The text with ``value`` at ``path``, written only where it differs.

    A key that is not there yet is added last, an index one past the end adds an entry. Raises
    :class:`JigaiError` where that cannot be written without touching something else.
    """
    value = as_text(value)
    root = read_text(text)
    if root is None:
        whole = _nest(path, value)
        lines = yaml_write.entries(whole, 0)
        head = text if not text or text.endswith("\n") else f"{text}\n"
        return _checked(head + "\n".join(lines) + "\n", whole)
    changes = _Changes(text, root)
    wanted = _with(root.plain, path, value)
    changes.rewrite(root, wanted)
    return _checked(changes.result(), wanted)


def without(text: str, path: Path) -> str:
    """The text without the entry at ``path``. Raises :class:`JigaiError` for a place not there."""
    root = read_text(text)
    if root is None or at(root, path) is None:
        raise JigaiError("no-entry", "要删除的内容已经不在", "刷新后再看")
    changes = _Changes(text, root)
    wanted = _without(root.plain, path)
    changes.rewrite(root, wanted)
    return _checked(changes.result(), wanted)


def as_text(value: Any) -> Any:
    """Plain data as packs are read: every scalar is text, nothing is ``null``."""
    if isinstance(value, dict):
        return {str(key): as_text(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [as_text(one) for one in value]
    return "null" if value is None else str(value)


def _checked(text: str, wanted: Any) -> str:
    try:
        found = read_text(text)
        says = found.plain if found is not None else {}
    except YAMLError:
        says = None
    if says != wanted:
        raise JigaiError("not-writable", "这处内容写法特殊，表单改不了", "请在文本里直接改")
    return text


def _nest(path: Path, value: Any) -> Any:
    for step in reversed(path):
        value = [value] if isinstance(step, int) else {step: value}
    return value


def _with(plain: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    step, rest = path[0], path[1:]
    if isinstance(step, int):
        listed = list(plain or [])
        if step == len(listed):
            return [*listed, _nest(rest, value)]
        listed[step] = _with(listed[step], rest, value)
        return listed
    mapped = dict(plain or {})
    mapped[step] = _with(mapped[step], rest, value) if step in mapped else _nest(rest, value)
    return mapped


def _without(plain: Any, path: Path) -> Any:
    step, rest = path[0], path[1:]
    if rest:
        return _with(plain, (step,), _without(plain[step], rest))
    if isinstance(step, int):
        return [*plain[:step], *plain[step + 1 :]]
    return {key: value for key, value in plain.items() if key != step}


@dataclass(slots=True)
class _Changes:
    """What is to be cut out and put in, by offset; made from one reading of the text."""

    text: str
    root: Item
    cuts: list[tuple[int, int, str]] = field(default_factory=list)

    def result(self) -> str:
        """The text with everything done."""
        self._move_anchors()
        text = self.text
        for start, end, new in sorted(self.cuts, key=lambda cut: (cut[0], cut[1]), reverse=True):
            text = text[:start] + new + text[end:]
        return text

    # What differs

    def rewrite(self, node: Item, new: Any, before: Item | None = None) -> None:
        """Note what must change so that ``node`` says ``new``; ``before`` is its key."""
        if node.plain == new:
            return
        if not node.alias and node.pairs and isinstance(new, dict) and new:
            self._map(node, new)
        elif not node.alias and node.items and isinstance(new, list) and self._list(node, new):
            pass
        else:
            self._replace(node, new, before)

    def _map(self, node: Item, new: dict[str, Any]) -> None:
        pairs = node.pairs or []
        kept = [(key, value) for key, value in pairs if key.text in new]
        if not kept:
            # Nothing of it stays: written anew from its first key on.
            self._cut(node.start, node.end, self._as_map(node, new), node)
            return
        for index, (key, _value) in enumerate(pairs):
            if key.text not in new:
                self._drop(node, index)
        for key, value in kept:
            self.rewrite(value, new[str(key.text)], key)
        self._add_pairs(node, new, kept)

    def _as_map(self, node: Item, new: dict[str, Any]) -> str:
        if node.flow:
            return yaml_write.inline(new)
        return ("\n" + " " * node.column).join(yaml_write.entries(new, node.column))

    def _add_pairs(
        self, node: Item, new: dict[str, Any], kept: list[tuple[Item, Item]]
    ) -> None:  # fmt: skip
        """New keys go behind the key they follow in ``new``; the first ones behind the first."""
        known = {str(key.text): value for key, value in kept}
        behind = kept[0][1]
        added: dict[int, tuple[Item, list[str]]] = {}
        for key, value in new.items():
            if key in known:
                behind = known[key]
                continue
            written = yaml_write.entry(key, value, node.column, flow=node.flow)
            added.setdefault(id(behind), (behind, []))[1].append(written)
        for value_node, lines in added.values():
            if node.flow:
                place = value_node.end
                self.cuts.append((place, place, "".join(f", {line}" for line in lines)))
            else:
                place = self._line_end(value_node.end)
                pad = "\n" + " " * node.column
                self.cuts.append((place, place, "".join(pad + line for line in lines)))

    def _list(self, node: Item, new: list[Any]) -> bool:
        """Entry by entry where it can be told which is which; else nothing is done."""
        items = node.items or []
        if len(items) == len(new) and (node.flow or _same_keys([i.plain for i in items], new)):
            for item, value in zip(items, new, strict=True):
                self.rewrite(item, value)
            return True
        if node.flow or not new:
            return False
        keys = [_key(item.plain) for item in items]
        wanted = [_key(value) for value in new]
        stay = [key for key in wanted if key in keys]
        if len(set(keys)) < len(keys) or stay != [key for key in keys if key in wanted]:
            return False
        if not stay or (stay and wanted[0] not in keys):
            return False
        self._entries(
            node, dict(zip(keys, items, strict=True)), dict(zip(wanted, new, strict=True))
        )
        return True

    def _entries(self, node: Item, old: dict[Any, Item], new: dict[Any, Any]) -> None:
        for key, item in old.items():
            if key not in new:
                start = self._line_start(item.start)
                self.cuts.append((start, min(self._line_end(item.end) + 1, len(self.text)), ""))
        behind = next(iter(old.values()))
        added: dict[int, tuple[Item, list[str]]] = {}
        for key, value in new.items():
            if key in old:
                behind = old[key]
                self.rewrite(behind, value)
                continue
            # A list of blocks goes on in blocks.
            block = bool(behind.pairs) and not behind.flow
            written = "- " + yaml_write.after_dash(value, node.column + 2, block=block)
            added.setdefault(id(behind), (behind, []))[1].append(written)
        for item, lines in added.values():
            place = self._line_end(item.end)
            pad = "\n" + " " * node.column
            self.cuts.append((place, place, "".join(pad + line for line in lines)))

    # Cutting

    def _replace(self, node: Item, new: Any, key: Item | None) -> None:
        if key is None:
            written = yaml_write.after_dash(new, node.column)
            if node.inside_flow:
                written = yaml_write.inline(new)
            self._cut(node.start, node.end, written, node)
            return
        colon = self.text.index(":", key.end) + 1
        flow = key.inside_flow
        written = yaml_write.after_colon(new, key.column, flow=flow)
        if isinstance(new, list) and new and isinstance(new[0], dict) and key.column == 0:
            # The main list of a file: every entry a block.
            lines = [f"- {yaml_write.after_dash(one, 2, block=True)}" for one in new]
            written = "\n" + "\n".join(lines)
        self._cut(colon, max(node.end, colon), written, node)

    def _drop(self, node: Item, index: int) -> None:
        pairs = node.pairs or []
        key, value = pairs[index]
        if index + 1 < len(pairs) and (index == 0 or node.flow):
            self._cut(key.start, pairs[index + 1][0].start, "", value)
        elif node.flow:
            # All before it may be dropped too: then their ends are gone as well.
            self._cut(pairs[index - 1][1].end, value.end, "", value)
        else:
            start, end = self._line_start(key.start) - 1, self._line_end(value.end)
            kept = "".join(f"\n{' ' * node.column}{one}" for one in self._comments(start, end))
            self.cuts.append((start, end, kept))

    def _cut(self, start: int, end: int, new: str, node: Item) -> None:
        """Replace, keeping the comments that stood inside on lines of their own above."""
        comments = self._comments(start, end)
        if comments:
            line = self._line_start(start)
            pad = " " * (len(self.text[line:]) - len(self.text[line:].lstrip(" ")))
            self.cuts.append((line, line, "".join(f"{pad}{one}\n" for one in comments)))
        self.cuts.append((start, end, new))

    def _comments(self, start: int, end: int) -> list[str]:
        found, place = [], start
        texts = [(n.start, n.end) for n in self.root.walk() if n.text is not None and not n.alias]
        while (place := self.text.find("#", place, end)) >= 0:
            begins = place == 0 or self.text[place - 1] in " \t\n"
            if begins and not any(a <= place < b for a, b in texts):
                stop = self._line_end(place)
                found.append(self.text[place : min(stop, end)].rstrip())
                place = stop
            else:
                place += 1
        return found

    def _line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def _line_end(self, place: int) -> int:
        found = self.text.find("\n", place)
        return len(self.text) if found < 0 else found

    # Anchors

    def _move_anchors(self) -> None:
        """What is cut out may have had a name that others use: the first of those takes it over."""
        spans = [(start, end) for start, end, _new in self.cuts if end > start]

        def gone(node: Item) -> bool:
            return any(start <= node.start and node.end <= end for start, end in spans)

        changed = self._changed_anchors()
        moved: set[int] = set()
        for node in self.root.walk():
            target = node.target
            if target is None or gone(node) or id(target) in moved:
                continue
            if gone(target):
                moved.add(id(target))
                written = f"&{node.alias} {yaml_write.inline(target.plain)}"
                self.cuts.append((node.start, node.end, written))
            elif id(target) in changed:
                moved.add(id(target))
                self._part(target, node)

    def _changed_anchors(self) -> set[int]:
        """Named nodes inside which something is cut."""
        places = [(start, end) for start, end, _new in self.cuts]
        return {
            id(node)
            for node in self.root.walk()
            if node.anchor and any(node.start < a and b <= node.end for a, b in places)
        }

    def _part(self, target: Item, alias: Item) -> None:
        """The named one changes inside: its name goes to the first of those that stay as it was."""
        mark = f"&{target.anchor}"
        end = target.start + len(mark)
        end += len(self.text[end:]) - len(self.text[end:].lstrip(" "))
        start = target.start - (1 if self.text[end : end + 1] == "\n" else 0)
        self.cuts.append((start, end, ""))
        self.cuts.append((alias.start, alias.end, f"{mark} {yaml_write.inline(target.plain)}"))


def _key(value: Any) -> Any:
    if isinstance(value, dict):
        return next(((name, str(value[name])) for name in _KEYS if name in value), str(value))
    return str(value)


def _same_keys(old: list[Any], new: list[Any]) -> bool:
    """Whether the entries are the same ones in the same order; one may have a new name."""
    return sum(_key(one) != _key(other) for one, other in zip(old, new, strict=True)) < 2
