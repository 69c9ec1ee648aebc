"""Lists what a pack replaces and leans on, when it is installed."""

from __future__ import annotations

from django.db.models import Q

from jigai.policies.document_keys import document_key
from jigai.policies.models import PackVersion, Succession, UpstreamDocument
from jigai.rules.loader import Pack
from jigai.rules.schema import Upstream

State = UpstreamDocument.State


def list_documents(pack: Pack, version: PackVersion) -> None:
    """Rows of successions and upstream documents; what people entered stays. Safe to repeat."""
    _list_replaced(version)
    _list_upstream(pack, version)
    _attach_to(version)


def _list_replaced(version: PackVersion) -> None:
    since = version.valid_from or version.issued
    if since is None or version.status == "draft":
        # A draft replaces nothing, and a day is never made up.
        return
    for old in version.supersedes:
        is_number = old.endswith("号")
        Succession.objects.get_or_create(
            old_key=document_key(old),
            new_key=document_key(version.number or version.title),
            withdrawn_at=None,
            defaults={
                "old_number": old if is_number else "",
                "old_title": "" if is_number else old,
                "new_slug": version.slug,
                "new_number": version.number or "",
                "new_title": version.title,
                "new_issued": version.issued,
                "since": since,
                "basis": f"{version.title[:150]}载明",
                "from_pack": True,
                "recorded_by": version.installed_by,
            },
        )


def _list_upstream(pack: Pack, version: PackVersion) -> None:
    keys = []
    for place, up in enumerate(pack.identity.upstream):
        key = document_key(up.number or up.title)
        keys.append(key)
        row, made = UpstreamDocument.objects.get_or_create(
            slug=version.slug, key=key,
            defaults={"place": place, "number": up.number or "", "title": up.title},
        )  # fmt: skip
        if not made and (not row.listed or row.place != place):
            row.listed, row.place = True, place
            row.save(update_fields=["listed", "place"])
        if row.state == State.PENDING and (found := _installed(up)) is not None:
            row.state, row.pack_slug = State.ATTACHED, found.slug
            row.note = "文号与已安装的数据包相同"
            row.save(update_fields=["state", "pack_slug", "note"])
    gone = UpstreamDocument.objects.filter(slug=version.slug, listed=True).exclude(key__in=keys)
    for row in gone:
        row.listed = False
        row.save(update_fields=["listed"])


def _installed(up: Upstream) -> PackVersion | None:
    wanted = Q(number=up.number) if up.number else Q(title=up.title)
    packs = PackVersion.objects.filter(wanted, is_current=True).defer("files")
    return packs.order_by("slug").first()


def _attach_to(version: PackVersion) -> None:
    """Packs that waited for this very document have it now."""
    keys = [document_key(text) for text in (version.number, version.title) if text]
    waiting = UpstreamDocument.objects.filter(key__in=keys, state=State.PENDING)
    for row in waiting.exclude(slug=version.slug):
        row.state, row.pack_slug = State.ATTACHED, version.slug
        row.note = "文号与已安装的数据包相同"
        row.save(update_fields=["state", "pack_slug", "note"])
