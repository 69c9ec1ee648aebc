"""Reads of the interpretation desk and of the register of open parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Min, OuterRef, Q, QuerySet

from jigai.core.access import Access, Reach, scoped
from jigai.policies.models import Interpretation, PackParameter, PackVersion, ParameterDecision
from jigai.policies.open_parameters import waits_on
from jigai.policies.standing import approved_values, is_open, slugs_of
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_parameters, all_readings, parameter_as_of

DESK = Reach(region="region_code", programme="slug")
OPEN = ("undetermined", "local")


def visible_questions(access: Access) -> QuerySet[Interpretation]:
    """Public questions, one's own, and all those one may answer."""
    rows = Interpretation.objects.select_related("asked_by", "answered_by")
    answerable = scoped(Interpretation.objects.all(), access, "desk.answer", DESK).values("pk")
    own = Q(asked_by=access.user) if access.user else Q(pk__in=())
    return rows.filter(Q(public=True) | own | Q(pk__in=answerable))


def answers_of(slug: str, clause: str) -> QuerySet[Interpretation]:
    """Public answers about a clause, the newest first, for the page of the clause."""
    rows = Interpretation.objects.filter(
        slug=slug, clause=clause, public=True, status=Interpretation.Status.ANSWERED
    )
    return rows.select_related("answered_by").order_by("-effective_from", "-answered_at", "-id")


def open_parameters(on: dt.date) -> QuerySet[PackParameter]:
    """Open and local parameters of the installed documents, one row each.

    ``settled`` tells whether an approved value holds on the day, ``proposed`` whether one waits.
    """
    installed = PackParameter.objects.filter(pack__is_current=True, status__in=OPEN)
    first = installed.order_by().values("pack", "code").annotate(first=Min("pk")).values("first")
    decisions = ParameterDecision.objects.filter(
        slug=OuterRef("pack__slug"), parameter=OuterRef("code")
    )
    return (
        PackParameter.objects.filter(pk__in=first)
        .select_related("pack")
        .defer("pack__files")
        .annotate(
            settled=Exists(decisions.filter(status="approved", valid_from__lte=on)),
            proposed=Exists(decisions.filter(status="proposed")),
        )
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How a parameter stands on a day. ``text`` is empty while it is 未定."""

    text: str
    since: dt.date | None
    source: str
    approver: str
    formula: str
    waits: tuple[str, ...]

    @property
    def word(self) -> str:
        """The value in words; what nobody has set is never a number."""
        return self.text or ("由公式得出" if self.formula else "未定")


def standing_of(rows: Sequence[PackParameter], on: dt.date) -> dict[int, Standing]:
    """How parameters stand on a day, by row."""
    versions = {row.pack_id: row.pack for row in rows}
    families = {pk: slugs_of(model_of(version).pack) for pk, version in versions.items()}
    every = sorted({slug for slugs in families.values() for slug in slugs})
    approved = list(approved_values(every, on))
    found: dict[int, Standing] = {}
    for pk, version in versions.items():
        decided = {item.parameter: item for item in approved if item.slug in families[pk]}
        found |= _standing(version, [row for row in rows if row.pack_id == pk], decided, on)
    return found


def _standing(
    version: PackVersion,
    rows: Sequence[PackParameter],
    decided: Mapping[str, ParameterDecision],
    on: dt.date,
) -> dict[int, Standing]:
    declared = all_parameters(model_of(version).pack)
    found = {}
    for row in rows:
        parameter, item = declared[row.code], decided.get(row.code)
        own = None if parameter.formula else parameter_as_of(parameter, on)
        text, since = (own.text, own.since) if own and own.since else ("", None)
        source, approver = (own.reference, own.approver) if own and own.since else ("", "")
        if item is not None and is_open(parameter) and (since is None or item.valid_from > since):
            text, since = item.value, item.valid_from
            source, approver = item.source, str(item.decided_by)
        waits = waits_on(version, row.code)
        found[row.pk] = Standing(text, since, source, approver, parameter.formula, waits)
    return found


def reading_words(version: PackVersion | None, reading: str, option: str) -> str:
    """A reading and the option chosen in words; their codes where the document has changed."""
    if not reading:
        return ""
    known = all_readings(model_of(version).pack).get(reading) if version else None
    if known is None or option not in known.options:
        return f"{reading}＝{option}"
    return f"{known.name}＝{known.options[option].word}"
