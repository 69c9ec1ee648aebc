"""Imports and evidence files in the menu."""

from __future__ import annotations

from jigai.core.screens.menu import MenuItem, register


def register_pages() -> None:
    """Called once the rooms are loaded."""
    register(
        # People who may import one kind of table may import most; the page itself checks each.
        MenuItem("工作台", "数据导入", "file-import", "import-list", "enterprise.import", 40),
        MenuItem("工作台", "证据文件", "paperclip", "evidence-list", "evidence.view", 50),
    )
