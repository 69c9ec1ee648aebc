"""YAML with places: every scalar stays text, every node knows its line and column."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import Node, ScalarNode, SequenceNode

from jigai.rules.errors import PackError, Place, Problem
from jigai.yaml_files import compose_yaml

Path_ = tuple[str | int, ...]


class Tree(NamedTuple):
    """A node and where it begins (from 1): text, a list of trees, or pairs of key and tree."""

    line: int
    column: int
    text: str | None = None
    items: tuple[Tree, ...] = ()
    pairs: tuple[tuple[Tree, Tree], ...] | None = None


class Source:
    """One parsed file: plain ``data`` (dicts, lists, text) and ``place(path)``."""

    def __init__(self, file: str, text: str) -> None:
        """Parse ``text``; raises :class:`PackError` (``yaml-syntax``, ``duplicate-key``)."""
        self.file = file
        self._places: dict[Path_, Place] = {}
        self._problems: list[Problem] = []
        try:
            tree = read_tree(text)
        except YAMLError as error:
            raise PackError([_syntax(file, text, error)]) from error
        self.data: Any = self._plain(tree, ()) if tree is not None else {}
        if self._problems:
            raise PackError(self._problems)

    def place(self, path: Path_) -> Place:
        """Return the place of the deepest known node on ``path``."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._places:
                return self._places[path[:length]]
        return Place(self.file)

    def _plain(self, tree: Tree, path: Path_) -> Any:
        self._places[path] = self._mark(tree)
        if tree.text is not None:
            return tree.text
        if tree.pairs is not None:
            return self._mapping(tree.pairs, path)
        return [self._plain(child, (*path, index)) for index, child in enumerate(tree.items)]

    def _mapping(self, pairs: tuple[tuple[Tree, Tree], ...], path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_tree, value in pairs:
            key = str(key_tree.text)
            if key in result:
                place, message = self._mark(key_tree), f"键“{key}”写了两次"
                self._problems.append(Problem("duplicate-key", place, message, "删去其中一处"))
            result[key] = self._plain(value, (*path, key))
        return result

    def _mark(self, tree: Tree) -> Place:
        return Place(self.file, tree.line, tree.column)


@lru_cache(maxsize=256)
def read_tree(text: str) -> Tree | None:
    """The nodes of a YAML text; kept, because packs share their bases and parsing is slow."""
    node = compose_yaml(text)
    return None if node is None else _tree(node)


def _tree(node: Node) -> Tree:
    line, column = node.start_mark.line + 1, node.start_mark.column + 1
    if isinstance(node, ScalarNode):
        # Without the round-trip marks of folded text.
        return Tree(line, column, node.value.replace("\a", ""))
    if isinstance(node, SequenceNode):
        return Tree(line, column, items=tuple(map(_tree, node.value)))
    return Tree(line, column, pairs=tuple((_tree(key), _tree(value)) for key, value in node.value))


def read_source(root: Path, name: str) -> Source | None:
    """Read ``root/name``; ``None`` when the file does not exist."""
    path = root / name
    if not path.exists():
        return None
    file = f"{root.name}/{name}"
    try:
        return Source(file, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        problem = Problem("yaml-syntax", Place(file), "文件不是 UTF-8 编码", "另存为 UTF-8")
        raise PackError([problem]) from error


def _syntax(file: str, text: str, error: YAMLError) -> Problem:
    """Where reading stopped, or where what was never closed begins."""
    place = Place(file)
    if isinstance(error, MarkedYAMLError) and error.problem_mark:
        mark = error.problem_mark
        if error.context_mark and not text[mark.index :].strip():
            mark = error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1)
    fix = "检查缩进、冒号后的空格、引号与括号"
    return Problem("yaml-syntax", place, "YAML 从这里起读不下去", fix)
