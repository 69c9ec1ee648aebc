"""What a project can be tagged with: industries by code or by name, directions, clusters.

A tag is ``industry/34`` (an entry of GB/T 4754), ``name/装备`` (a name of a document for several
entries), ``direction/智能化``, ``cluster/智能电网`` or ``renewal/新工艺``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from jigai.core.industries import (
    UnknownIndustryError,
    industry,
    is_industry_within,
    load_industries,
)
from jigai.core.industry_names import spoken_names
from jigai.core.tables import read_table

KINDS = {
    "industry": "行业", "name": "文件里的行业", "direction": "方向", "cluster": "集群",
    "renewal": "四新",
}  # fmt: skip
_BREAKS = re.compile(r"[、,，;；/|\n]+")
MOST = 20


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. ``codes`` are the entries it stands for, none for directions and clusters;
    ``source`` is the clause that names it."""

    id: str
    kind: str
    name: str
    source: str = ""
    codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """With its kind."""
        return f"{KINDS[self.kind]}：{self.name}"


@cache
def named_tags() -> dict[str, Tag]:
    """Every tag but those of single industries, by id: names, directions, clusters."""
    found = {}
    for spoken in spoken_names().values():
        tag_id = f"name/{spoken.name}"
        codes = tuple(entry.code for entry in spoken.industries)
        found[tag_id] = Tag(tag_id, "name", spoken.name, spoken.source, codes)
    for row in read_table("project_tags"):
        tag_id = f"{row['kind']}/{row['name']}"
        found[tag_id] = Tag(tag_id, row["kind"], row["name"], row["source"])
    return found


def tag_of(tag_id: str) -> Tag:
    """The tag behind an id; one no longer on record is shown under its own name."""
    known = named_tags().get(tag_id)
    if known is not None:
        return known
    kind, _, rest = tag_id.partition("/")
    if kind == "industry" and rest in load_industries():
        return Tag(
            tag_id, kind, f"{rest} {load_industries()[rest].name}", "GB/T 4754-2017", (rest,)
        )
    return Tag(tag_id, kind if kind in KINDS else "name", rest or tag_id)


def read_tags(text: str) -> tuple[list[str], list[str]]:
    """Ids of the tags in a cell (``装备、智能化、3484``), each once, and words that are none."""
    found: dict[str, None] = {}
    unknown = []
    for word in _BREAKS.split(unicodedata.normalize("NFC", text)):
        name = word.strip()
        if not name:
            continue
        ids = _ids(name)
        found.update(dict.fromkeys(ids))
        if not ids:
            unknown.append(name)
    return list(found), unknown


def _ids(word: str) -> list[str]:
    """A word may name an industry and a cluster at once; it then gives both."""
    bare = word.removesuffix("行业").removesuffix("产业集群").removesuffix("集群")
    bare = bare.removesuffix("产业")
    same = [t.id for t in named_tags().values() if _plain(t.name) in (_plain(word), _plain(bare))]
    if same:
        return same
    try:
        return [f"industry/{industry(word).code}"]
    except UnknownIndustryError:
        rows = [row.code for row in load_industries().values() if row.name in (word, bare)]
        return [f"industry/{rows[0]}"] if rows else []


def _plain(text: str) -> str:
    return re.sub(r"[（）()\s]", "", text)


def covered_by(tag_id: str, used: Iterable[str]) -> list[str]:
    """Which of the tags in use count for a tag: itself, and single industries it stands for."""
    tag = tag_of(tag_id)
    return [
        other
        for other in used
        if other == tag_id
        or (other.startswith("industry/") and _within(other.partition("/")[2], tag.codes))
    ]


def _within(code: str, codes: tuple[str, ...]) -> bool:
    try:
        return any(is_industry_within(code, above) for above in codes)
    except UnknownIndustryError:
        return False


def names_of_industry(code: str) -> list[Tag]:
    """Names of documents that cover an industry: one code may stand under several."""
    return [tag for tag in named_tags().values() if tag.kind == "name" and _within(code, tag.codes)]
