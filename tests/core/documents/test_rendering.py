"""Documents made from templates: the right text, hostile values, bad templates, same bytes."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest
from lxml import etree

from jigai.core.documents.context import context_of
from jigai.core.documents.letter_template import BODY, TITLE, letter_template
from jigai.core.documents.qr import qr_png
from jigai.core.documents.rendering import render_docx
from jigai.errors import JigaiError
from tests.core.documents.conftest import notice, parts_of, template_with, texts_of

PICTURE = qr_png("/check/")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def known(**changed: Any) -> dict[str, Any]:
    return {
        **context_of(notice(**changed)), "title": "补正通知书", "number": "示〔2026〕3号",
        "date": "2026年11月22日", "code": "7KQM-2XAB-PR9T-HC4Z", "check_address": "/check/",
        "check_hint": "扫描二维码核对。",
    }  # fmt: skip


def rendered(**changed: Any) -> bytes:
    return render_docx(letter_template(), known(**changed), PICTURE)


def problem_of(*lines: str, **values: Any) -> JigaiError:
    with pytest.raises(JigaiError) as problem:
        render_docx(template_with(*lines), values, PICTURE)
    return problem.value


def test_the_letter_says_everything_in_its_order() -> None:
    assert texts_of(rendered()) == [
        "补正通知书", "示〔2026〕3号", "示例机械有限公司：", "你单位提交的申请收悉。",
        "经审查，请补正下列材料。", "需要补正的材料", "特此通知。", "示例县工业和信息化局",
        "2026年11月22日", "（联系人：示例，电话：0000-0000000）", "查验码：7KQM-2XAB-PR9T-HC4Z",
        "扫描二维码核对。",
        "序号", "材料", "问题", "1", "备案证明", "缺第二页", "2", "设备发票", "没有盖章",
    ]  # fmt: skip


def test_parts_that_are_empty_leave_no_trace() -> None:
    bare = known(addressee="", contact="", closing="", table_rows=[], paragraphs=["一段。"])
    found = texts_of(render_docx(letter_template(), {**bare, "number": ""}, PICTURE))
    assert found == [
        "补正通知书", "一段。", "示例县工业和信息化局", "2026年11月22日",
        "查验码：7KQM-2XAB-PR9T-HC4Z", "扫描二维码核对。",
    ]  # fmt: skip
    assert not docx.Document(io.BytesIO(rendered(table_rows=[]))).tables


def test_the_letter_is_set_as_an_official_one() -> None:
    document = docx.Document(io.BytesIO(rendered()))
    page, lines = document.sections[0], {line.text: line for line in document.paragraphs}
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    title, body = lines["补正通知书"], lines["你单位提交的申请收悉。"]
    assert (title.alignment, title.runs[0].font.size.pt) == (1, 22)
    assert lines["示例县工业和信息化局"].alignment == lines["2026年11月22日"].alignment == 2
    fonts = [line._p.find(f".//{WORD}rFonts").get(f"{WORD}eastAsia") for line in (title, body)]
    assert fonts == [TITLE, BODY] and body.runs[0].font.size.pt == 16
    assert body._p.find(f".//{WORD}ind").get(f"{WORD}firstLineChars") == "200"
    table = parts_of(rendered())["word/fontTable.xml"].decode()
    assert 'w:altName w:val="宋体"' in table and 'w:altName w:val="仿宋"' in table


def test_the_square_is_in_the_package_as_it_was_given() -> None:
    parts = parts_of(rendered())
    assert [name for name in parts if name.startswith("word/media/")] == ["word/media/image1.png"]
    assert parts["word/media/image1.png"] == PICTURE and PICTURE.startswith(b"\x89PNG")
    assert parts["word/document.xml"].count(b"<w:drawing>") == 1


def test_a_table_has_as_many_columns_as_its_header() -> None:
    for count in (1, 2, 3, 6):
        header, row = ["头"] * count, ["格"] * count
        table = docx.Document(
            io.BytesIO(rendered(table_header=header, table_rows=[row, row]))
        ).tables[0]
        assert [len(line.cells) for line in table.rows] == [count] * 3
        assert len(table._tbl.tblGrid.findall(f"{WORD}gridCol")) == count


@pytest.mark.parametrize(
    "hostile",
    [
        "<w:p><w:r><w:t>坏</w:t></w:r></w:p>", "{{ 7*7 }}", "{% for a in b %}", "{_{ title }_}",
        "{_% x %_}", "&lt;b&gt; &amp; \"'", "]]><!--", "{{p title }}", "{%tr endfor %}", "#{code}",
        "{{r title }}", "</w:t></w:r></w:p>", "&#123;&#x41;",
    ],
)  # fmt: skip
def test_a_hostile_text_is_printed_as_it_is(hostile: str) -> None:
    found = texts_of(
        rendered(addressee=hostile, paragraphs=[hostile, "末"], table_rows=[["1", hostile, "x"]])
    )
    assert f"{hostile}：" in found and found.count(hostile) == 2 and "末" in found
    assert len(found) == 18


def test_control_signs_and_line_breaks_make_no_paragraphs() -> None:
    found = texts_of(rendered(paragraphs=["甲\x07乙\x0c丙\x00丁", "一\n二\t三"]))
    assert "甲乙丙丁" in found and "一\n二\t三" in found


def test_a_very_long_text_is_printed_whole() -> None:
    text = "长" * 60_000
    assert text in texts_of(rendered(paragraphs=[text]))


def test_the_same_values_give_the_same_bytes() -> None:
    letter_template.cache_clear()
    first = rendered()
    letter_template.cache_clear()
    assert rendered() == first
    assert rendered(contact="别的") != first
    body = etree.fromstring(parts_of(first)["word/document.xml"])
    assert b"{{" not in etree.tostring(body) and b"{%" not in etree.tostring(body)


@pytest.mark.parametrize(
    ("line", "field"),
    [("{{ applicant }}", "applicant"), ("{{ case.owner.name }}", "owner"),
     ("{% for x in materials %}{{ x }}{% endfor %}", "materials"),
     ("{% if deadline %}有{% endif %}", "deadline"), ("{{ case['owner'] }}", "owner")],
)  # fmt: skip
def test_an_unknown_field_is_named(line: str, field: str) -> None:
    problem = problem_of("标题", line, case={"number": "1"})
    assert problem.code == "template-unknown-field"
    assert f"“{field}”" in problem.message


@pytest.mark.parametrize(
    ("line", "said"),
    [("收件人 {{ title", "收件人 {{ title"), ("{% frobnicate %} 甲", "frobnicate"),
     ("{% if title %}甲", "endif"), ("{{ title | shout }}", "shout")],
)  # fmt: skip
def test_a_bad_tag_is_named_and_found(line: str, said: str) -> None:
    problem = problem_of("第一段", line, "末段", title="甲")
    assert problem.code == "template-bad-tag"
    assert said in problem.message


@pytest.mark.parametrize(
    ("line", "said"),
    [("{{ title.__class__.__mro__ }}", "__class__"), ("{{ title * 1000000000 }}", "*"),
     ("{{ 9 ** 9 ** 9 }}", "**"), ("{{ title.upper() }}", "upper()"), ("{{ '%9s' % title }}", "%"),
     ("{{ rows.append(1) }}", "append"), ("{{ title.format(1) }}", "format()")],
)  # fmt: skip
def test_what_a_template_may_not_do_is_refused(line: str, said: str) -> None:
    problem = problem_of(line, title="甲", rows=[1])
    assert problem.code == "template-forbidden"
    assert f"“{said}”" in problem.message


@pytest.mark.parametrize("name", ["range", "lipsum", "cycler", "namespace"])
def test_a_template_has_no_functions(name: str) -> None:
    assert problem_of(f"{{{{ {name}(9) }}}}").code == "template-unknown-field"


def test_what_is_no_word_file_is_said() -> None:
    for content in (b"", b"no package", PICTURE):
        with pytest.raises(JigaiError) as problem:
            render_docx(content, {}, PICTURE)
        assert problem.value.code == "template-broken"
