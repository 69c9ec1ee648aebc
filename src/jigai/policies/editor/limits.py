"""Bounds of what somebody may write: names of files, sizes, YAML that is safe to read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from jigai.errors import JigaiError
from jigai.policies.yaml_bounds import bounds_problem
from jigai.rules.loader import KNOWN_FILES

MOST_BYTES = 2 * 1024 * 1024
MOST_FILE_BYTES = 600 * 1024
MOST_FILES = 60
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,57}[a-z0-9])?")
_EXAMPLES = re.compile(r"examples/[\w-][\w.-]{0,80}\.yaml")
_SLUG_HELP = "标识用小写字母、数字与连字符，如 yanzhou-2026，最多 59 个字"


def checked_slug(slug: str) -> str:
    """The identifier itself. Raises :class:`JigaiError` for one that is no folder name."""
    if not SLUG.fullmatch(slug):
        raise JigaiError("bad-slug", f"标识“{slug[:60]}”不能用", _SLUG_HELP)
    return slug


def is_part(name: str) -> bool:
    """Whether ``name`` (without the folder) is a file that a pack may have."""
    return name in KNOWN_FILES or bool(_EXAMPLES.fullmatch(name))


def checked_files(slug: str, files: Mapping[str, str]) -> dict[str, str]:
    """The files of one pack, line ends made the same.

    Raises :class:`JigaiError` for a name outside the pack, too much text, or YAML made to exhaust
    whoever reads it.
    """
    checked_slug(slug)
    if f"{slug}/pack.yaml" not in files:
        raise JigaiError("no-pack", "没有 pack.yaml，不知道是哪份文件", "先写标题、地区与发文机关")
    if len(files) > MOST_FILES:
        raise JigaiError("too-many-files", f"文件超过 {MOST_FILES} 个", "合并样例文件")
    found = {name: checked_text(slug, name, text) for name, text in sorted(files.items())}
    if sum(len(text.encode()) for text in found.values()) > MOST_BYTES:
        raise JigaiError(
            "too-large", f"全部内容超过 {MOST_BYTES // 1024 // 1024} MB", "分成几份文件"
        )
    return found


def checked_text(slug: str, name: str, text: str) -> str:
    """The text of one file. Raises as :func:`checked_files`."""
    folder, _slash, part = name.partition("/")
    if folder != slug or not is_part(part):
        raise JigaiError(
            "unknown-file", f"政策包里不能有“{name[:120]}”",
            "可用：" + "、".join(KNOWN_FILES) + "、examples/",
        )  # fmt: skip
    if len(text.encode()) > MOST_FILE_BYTES:
        raise JigaiError(
            "too-large",
            f"“{part}”超过 {MOST_FILE_BYTES // 1024} KB",
            "分成几个样例文件，或删去多余内容",
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise JigaiError("not-text", f"“{part}”里有不是文字的内容", "重新粘贴为纯文本")
    problem = bounds_problem(name, text)
    if problem is not None:
        raise JigaiError("yaml-bounds", f"{problem.place} {problem.message}", problem.fix)
    return text
