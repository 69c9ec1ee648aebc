"""What an invoice line buys, by its item name: ordered patterns kept as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jigai.paths import packs_dir
from jigai.yaml_files import read_yaml

_CATEGORY = re.compile(r"^\*[^*]*\*")


@dataclass(frozen=True, slots=True)
class ItemRule:
    """One pattern: the coarse class a policy counts by, the finer kind, and its Chinese name."""

    order: int
    item_class: str
    kind: str
    name: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class ItemClasses:
    """Ordered rules and the Chinese names of the coarse classes."""

    rules: tuple[ItemRule, ...]
    names: dict[str, str]

    def classify(self, item: str) -> ItemRule:
        """The first rule whose pattern is found in the item name without its tax category."""
        bare = _CATEGORY.sub("", item)
        return next(rule for rule in self.rules if rule.pattern.search(bare))


@cache
def load_item_classes(path: Path | None = None) -> ItemClasses:
    """The classification in ``packs/national/item_classes.yaml`` or in another file."""
    content = read_yaml(path or packs_dir() / "national" / "item_classes.yaml")
    rules = [
        ItemRule(
            item["order"], item["class"], item["kind"], item["name"], re.compile(item["pattern"])
        )
        for item in content["rules"]
    ]
    return ItemClasses(tuple(sorted(rules, key=lambda rule: rule.order)), dict(content["classes"]))
