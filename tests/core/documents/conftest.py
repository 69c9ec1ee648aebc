"""A store of its own and a maker of papers for the tests of issued documents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest

from jigai.core.documents import issue_document, letter
from jigai.core.models import IssuedDocument
from tests.factories import COUNTY, make_user

SITE = "https://platform.example"


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, settings: Any) -> Path:
    """Where the papers of this test lie; the site has an address."""
    settings.DATA_DIR = tmp_path / "data"
    settings.SITE_URL = SITE
    return tmp_path / "data"


def notice(**changed: Any) -> dict[str, Any]:
    """A notice that asks for two missing papers."""
    fields: dict[str, Any] = {
        "addressee": "示例机械有限公司",
        "paragraphs": ["你单位提交的申请收悉。", "经审查，请补正下列材料。"],
        "organ": "示例县工业和信息化局",
        "contact": "联系人：示例，电话：0000-0000000",
        "table_title": "需要补正的材料",
        "table_header": ["序号", "材料", "问题"],
        "table_rows": [["1", "备案证明", "缺第二页"], ["2", "设备发票", "没有盖章"]],
    }
    return letter(**{**fields, **changed})


@pytest.fixture
def issue() -> Callable[..., IssuedDocument]:
    """Issues a paper about object 7; any argument may be changed."""

    def act(**changed: Any) -> IssuedDocument:
        fields: dict[str, Any] = {
            "kind": "supplement", "title": "补正通知书", "number": "示工信补〔2026〕3号",
            "context": notice(), "object_kind": "case", "object_key": 7, "region_code": COUNTY,
            "public_summary": {"申请单位": "示例**公司", "事项": "技术改造奖补"},
        }  # fmt: skip
        changed.setdefault("by", make_user("section-clerk"))
        return issue_document(**{**fields, **changed})

    return act


def texts_of(content: bytes) -> list[str]:
    """Every paragraph and cell with text, in print order of kinds: paragraphs, then tables."""
    document = docx.Document(io.BytesIO(content))
    found = [paragraph.text for paragraph in document.paragraphs]
    found += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [text for text in found if text]


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of the package by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def template_with(*lines: str) -> bytes:
    """A Word template with these paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()
