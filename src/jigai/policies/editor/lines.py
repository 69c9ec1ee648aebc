"""Which lines of a file an entry takes up."""

from __future__ import annotations

from ruamel.yaml.error import YAMLError

from jigai.policies.editor.parts import Part
from jigai.policies.editor.yaml_tree import at, read_text


def lines_of(text: str, part: Part, code: str) -> tuple[int, int] | None:
    """First and last line of the entry ``code``, from 1; ``None`` where it is not found."""
    try:
        root = read_text(text)
    except YAMLError:
        return None
    listed = at(root, (part.key,)) if root is not None else None
    for node in (listed.real.items or []) if listed is not None else []:
        plain = node.plain
        if isinstance(plain, dict) and plain.get("id") == code:
            return text.count("\n", 0, node.start) + 1, text.count("\n", 0, node.end) + 1
    return None
