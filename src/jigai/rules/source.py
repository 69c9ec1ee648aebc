"""YAML with places: every scalar stays text, every node knows its line and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from jigai.rules.errors import PackError, Place, Problem

Path_ = tuple[str | int, ...]


class Source:
    """One parsed file: plain ``data`` (dicts, lists, text) and ``place(path)``."""

    def __init__(self, file: str, text: str) -> None:
        """Parse ``text``; raises :class:`PackError` (``yaml-syntax``, ``duplicate-key``)."""
        self.file = file
        self._places: dict[Path_, Place] = {}
        self._problems: list[Problem] = []
        try:
            node = YAML(typ="rt").compose(text)
        except YAMLError as error:
            raise PackError([_syntax(file, text, error)]) from error
        self.data: Any = self._plain(node, ()) if node is not None else {}
        if self._problems:
            raise PackError(self._problems)

    def place(self, path: Path_) -> Place:
        """Return the place of the deepest known node on ``path``."""
        for length in range(len(path), -1, -1):
            if path[:length] in self._places:
                return self._places[path[:length]]
        return Place(self.file)

    def _plain(self, node: Node, path: Path_) -> Any:
        self._places[path] = self._mark(node)
        if isinstance(node, ScalarNode):
            return node.value.replace("\a", "")  # round-trip marks of folded text
        if isinstance(node, SequenceNode):
            return [self._plain(child, (*path, index)) for index, child in enumerate(node.value)]
        assert isinstance(node, MappingNode), node
        return self._mapping(node, path)

    def _mapping(self, node: MappingNode, path: Path_) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in result:
                place, message = self._mark(key_node), f"键“{key}”写了两次"
                self._problems.append(Problem("duplicate-key", place, message, "删去其中一处"))
            result[key] = self._plain(value_node, (*path, key))
        return result

    def _mark(self, node: Node) -> Place:
        return Place(self.file, node.start_mark.line + 1, node.start_mark.column + 1)


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
