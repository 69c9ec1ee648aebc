"""A Word template and its values become a document: same in, same bytes out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Any

from docx.opc.exceptions import OpcError
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SecurityError
from lxml.etree import LxmlError

from jigai.core.documents.charts import InlineChart
from jigai.core.documents.figure import Figure
from jigai.core.documents.packages import without_moments
from jigai.core.documents.sandbox import sandbox
from jigai.errors import JigaiError

QR_SIZE = Mm(28)
_BROKEN = (OpcError, LxmlError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError)


def render_docx(template: bytes, context: Mapping[str, Any], picture: bytes) -> bytes:
    """The document. ``picture`` is the square code as PNG, printed where the template says ``qr``.

    ``figures`` in the context are fields of :class:`Figure`; the template prints each as
    ``figure.title``, ``figure.chart`` and ``figure.text``.

    Raises :class:`JigaiError` that names the unknown field, the tag that is wrong, or says that the
    template cannot be opened.
    """
    document = DocxTemplate(io.BytesIO(template))
    try:
        square = InlineImage(document, io.BytesIO(picture), width=QR_SIZE)
        figures = [_figure(document, n, told) for n, told in
                   enumerate(context.get("figures", ()), 1)]  # fmt: skip
        document.render({**context, "qr": square, "figures": figures}, sandbox())
        out = io.BytesIO()
        document.save(out)
    except TemplateError as error:
        raise _said(error) from error
    except _BROKEN as error:
        raise JigaiError(
            "template-broken",
            "文书模板打不开，或里面的标记放错了位置",
            "请用 Word 另存为 .docx 后重新上传",
        ) from error
    return without_moments(out.getvalue())


def _figure(document: DocxTemplate, number: int, told: Mapping[str, Any]) -> dict[str, Any]:
    """A figure's caption, its chart and what it shows."""
    figure = Figure(**{**told, "series": [(name, values) for name, values in told["series"]]})
    return {
        "title": f"图 {number}　{figure.title}（{figure.unit}）",
        "chart": InlineChart(document, figure, number), "text": figure.summary,
    }  # fmt: skip


def _said(error: TemplateError) -> JigaiError:
    """An error of the template language in the words of whoever wrote the template."""
    if isinstance(error, SecurityError):
        return JigaiError(
            "template-forbidden",
            f"文书模板用了不允许的写法“{error.message}”",
            "模板里只能用字段、条件和循环",
        )
    if isinstance(error, UndefinedError):
        return JigaiError(
            "template-unknown-field",
            f"文书模板用了没有的字段“{error.message}”",
            "请对照字段说明改正模板后重新上传",
        )
    near = _near(error) if isinstance(error, TemplateSyntaxError) else ""
    where = f"“{near}”处的" if near else "里的"
    return JigaiError(
        "template-bad-tag", f"文书模板{where}标记有误：{error.message}", "请检查标记是否写全、成对"
    )


def _near(error: TemplateSyntaxError) -> str:
    """The text of the paragraph with the wrong tag, shortened; docxtpl keeps seven lines of it."""
    lines = list(getattr(error, "docx_context", ()))
    at = min(3, error.lineno - 1)
    return lines[at].strip()[:60] if at < len(lines) else ""
