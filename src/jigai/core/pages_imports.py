"""Imports and evidence files in the menu."""

from __future__ import annotations

from jigai.core.imports.reach import CAPABILITIES
from jigai.core.screens.menu import MenuItem, register


def register_pages() -> None:
    """Called once the rooms are loaded."""
    first, *others = CAPABILITIES
    register(
        MenuItem("工作台", "数据导入", "file-import", "import-list", first, 40, also=tuple(others)),
        MenuItem("工作台", "证据文件", "paperclip", "evidence-list", "evidence.view", 50),
    )
