"""What a draft begins with: the files of an installed document, of one over it, or of a blank."""

from __future__ import annotations

from typing import Any

from jigai.core.models import Region
from jigai.errors import JigaiError
from jigai.policies.editor.blank import Start, blank_files, overlay_files
from jigai.policies.editor.identity import renamed
from jigai.policies.editor.limits import checked_slug
from jigai.policies.models import PackDraft, PackVersion
from jigai.policies.proposals import current_version
from jigai.policies.stored_packs import model_of
from jigai.policies.uploaded_packs import own_files


def versions_for() -> list[PackVersion]:
    """Documents a draft may begin from: those installed, without the national terms."""
    rows = PackVersion.objects.filter(is_current=True).exclude(status="standard")
    return list(rows.defer("files").order_by("slug"))


def begin_files(given: dict[str, Any]) -> tuple[PackVersion | None, dict[str, str]]:
    """The base and the files of what the form asks for.

    Raises :class:`JigaiError` for a document that is not installed, or an identifier in use.
    """
    way, base = given["way"], None
    if way != "blank":
        base = current_version(given["base"])
        if base is None:
            raise JigaiError("no-base", "所选的文件没有安装", "刷新后重新选择")
    if way == "amend":
        assert base is not None
        return base, own_files(base.slug, base.files)
    slug = checked_slug(given["slug"])
    _free(slug)
    if way == "replace":
        assert base is not None
        return base, renamed(base.slug, slug, own_files(base.slug, base.files))
    start = _start(slug, given)
    if way == "overlay":
        assert base is not None
        return base, overlay_files(start, base.slug, model_of(base))
    return None, blank_files(start)


def _free(slug: str) -> None:
    closed = (PackDraft.State.WITHDRAWN, PackDraft.State.ISSUED)
    writing = PackDraft.objects.filter(slug=slug).exclude(state__in=closed)
    if current_version(slug) is not None or writing.exists():
        raise JigaiError(
            "slug-taken",
            f"标识“{slug}”已有文件或起草稿",
            "换一个，如加上年份；要改它选“改已安装的文件”",
        )


def _start(slug: str, given: dict[str, Any]) -> Start:
    rows = Region.objects.filter(code=given["region"]).order_by("-valid_from", "-id")
    region = rows.first()
    if region is None:
        raise JigaiError("no-region", f"没有区划代码 {given['region']}", "从列表中选择地区")
    return Start(
        slug, given["title"].strip(), given["issuer"].strip(), region.code, region.name,
        region.level, given["begins"], given["ends"],
    )  # fmt: skip
