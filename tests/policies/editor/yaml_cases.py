"""Every YAML file that ships, and changes to try on it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jigai.paths import packs_dir

VALUES: tuple[Any, ...] = (
    "新值", "a: b", "# 不是注释", "3%", "null", "- y", "多\n行", "x, y", "{a}", "'q'", '"', "true",
    "  前空", "a #b", ["一", "二"], {"k": "v"}, [{"id": "q", "from": "2020-01-01"}], "行一\n\n行三",
    [],     "*gates", "&x 1", "尾：冒号:", "@", "%",
)  # fmt: skip
FILES = sorted(packs_dir().glob("*/**/*.yaml"))


def text_of(slug: str, name: str) -> str:
    return (packs_dir() / slug / name).read_text(encoding="utf-8")


def paths(plain: Any, base: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in plain data but the whole."""
    pairs: Any = ()
    if isinstance(plain, dict):
        pairs = plain.items()
    elif isinstance(plain, list):
        pairs = enumerate(plain)
    for key, value in pairs:
        yield (*base, key)
        yield from paths(value, (*base, key))


def some(file: Path, plain: Any, count: int) -> list[tuple[Any, ...]]:
    """The same places every time."""
    return random.Random(file.name + file.parent.name).sample(list(paths(plain)), count)


def comments(text: str) -> set[str]:
    """Lines that are nothing but a comment."""
    return {line.strip() for line in text.splitlines() if line.strip().startswith("#")}
