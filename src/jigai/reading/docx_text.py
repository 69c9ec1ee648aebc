"""The plain text of a Word document, paragraph by paragraph."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from jigai.errors import JigaiError

_BODY = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# A policy document is a few hundred kilobytes of XML; anything near this is not one.
_LIMIT = 32 * 1024 * 1024


def docx_text(path: Path) -> str:
    """Text of a .docx, one line a paragraph; table cells come in reading order.

    Raises :class:`JigaiError` for a file that is not a Word document or declares entities.
    """
    try:
        with zipfile.ZipFile(path) as package:
            if package.getinfo(_BODY).file_size > _LIMIT:
                raise JigaiError("text-too-large", "文件正文太大，不像一份政策文件")
            content = package.read(_BODY)
    except (zipfile.BadZipFile, KeyError) as error:
        raise JigaiError(
            "not-a-document", "读不出 Word 文档的正文", "另存为 .docx，或直接粘贴全文"
        ) from error
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise JigaiError("not-a-document", "Word 文档里有不应有的声明", "直接粘贴全文")
    try:
        body = ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise JigaiError("not-a-document", "Word 文档的正文损坏", "直接粘贴全文") from error
    return "\n".join(_paragraphs(body))


def _paragraphs(body: ElementTree.Element) -> Iterator[str]:
    for paragraph in body.iter(f"{_W}p"):
        pieces = []
        for node in paragraph.iter():
            if node.tag == f"{_W}t":
                pieces.append(node.text or "")
            elif node.tag in (f"{_W}tab", f"{_W}br"):
                pieces.append(" ")
        yield "".join(pieces)
