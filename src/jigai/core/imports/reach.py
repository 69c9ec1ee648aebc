"""Which batches a person may see, and where they may import to."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from jigai.core.access import Access, Denied, Reach, scoped
from jigai.core.imports.registry import families, importer_of, importers
from jigai.core.models import EvidenceFile, ImportBatch, Region

CAPABILITIES = ("enterprise.import", "project.import", "funding.import", "register.edit",
                "statistics.manage")  # fmt: skip
_BATCH = Reach(region="region_code", owner="created_by")
_REGION = Reach(region="code")
_FILE = Reach(region="region_code", enterprise="enterprise", owner="created_by")


def batches_for(access: Access) -> QuerySet[ImportBatch]:
    """Batches of kinds the person may import, in their regions; unrecognised ones of their own."""
    rows = ImportBatch.objects.all()
    wanted = Q(pk__in=())
    for importer in importers():
        own = scoped(rows.filter(kind=importer.kind), access, importer.capability, _BATCH)
        wanted |= Q(pk__in=own.order_by().values("pk"))
    for family in families():
        mine = rows.filter(kind__startswith=f"{family.prefix}.")
        own = scoped(mine, access, family.capability, _BATCH)
        wanted |= Q(pk__in=own.order_by().values("pk"))
    if access.user is not None:
        wanted |= Q(kind="", created_by=access.user)
    return rows.filter(wanted)


def may_import(access: Access, kind: str) -> bool:
    """Whether the person may import a kind anywhere; an unknown kind asks for any of them."""
    if not kind:
        return any(access.can(name) for name in CAPABILITIES)
    return access.can(importer_of(kind).capability)


def may_undo(access: Access, batch: ImportBatch) -> bool:
    """Whether the person may take a batch back: their own, or with the duty to."""
    own = access.user is not None and batch.created_by_id == access.user.pk
    if own:
        return True
    return scoped(
        ImportBatch.objects.filter(pk=batch.pk), access, "enterprise.undo", _BATCH
    ).exists()


def require_place(access: Access, region_code: str, kind: str) -> None:
    """Raise :class:`Denied` unless the person may import this kind into this region."""
    names = (importer_of(kind).capability,) if kind else CAPABILITIES
    regions = Region.objects.filter(code=region_code)
    if not any(scoped(regions, access, name, _REGION).exists() for name in names):
        raise Denied(
            "import-region", "您不能向这个地区导入数据", "请选择您管理的地区，或联系平台管理员"
        )


def regions_for(access: Access) -> QuerySet[Region]:
    """Regions in force that the person may import into."""
    rows = Region.objects.filter(valid_to__isnull=True)
    wanted = Q(pk__in=())
    for name in CAPABILITIES:
        if access.can(name):
            found = scoped(rows, access, name, _REGION)
            wanted |= Q(pk__in=found.order_by().values("pk"))
    return rows.filter(wanted).order_by("code", "id")


def files_for(access: Access) -> QuerySet[EvidenceFile]:
    """Evidence files the person may see."""
    rows: QuerySet[Any] = EvidenceFile.objects.all()
    return scoped(rows, access, "evidence.view", _FILE)
