"""Number formats that change what a clerk sees: decimals of a number, dates without a day."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree import ElementTree

_NAMESPACE = re.compile(r"\{[^}]*\}")
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DECIMALS = re.compile(r"[#0,]*0\.(0+)")
# Built-in formats: 2 and 4 show two decimals; 17 and the East Asian ones show year and month.
_BUILT_IN_DECIMALS = {2: 2, 4: 2, 39: 2, 40: 2, 43: 2, 44: 2}
_BUILT_IN_MONTHS = frozenset({17, 27, 36, 50, 52, 57})


@dataclass(slots=True)
class Styles:
    """Cell style numbers that matter: decimals shown, and dates shown as year and month."""

    decimals: dict[int, int] = field(default_factory=dict)
    months: set[int] = field(default_factory=set)


def _tag(element: ElementTree.Element) -> str:
    return _NAMESPACE.sub("", element.tag)


def read_styles(content: bytes) -> Styles:
    """Take the interesting cell formats out of ``styles.xml``."""
    root = ElementTree.fromstring(content)
    custom: dict[int, str] = {}
    styles = Styles()
    for element in root.iter():
        if _tag(element) == "numFmt":
            custom[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
    for cell_formats in (item for item in root if _tag(item) == "cellXfs"):
        for index, item in enumerate(cell_formats):
            _note(styles, index, int(item.get("numFmtId", "0")), custom)
    return styles


def _note(styles: Styles, index: int, number: int, custom: dict[int, str]) -> None:
    text = custom.get(number)
    if text is None:
        if number in _BUILT_IN_DECIMALS:
            styles.decimals[index] = _BUILT_IN_DECIMALS[number]
        if number in _BUILT_IN_MONTHS:
            styles.months.add(index)
        return
    bare = _QUOTED.sub("", text.split(";")[0]).lower()
    decimals = _DECIMALS.search(bare)
    if decimals:
        styles.decimals[index] = len(decimals[1])
    elif "y" in bare and "m" in bare and not re.search(r"[dhs]", bare):
        styles.months.add(index)
