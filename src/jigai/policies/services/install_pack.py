"""Installs a pack: checks it, keeps its files, lists its clauses, numbers and parameters."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction

from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.policies.items import list_items
from jigai.policies.models import Clause, ClauseFact, PackParameter, PackVersion
from jigai.policies.proposals import region_of
from jigai.policies.sections import install_sections
from jigai.policies.services.list_documents import list_documents
from jigai.policies.stored_packs import files_hash, pack_files
from jigai.policies.task_departments import unknown_departments
from jigai.policies.words import fact_text
from jigai.rules.coverage import fact_users
from jigai.rules.lint import lint_pack
from jigai.rules.loader import Pack, load_pack
from jigai.rules.regions import region_holding
from jigai.rules.schema import DatedValue, Identity


def install_pack(*, folder: Path, by: User | None = None, check: bool = True) -> PackVersion:
    """Install the pack in ``folder``; the version already installed when nothing changed.

    Older versions stay for the decisions made under them. Raises :class:`PackError` for a pack that
    does not load and :class:`JigaiError` for one the linter refuses.
    """
    pack = load_pack(folder)
    files = pack_files(pack)
    digest = files_hash(files)
    with transaction.atomic():
        lock_pack(pack.identity.id)
        known = PackVersion.objects.filter(slug=pack.identity.id, sha256=digest).first()
        if known is not None and known.is_current:
            # Versions from before these lists existed get theirs.
            list_documents(pack, known)
            return known
        if check:
            _check(folder, pack)
        PackVersion.objects.filter(slug=pack.identity.id, is_current=True).update(is_current=False)
        if known is not None:
            known.is_current = True
            known.save(update_fields=["is_current"])
            list_documents(pack, known)
            install_sections(known)
            return known
        version = _store(pack, files, digest, by)
        _list_clauses(pack, version)
        _list_parameters(pack, version)
        list_items(pack, version)
        list_documents(pack, version)
        install_sections(version)
    return version


def lock_pack(slug: str) -> None:
    """Make other installations of this pack wait until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"pack:{slug}"])


def _check(folder: Path, pack: Pack) -> None:
    unknown = unknown_departments(pack)
    if unknown:
        raise JigaiError(
            "unknown-department",
            f"任务里有部门名录没有的单位：{unknown[0].told}",
            "改用名录里的名称，或先在部门名录里补登",
        )
    report = lint_pack(folder, None)
    if not report.passed:
        first = next(iter(report.errors), None)
        raise JigaiError(
            "pack-refused",
            f"数据包没有通过检查：{first}" if first else "数据包没有通过检查",
            f"用 jigai pack lint {folder.name} 看全部问题，改好再安装",
        )


def _region(identity: Identity) -> str:
    """Where a document belongs: its region, or around its group as the platform knows the group
    (what the pack itself lists counts only for a group nobody registered)."""
    known = region_of(identity.region.code) if identity.region else ""
    return known or region_holding(identity)


def _store(pack: Pack, files: dict[str, str], digest: str, by: User | None) -> PackVersion:
    identity = pack.identity
    return PackVersion.objects.create(
        slug=identity.id,
        sha256=digest,
        title=identity.title,
        number=identity.number,
        issuer=identity.issuer,
        region_code=_region(identity),
        issued=identity.issued,
        valid_from=identity.effective_from,
        valid_to=identity.effective_to,
        status=identity.status,
        supersedes=identity.supersedes,
        upstream=[
            f"{up.number} {up.title}".strip() if up.number else up.title for up in identity.upstream
        ],
        files=files,
        installed_by=by,
    )


def _list_clauses(pack: Pack, version: PackVersion) -> None:
    clauses = [
        Clause(
            pack=version,
            place=place,
            code=clause.id,
            heading=clause.heading,
            kind="、".join(clause.kind),
            summary=clause.summary,
            mark=clause.anchor,
        )
        for place, clause in enumerate(pack.clauses)
    ]
    stored = {clause.code: clause for clause in Clause.objects.bulk_create(clauses)}
    users = fact_users(pack)
    ClauseFact.objects.bulk_create(
        ClauseFact(
            pack=version,
            clause=stored[clause.id],
            code=fact.id,
            text=fact_text(fact),
            meaning=fact.what,
            used_by=users.get(fact.id, []),
            waived=fact.waived or fact.pending,
        )
        for clause in pack.clauses
        for fact in clause.facts
    )


def _list_parameters(pack: Pack, version: PackVersion) -> None:
    rows = []
    for parameter in pack.parameters:
        dates: list[DatedValue | None] = [*parameter.values] or [None]
        for dated in dates:
            rows.append(
                PackParameter(
                    pack=version,
                    code=parameter.id,
                    name=parameter.name,
                    clause=parameter.clause,
                    value=dated.value if dated else "",
                    unit=parameter.unit,
                    valid_from=dated.since if dated else None,
                    status=parameter.status,
                    decided_by=parameter.decides or (dated.approver if dated else ""),
                    note=parameter.note,
                )
            )
    PackParameter.objects.bulk_create(rows)
