"""Reads a content file of a procedure and says what is wrong before anything is stored."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from jigai.cases.flow.lint import ERROR, check
from jigai.cases.flow.shapes import Procedure
from jigai.cases.services.edit_version import read_spec
from jigai.errors import JigaiError
from jigai.yaml_files import read_yaml

_PARTS = frozenset({"procedure", "flow"})
_ABOUT = frozenset(
    {"code", "name", "summary", "kind", "applicant", "region", "owner", "clause", "systems",
     "items"}
)  # fmt: skip
_CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Content:
    """A file as read: ``about`` still as written, ``spec`` checked."""

    name: str
    about: Mapping[str, Any]
    spec: Procedure


def check_file(path: Path) -> Content:
    """The content of a file.

    ``kind`` and ``applicant`` stand beside the name and hold for the flow. Raises
    :class:`JigaiError` (``content``) naming the file, the place in it and the fix.
    """
    name = path.name
    try:
        whole = read_yaml(path)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise _wrong(name, f"第 {line} 行", "不是 YAML", "检查缩进和冒号") from error
    if not isinstance(whole, Mapping):
        raise _wrong(name, "最外层", "不是键和值", "写 procedure: 和 flow: 两部分")
    _only(name, "最外层", whole, _PARTS)
    about, flow = whole.get("procedure") or {}, whole.get("flow") or {}
    _only(name, "procedure", about, _ABOUT)
    for key in ("code", "name"):
        if not about.get(key):
            raise _wrong(name, "procedure", f"没有写 {key}", "补上")
    if not _CODE.fullmatch(str(about["code"])) or len(str(about["code"])) > 60:
        raise _wrong(name, "procedure", f"代号“{about['code']}”不能用", "用小写字母、数字和连字符")
    for key in ("kind", "applicant"):
        if key in flow and key in about and flow[key] != about[key]:
            raise _wrong(name, key, f"procedure 和 flow 里写的{key}不一样", "只在 procedure 里写")
    shared = {key: about[key] for key in ("kind", "applicant") if key in about}
    try:
        spec = read_spec({**flow, **shared})
    except JigaiError as error:
        raise _wrong(name, "flow", error.message, error.hint) from error
    problems = [one for one in check(spec) if one.severity == ERROR]
    if problems:
        raise _wrong(name, problems[0].where, problems[0].message, problems[0].fix)
    return Content(name, about, spec)


def _only(name: str, where: str, given: Any, known: frozenset[str]) -> None:
    if not isinstance(given, Mapping):
        raise _wrong(name, where, "不是键和值", "写成几行“键: 值”")
    odd = sorted(str(key) for key in set(given) - known)
    if odd:
        raise _wrong(
            name, where, f"不认识“{'、'.join(odd)}”", f"可以写：{'、'.join(sorted(known))}"
        )


def _wrong(name: str, where: str, message: str, fix: str) -> JigaiError:
    return JigaiError("content", f"{name} 的 {where}：{message}", fix)
