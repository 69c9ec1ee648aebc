"""``jigai coverage``: what became of the shipped documents."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from ruamel.yaml import YAML

from jigai.paths import packs_dir, systems_file
from jigai.rules.document_coverage import document_coverage
from jigai.rules.loader import load_pack

_STATUSES = {"working": "可用", "partial": "部分可用", "planned": "未建"}


def print_coverage(out: Console) -> None:
    """A few lines a document, then the systems by state."""
    packs = [load_pack(path.parent) for path in sorted(packs_dir().glob("*/pack.yaml"))]
    documents = [document_coverage(pack) for pack in packs if pack.identity.status != "standard"]
    for found in documents:
        items = "、".join(f"{title} {count}" for _name, title, count in found.items)
        out.print(f"{found.id}　{found.title}", highlight=False)
        out.print(
            f"  条款 {found.clauses.covered}/{found.clauses.total}，"
            f"数 {found.facts.covered}/{found.facts.total}（用到 {found.used}，"
            f"说明不用 {found.waived}）",
            highlight=False,
        )
        out.print(f"  {items}", highlight=False)
        out.print(
            f"  能算的措施 {found.computable}，样例 {found.examples}，"
            f"未定参数 {found.undetermined}",
            highlight=False,
        )
    rows = YAML(typ="safe").load(systems_file())["systems"]
    counts = Counter(row["status"] for row in rows)
    told = "，".join(f"{word} {counts[code]}" for code, word in _STATUSES.items())
    out.print(f"系统 {len(rows)} 个：{told}")
