"""Which template a paper is printed with: a region's own, or the shipped letter."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from io import BytesIO

from django.db import transaction

from jigai.core.documents.context import context_of
from jigai.core.documents.letter import letter
from jigai.core.documents.letter_template import letter_template
from jigai.core.documents.qr import qr_png
from jigai.core.documents.rendering import render_docx
from jigai.core.evidence import path_of
from jigai.core.models import DocumentTemplate, EvidenceFile, User
from jigai.errors import JigaiError

_SAMPLE = "2345-6789-ABCD-EFGH"


@dataclass(frozen=True, slots=True)
class Template:
    """A Word template: its bytes, and under whose hand it is (for people)."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash kept with every paper printed with it."""
        return hashlib.sha256(self.content).hexdigest()


def shipped_template() -> Template:
    """The letter that comes with the platform; offices may download and adapt it."""
    return Template("通用公函", letter_template())


def template_for(kind: str, region_code: str) -> Template:
    """The template of the region or of the nearest one above it, else the shipped letter.

    Raises :class:`JigaiError` when the stored file is gone.
    """
    places = _upwards(region_code)
    rows = DocumentTemplate.objects.filter(kind=kind, region_code__in=places)
    found = {row.region_code: row for row in rows.select_related("file")}
    for place in places:
        if row := found.get(place):
            return Template(row.file.name, path_of(row.file).read_bytes())
    return shipped_template()


def keep_template(*, kind: str, region_code: str, file: EvidenceFile, by: User) -> DocumentTemplate:
    """Print this kind with this file from now on, in the region and below; it is tried out first.

    The caller has checked that the person may. Raises :class:`JigaiError` as the rendering does,
    and for a template that prints no check code.
    """
    try_template(path_of(file).read_bytes())
    with transaction.atomic():
        row, _made = DocumentTemplate.objects.update_or_create(
            kind=kind, region_code=region_code, defaults={"file": file, "changed_by": by}
        )
    return row


def drop_template(*, kind: str, region_code: str) -> bool:
    """Go back to the template above; whether there was one of the region's own."""
    gone, _each = DocumentTemplate.objects.filter(kind=kind, region_code=region_code).delete()
    return gone > 0


def try_template(content: bytes) -> bytes:
    """A sample printed with the template. Raises :class:`JigaiError` where it does not serve."""
    sample = letter(
        addressee="示例单位", paragraphs=["正文。"], organ="示例机关", contact="联系电话：示例",
        table_title="清单", table_header=["名称", "说明"], table_rows=[["材料", "缺页"]],
    )  # fmt: skip
    known = {
        **context_of(sample), "title": "示例通知书", "number": "示例〔2026〕1号",
        "date": "2026年1月1日", "code": _SAMPLE, "check_address": "/", "check_hint": "核对办法",
    }  # fmt: skip
    printed = render_docx(content, known, qr_png("/"))
    with zipfile.ZipFile(BytesIO(printed)) as package:
        body = package.read("word/document.xml").decode()
    if _SAMPLE not in body or "<w:drawing>" not in body:
        raise JigaiError(
            "template-no-code",
            "文书模板没有印出查验码和二维码",
            "请在模板里放上 {{ code }} 与 {{ qr }}",
        )
    return printed


def _upwards(region_code: str) -> list[str]:
    """The region and those above it, nearest first."""
    above = [region_code[:4] + "00", region_code[:2] + "0000"] if len(region_code) == 6 else []
    return list(dict.fromkeys([region_code, *above]))
