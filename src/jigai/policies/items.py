"""Items of a pack as rows: what a clause asks for, whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.policies.models import PackItem, PackVersion
from jigai.rules.loader import Pack
from jigai.rules.schema_programme import PROGRAMME


def list_items(pack: Pack, version: PackVersion) -> None:
    """Store every measure and every item of the programme of a version."""
    PackItem.objects.bulk_create(_rows(pack, version))


def _rows(pack: Pack, version: PackVersion) -> Iterator[PackItem]:
    measures = sorted(pack.measures.measures, key=lambda measure: measure.number)
    sections = [("measures", measures)]
    sections += [(name, getattr(pack, name)) for name, _model, _title in PROGRAMME]
    for section, items in sections:
        for place, item in enumerate(items):
            yield PackItem(
                pack=version,
                section=section,
                place=place,
                code=item.id,
                name=item.name,
                clauses=list(dict.fromkeys([item.clause, *item.clauses])),
                systems=item.systems,
                data=item.model_dump(mode="json", by_alias=True, exclude_defaults=True),
            )
