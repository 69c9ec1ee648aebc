"""Says where in a chain a project stands, and what it pulls along."""

from __future__ import annotations

import pghistory
from django.db import transaction
from django.utils import timezone

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.projects.chains.positions import LINKS
from jigai.projects.lifecycle.services.locked import locked_project
from jigai.projects.models import Project
from jigai.registers.models import EntrySpan
from jigai.registers.selectors import on_day

_FIELDS = {"chain": "产业链", "chain_position": "环节", "chain_effect": "带动关系"}


def place_in_chain(
    *, project: int, chain: str, position: str, effect: str, seen: int, by: User, access: Access
) -> Project:
    """Store the three together; empty ones take the project out of the chain.

    Raises :class:`Denied` out of reach, :class:`JigaiError` for a link without chain, one that the
    chain's table of links does not have, and a project somebody changed since version ``seen``.
    """
    given = {
        "chain": chain.strip(), "chain_position": position.strip(), "chain_effect": effect.strip(),
    }  # fmt: skip
    _check(given)
    with transaction.atomic(), pghistory.context(user=by.pk, reason="改产业链环节"):
        row = locked_project(project, seen=seen, access=access)
        if any((getattr(row, name) or "") != text for name, text in given.items()):
            for name, text in given.items():
                setattr(row, name, text or None)
            row.version += 1
            row.save(update_fields=[*given, "version"])
    return row


def _check(given: dict[str, str]) -> None:
    for name, text in given.items():
        most = Project._meta.get_field(name).max_length
        if most is not None and len(text) > most:
            raise JigaiError("too-long", f"{_FIELDS[name]}最多 {most} 个字", "写短一些")
    chain, position = given["chain"], given["chain_position"]
    if (position or given["chain_effect"]) and not chain:
        raise JigaiError("no-chain", "没有写产业链", "先写在哪条产业链")
    links = declared_links(chain) if chain else []
    if position and links and position not in links:
        raise JigaiError(
            "no-such-link", f"“{chain}”的环节表里没有“{position}”",
            f"可以写：{'、'.join(links)}；要加环节，先登记到“产业链环节表”",
        )  # fmt: skip


def declared_links(chain: str) -> list[str]:
    """Names of the links of a chain today; none where nobody has drawn it up."""
    rows = EntrySpan.objects.filter(
        on_day(timezone.localdate()), register__code=LINKS, values__chain=chain
    )
    return [str(v["link"]) for v in rows.order_by("entry_id").values_list("values", flat=True)]
