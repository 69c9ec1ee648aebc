"""Brings the shipped reference data into the database; a second time there is nothing to do."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pghistory
from django.db import connection, transaction

from jigai.core.models.reference import ReferenceInstall
from jigai.core.services.install_region_groups import install_region_groups
from jigai.core.services.install_regions import install_regions
from jigai.core.services.install_roles import install_roles
from jigai.core.services.install_workdays import install_workdays
from jigai.paths import data_dir

# Raised when an installer itself changes, so that data installed by the older one is done again.
_EDITION = b"1"
_TABLES: dict[str, tuple[str, Callable[[], int]]] = {
    "regions": ("regions.csv", install_regions),
    "region_groups": ("region_groups.csv", install_region_groups),
    "workdays": ("workdays.csv", install_workdays),
    "roles": ("roles.yaml", install_roles),
}
_LOCK = 7_031_001


def install_reference() -> None:
    """Regions, region groups, working days and roles as this release ships them.

    What was changed on screen stays: roles (their holders are told what the release says), days of
    a year entered by hand, parks and towns. Each table is skipped while its file has the hash that
    was last installed.
    """
    known = dict(ReferenceInstall.objects.values_list("name", "sha256"))
    stale = [name for name, (file, _) in _TABLES.items() if known.get(name) != _digest(file)]
    if not stale:
        return
    with transaction.atomic(), pghistory.context(reason="安装随版本提供的参考数据"):
        with connection.cursor() as cursor:
            # Two servers of one platform may start at the same moment.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        for name in stale:
            file, install = _TABLES[name]
            ReferenceInstall.objects.update_or_create(
                name=name, defaults={"sha256": _digest(file), "rows": install()}
            )


def _digest(file: str) -> str:
    path: Path = data_dir() / file
    return hashlib.sha256(_EDITION + path.read_bytes()).hexdigest()
