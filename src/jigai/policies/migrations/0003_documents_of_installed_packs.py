"""Packs installed before now: what they replace and lean on, as rows."""

import re
import unicodedata
from typing import Any

from django.db import migrations

_MARKS = re.compile(r"[\s〔〕\[\]()（）【】《》“”\"'、，,.。·]")
_NUMBER = re.compile(r"^(\S+号)\s+(\S.*)$")


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    return _MARKS.sub("", re.sub(r"[〕\])】]\s*(?=\d)", "|", plain))[:200]


def fill(apps: Any, schema_editor: Any) -> None:
    Version = apps.get_model("policies", "PackVersion")
    Succession = apps.get_model("policies", "Succession")
    Upstream = apps.get_model("policies", "UpstreamDocument")
    current = Version.objects.filter(is_current=True).exclude(status="standard")
    for version in current.defer("files").order_by("slug"):
        since = version.valid_from or version.issued
        for old in version.supersedes if since and version.status != "draft" else ():
            Succession.objects.create(
                old_key=_key(old), new_key=_key(version.number or version.title),
                old_number=old if old.endswith("号") else "",
                old_title="" if old.endswith("号") else old,
                new_slug=version.slug, new_number=version.number or "", new_title=version.title,
                new_issued=version.issued, since=since, from_pack=True,
                basis=f"{version.title[:150]}载明",
            )
        seen = set()
        for place, text in enumerate(version.upstream):
            found = _NUMBER.match(text)
            number, title = found.groups() if found else ("", text)
            key = _key(number or title)
            if key not in seen:
                seen.add(key)
                Upstream.objects.create(
                    slug=version.slug, place=place, number=number, title=title, key=key
                )


class Migration(migrations.Migration):
    dependencies = [("policies", "0002_documents")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
