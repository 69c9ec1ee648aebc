"""``jigai coverage``: what became of the shipped documents."""

from __future__ import annotations

from rich.console import Console

from jigai.paths import packs_dir
from jigai.policies.ledger import status_counts
from jigai.rules.document_coverage import document_coverage
from jigai.rules.loader import load_pack


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
    counts = status_counts()
    told = "，".join(f"{word} {count}" for _code, word, count in counts)
    out.print(f"系统 {sum(count for _code, _word, count in counts)} 个：{told}")
