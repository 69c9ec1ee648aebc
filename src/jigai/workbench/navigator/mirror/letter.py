"""The letter enterprises of a list get: what the measure gives, what to do, whom to ask."""

from __future__ import annotations

import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from jigai.core.screens import formats
from jigai.rules.schema import Measure
from jigai.workbench.models import AudienceEntry, AudienceList

_BODY = "仿宋"
_WHY = {
    "ready": "按平台掌握的资料，贵单位现在就符合条件。",
    "lacking": "按平台掌握的资料，贵单位只差一项资料就能定论，补齐后即可判断。",
    "near": "按平台掌握的资料，贵单位离起点差不到两成，达到后即可享受。",
}


def notice_letter(found: AudienceList, measure: Measure, group: str) -> bytes:
    """A ``.docx`` without any figure of an enterprise: the same letter goes to all of them."""
    document: Any = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _line(document, f"关于“{measure.name}”的政策送达函", size=20, middle=True)
    for text in _paragraphs(found, measure, group):
        _line(document, text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraphs(found: AudienceList, measure: Measure, group: str) -> list[str]:
    pack = found.pack
    number = f"（{pack.number}）" if pack.number else ""
    evidence = "、".join(measure.evidence) or "文件没有写明，以申报通知为准"
    return [
        f"依据《{pack.title}》{number}{measure.clause}。{_WHY[group]}",
        f"名单按 {found.year} 年度资料、{formats.day(found.as_of)} 的规定得出"
        f"（情况：{AudienceEntry.Group(group).label}），不代表审批结论。",
        f"要备的材料：{evidence}。",
        f"决定单位：{measure.decides or '文件没有写'}；出资：{measure.payer or '文件没有写'}。",
        "测算金额、还差什么、由谁掌握，请登录平台打开“政策匹配”查看。",
    ]


def _line(document: Any, text: str, size: float = 14, middle: bool = False) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = _BODY
    run._element.rPr.rFonts.set(qn("w:eastAsia"), _BODY)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    else:
        paragraph.paragraph_format.first_line_indent = Pt(2 * size)
