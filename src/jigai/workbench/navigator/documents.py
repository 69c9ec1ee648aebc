"""The documents that concern an enterprise on a day: those of its region and of all above it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from jigai.core.access.scoping import lies_in
from jigai.policies.document_keys import document_key
from jigai.policies.force import Force, force_of
from jigai.policies.models import Interpretation, PackVersion, ParameterDecision, Succession
from jigai.policies.policy_status import LOOKS
from jigai.policies.stored_packs import model_of
from jigai.policies.successions import in_use
from jigai.rules.model import Model


@dataclass(frozen=True, slots=True)
class Document:
    """One installed document with its state on the day.

    ``group`` names the set of regions it is limited to, ``settled`` says whether people have
    answered a reading or approved a value for it (or for what it leans on).
    """

    version: PackVersion
    model: Model
    force: Force
    group: str
    settled: bool

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.version.slug

    @property
    def payable(self) -> bool:
        """Whether anything is payable under it on the day."""
        return self.force.payable

    @property
    def look(self) -> str:
        """Status code of the house style."""
        return LOOKS[self.force.status]

    @property
    def is_draft(self) -> bool:
        """Whether it is only put up for comment."""
        return self.version.status == "draft"


def documents_for(
    region_code: str, day: dt.date, deadline: dt.date | None = None
) -> list[Document]:
    """Installed documents in whose region (or group of regions) this one lies, nearest first.

    Like an evaluation, a document must be in force on the day and on the ``deadline``. A local
    document stands in for the one it overlays. The number of queries does not depend on how many
    documents there are.
    """
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard").defer("files")
    near = [
        row for row in rows.order_by("slug")
        # A group of regions without a region above all of them has no code of its own.
        if not row.region_code or lies_in(region_code, row.region_code)
    ]  # fmt: skip
    settled, replaced = _settled(), _replaced(near)
    found = []
    for row in near:
        model = model_of(row)
        region = model.pack.identity.region
        members = region.members if region else []
        if any(lies_in(region_code, code) for code in members or [row.region_code]):
            leans = {member.identity.id for member in model.pack.family()}
            force = force_of(model.pack.identity, replaced[row.slug], day)
            if force.payable and deadline:
                force = force_of(model.pack.identity, replaced[row.slug], deadline)
            group = region.name if region and members else ""
            found.append(Document(row, model, force, group, bool(leans & settled)))
    found.sort(key=lambda d: (-len(d.version.region_code.rstrip("0")), d.slug))
    overlaid = {d.model.pack.identity.overlays for d in found}
    return [d for d in found if d.slug not in overlaid]


def _replaced(rows: list[PackVersion]) -> dict[str, list[Succession]]:
    """What took the place of each document, earliest first, in one query."""
    keys = {
        row.slug: {document_key(text) for text in (row.number, row.title) if text} for row in rows
    }
    steps = list(in_use().filter(old_key__in=set().union(*keys.values())).order_by("since", "id"))
    return {slug: [s for s in steps if s.old_key in mine] for slug, mine in keys.items()}


def _settled() -> set[str]:
    """Documents with an answer or an approved value, so that others need not be asked."""
    answered = Interpretation.objects.filter(status=Interpretation.Status.ANSWERED)
    approved = ParameterDecision.objects.filter(status=ParameterDecision.Status.APPROVED)
    return {
        *answered.exclude(reading="").order_by().values_list("slug", flat=True),
        *approved.order_by().values_list("slug", flat=True),
    }
