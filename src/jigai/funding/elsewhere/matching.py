"""What an enterprise could seek elsewhere: measures of documents of a wider region, and the special
funds that its own place and those above registered."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from jigai.core.access.scoping import lies_in
from jigai.core.models import Enterprise
from jigai.funding.budgets.local_funds import local_funds
from jigai.funding.models import OtherFunding
from jigai.policies.force import force_of
from jigai.policies.models import PackVersion
from jigai.policies.stored_packs import model_of
from jigai.policies.successions import replaced_by
from jigai.rules.environment import Status

# Which level a region code of so many leading figures is.
_LEVELS = {2: "province", 4: "city", 6: "county"}


@dataclass(frozen=True, slots=True)
class Chance:
    """A measure of a document above, or a registered fund: its name there, document, clause and
    level."""

    programme: str
    document: str
    clause: str
    level: str


def chances_of(enterprise: Enterprise) -> list[Chance]:
    """Measures of documents in force for a region around the enterprise's own, and the funds that
    its place and those above registered, in today's version; without what is registered for it
    already."""
    today = timezone.localdate()
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    known = set(
        OtherFunding.objects.filter(enterprise=enterprise)
        .order_by().values_list("programme", flat=True)
    )  # fmt: skip
    found = []
    for version in rows.defer("files").order_by("slug"):
        code = version.region_code
        if not code or code == enterprise.region_code or not lies_in(enterprise.region_code, code):
            continue
        model = model_of(version)
        if force_of(model.pack.identity, replaced_by(version), today).status != Status.IN_FORCE:
            continue
        level = _level(code)
        found += [
            Chance(m.name, version.title, m.clause, level)
            for m in model.measures.values()
            if m.name not in known
        ]
    return found + [
        Chance(fund.name, fund.document, "", _level(fund.region_code))
        for fund in local_funds(enterprise.region_code, today)
        if fund.name not in known
    ]


def _level(code: str) -> str:
    """The level of a six-digit code: 370000 a province, 370800 a city, 370812 a county."""
    pairs = [code[at : at + 2] for at in (0, 2, 4)]
    return _LEVELS.get(2 * sum(pair not in ("", "00") for pair in pairs), "national")
