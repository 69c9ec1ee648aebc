"""What the access log says in words: actions and kinds of things looked at."""

from __future__ import annotations

from jigai.core.screens.list_page import list_page
from jigai.errors import JigaiError

ACTIONS = {"view": "查看", "export": "导出", "download": "下载", "查看测算": "查看"}
_KINDS = {
    "enterprise": "企业",
    "decision": "测算结果",
    "evidence": "证据文件",
    "export": "导出文件",
}


def kind_name(kind: str) -> str:
    """The Chinese name of a kind; exports name the list they were made of by its page."""
    if kind in _KINDS:
        return _KINDS[kind]
    try:
        return list_page(kind).title
    except JigaiError:
        return kind
