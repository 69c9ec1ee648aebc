"""Text out of Word files, and files that only look like one."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from jigai.errors import JigaiError
from jigai.reading.docx_text import docx_text

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word_file(path: Path, body: str, name: str = "word/document.xml") -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(name, body)
    return path


def test_paragraphs_and_cells_in_reading_order(tmp_path: Path) -> None:
    body = (
        f"<w:document {W}><w:body><w:p><w:r><w:t>一、</w:t></w:r><w:r><w:t>总则</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
        "<w:p><w:r><w:t>尾</w:t><w:tab/><w:t>注</w:t></w:r></w:p></w:body></w:document>"
    )
    assert docx_text(word_file(tmp_path / "a.docx", body)) == "一、总则\n甲\n尾 注"


@pytest.mark.parametrize(
    "body",
    ["<w:document", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'],
    ids=["broken", "entities"],
)
def test_what_is_no_document_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(JigaiError) as refused:
        docx_text(word_file(tmp_path / "a.docx", body))
    assert refused.value.code == "not-a-document"


def test_other_packages_and_other_files_are_refused(tmp_path: Path) -> None:
    plain = tmp_path / "b.docx"
    plain.write_bytes(b"text")
    for path in (word_file(tmp_path / "a.docx", "<x/>", "xl/workbook.xml"), plain):
        with pytest.raises(JigaiError):
            docx_text(path)
