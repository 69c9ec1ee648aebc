"""Local packs: which one a document overlays, which ones overlay it, and what they fill."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import CharField, F, Func, QuerySet, Value
from django.db.models.functions import Concat

from jigai.policies.models import PackVersion
from jigai.policies.standing import current_version
from jigai.policies.stored_packs import model_of
from jigai.rules.loader import Pack
from jigai.rules.schema import Parameter, Reading
from jigai.rules.source import Source


@dataclass(frozen=True, slots=True)
class Fill:
    """One thing a local pack settles: what it is called, both clauses, what holds and since when.

    ``kind`` says what is done: an open parameter filled, a parameter or measure of its own, another
    default of a reading.
    """

    kind: str
    name: str
    base_clause: str
    clause: str
    value: str = ""
    since: dt.date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Overlay:
    """A local pack over a base, and what it settles."""

    version: PackVersion
    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True)
class Overlays:
    """Around one document: its base with what it fills there, and the local packs over it."""

    base: PackVersion | None = None
    own: tuple[Fill, ...] = ()
    over: list[Overlay] = field(default_factory=list)


def overlays_of(version: PackVersion) -> Overlays:
    """The base of a document and the installed local packs that overlay it."""
    pack = model_of(version).pack
    base: PackVersion | None = None
    own: tuple[Fill, ...] = ()
    if pack.identity.overlays:
        rows = PackVersion.objects.filter(slug=pack.identity.overlays, is_current=True)
        base, own = rows.defer("files").first(), tuple(_fills(pack))
    over = []
    for slug in _over(version.slug):
        local = current_version(slug)
        over.append(Overlay(local, tuple(_fills(model_of(local).pack))))
    return Overlays(base, own, over)


def _identities() -> QuerySet[PackVersion, tuple[str, str]]:
    """Slug and text of ``pack.yaml`` of every installed pack, without the other files."""
    name = Concat(F("slug"), Value("/pack.yaml"))
    text = Func(
        F("files"), name, function="jsonb_extract_path_text", output_field=CharField()
    )  # fmt: skip
    rows = PackVersion.objects.filter(is_current=True).annotate(identity=text)
    return rows.filter(identity__contains="overlays:").order_by("slug").values_list(
        "slug", "identity"
    )  # fmt: skip


def _over(slug: str) -> list[str]:
    return [own for own, text in _identities() if Source(own, text).data.get("overlays") == slug]


def _fills(pack: Pack) -> Iterator[Fill]:
    """What a local pack says about the parameters and readings of its base, and what it adds."""
    above = [member for base in pack.bases for member in base.family()]
    parameters = {p.id: p for member in reversed(above) for p in member.parameters}
    readings = {r.id: r for member in reversed(above) for r in member.readings}
    for parameter in pack.parameters:
        yield _parameter(parameter, parameters.get(parameter.id))
    for reading in pack.readings:
        if reading.id in readings:
            yield _reading(reading, readings[reading.id])
    for measure in pack.measures.measures:
        yield Fill("新增措施", measure.name, "", measure.clause)


def _parameter(own: Parameter, base: Parameter | None) -> Fill:
    last = own.values[-1] if own.values else None
    kind = "新增参数" if base is None else "补上未定" if base.status != "stated" else "与上级一致"
    source = ""
    if last is not None:
        source = "，".join(
            filter(None, (last.reference, f"{last.approver}批准" if last.approver else ""))
        )
    return Fill(
        kind,
        own.name,
        base.clause if base else "",
        own.clause,
        last.value if last else "由公式得出" if own.formula else "",
        last.since if last else None,
        source,
    )


def _reading(own: Reading, base: Reading) -> Fill:
    return Fill("读法另定默认", own.name, base.clause, own.clause, own.options[own.default].word)
