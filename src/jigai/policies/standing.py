"""Which readings and parameter values hold on a day although the document leaves them open.

A reading is settled by the answers of whoever may interpret the document, each from its date on; a
parameter by values that a second person approved. Stored runs keep what they had.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from jigai.errors import JigaiError
from jigai.policies.fact_run import Settled, Words
from jigai.policies.models import Interpretation, PackVersion, ParameterDecision
from jigai.policies.stored_packs import model_of
from jigai.rules.environment import all_parameters, all_readings
from jigai.rules.loader import Pack
from jigai.rules.schema import Parameter


def readings_on(slug: str, as_of: dt.date, known_at: dt.datetime | None = None) -> dict[str, str]:
    """Option by reading of an installed document on a day: its defaults, overridden by answers."""
    pack = model_of(current_version(slug)).pack
    defaults = {key: reading.default for key, reading in all_readings(pack).items()}
    return {**defaults, **settled_on(pack, as_of, known_at).options()}


def settled_on(pack: Pack, as_of: dt.date, known_at: dt.datetime | None = None) -> Settled:
    """What people had settled by a day, as far as it was recorded by ``known_at`` (now).

    Answers and values of the documents a local pack overlays count for it too.
    """
    return Settled(_answered(pack, as_of, known_at), _decided(pack, as_of, known_at))


def current_version(slug: str) -> PackVersion:
    """The installed version. Raises :class:`JigaiError` for a document that is not installed."""
    version = PackVersion.objects.filter(slug=slug, is_current=True).defer("files").first()
    if version is None:
        raise JigaiError("unknown-pack", f"没有安装政策文件“{slug}”", "从政策文件列表里选")
    return version


def answered_readings(
    slugs: list[str], as_of: dt.date | None = None, known_at: dt.datetime | None = None
) -> QuerySet[Interpretation]:
    """Answers that settle a reading; of several on one the last in this order counts."""
    rows = Interpretation.objects.filter(slug__in=slugs, status=Interpretation.Status.ANSWERED)
    rows = rows.exclude(reading="")
    if as_of is not None:
        rows = rows.filter(effective_from__lte=as_of)
    if known_at is not None:
        rows = rows.filter(answered_at__lte=known_at)
    return rows.order_by("effective_from", "answered_at", "id")


def approved_values(
    slugs: list[str], as_of: dt.date | None = None, known_at: dt.datetime | None = None
) -> QuerySet[ParameterDecision]:
    """Approved values; of several for one parameter the last in this order counts."""
    rows = ParameterDecision.objects.filter(
        slug__in=slugs, status=ParameterDecision.Status.APPROVED
    ).select_related("decided_by")
    if as_of is not None:
        rows = rows.filter(valid_from__lte=as_of)
    if known_at is not None:
        rows = rows.filter(decided_at__lte=known_at)
    return rows.order_by("valid_from", "decided_at", "id")


def slugs_of(pack: Pack) -> list[str]:
    """The document and those it leans on."""
    return [member.identity.id for member in pack.family()]


def is_open(parameter: Parameter) -> bool:
    """Whether people may set it: the document neither states nor computes it."""
    return parameter.status != "stated" and not parameter.formula


def _answered(pack: Pack, as_of: dt.date, known_at: dt.datetime | None) -> dict[str, Words]:
    readings = all_readings(pack)
    found: dict[str, Words] = {}
    for item in answered_readings(slugs_of(pack), as_of, known_at):
        # A later version of the document may no longer ask the question.
        if item.reading in readings and item.option in readings[item.reading].options:
            found[item.reading] = {
                "option": item.option,
                "since": _iso(item.effective_from),
                "number": item.number,
                "answer": str(item.pk),
            }
    return found


def _decided(pack: Pack, as_of: dt.date, known_at: dt.datetime | None) -> dict[str, Words]:
    parameters = all_parameters(pack)
    found: dict[str, Words] = {}
    for item in approved_values(slugs_of(pack), as_of, known_at):
        parameter = parameters.get(item.parameter)
        if parameter is not None and is_open(parameter) and not _later(parameter, item, as_of):
            found[item.parameter] = {
                "value": item.value,
                "since": _iso(item.valid_from),
                "source": item.source,
                "approver": str(item.decided_by),
                "decision": str(item.pk),
            }
    return found


def _later(parameter: Parameter, item: ParameterDecision, as_of: dt.date) -> bool:
    """Whether the document itself has a value from that day or a later one."""
    return any(
        item.valid_from <= dated.since <= as_of and (dated.to is None or as_of <= dated.to)
        for dated in parameter.values
    )


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
