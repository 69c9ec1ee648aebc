"""A proposal in words, for whoever reviews it elsewhere than on the page of its entry."""

from __future__ import annotations

from jigai.registers.entry_page import details_of
from jigai.registers.lifecycle import KINDS
from jigai.registers.models import Proposal


def title_of(proposal: Proposal) -> str:
    """What is to happen to what: ``移出：示例公司（单项冠军）``."""
    entry = proposal.entry
    return f"{KINDS[proposal.kind]}：{entry}（{entry.register}）"


def words_of(proposal: Proposal) -> dict[str, str]:
    """The parts of a proposal by name; ``content`` are the fields that would change, or all of a
    new entry, a line each."""
    entry = proposal.entry
    return {
        "register": str(entry.register), "entry": str(entry), "kind": KINDS[proposal.kind],
        "effective": proposal.effective.isoformat(), "reason": proposal.reason,
        "document": proposal.document, "content": _content(proposal),
    }  # fmt: skip


def _content(proposal: Proposal) -> str:
    entry = proposal.entry
    new = entry.state == entry.State.PROPOSED
    if not new and proposal.values is None:
        return ""
    lines = [
        f"{row['label']}：{row['text'] or '—'}" + ("" if new else f" → {row['after'] or '—'}")
        for row in details_of(entry, None if new else proposal.values)
        if row["text"] or row["after"]
    ]  # fmt: skip
    # As long as a field holds; the page of the entry has the rest.
    return "\n".join(lines)[:4000]
