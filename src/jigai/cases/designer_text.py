"""The same draft as text, for those who would rather write it."""

from __future__ import annotations

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from jigai.cases.designer import trimmed
from jigai.cases.flow.shapes import Procedure
from jigai.cases.services.edit_version import read_spec
from jigai.errors import JigaiError
from jigai.policies.yaml_bounds import bounds_problem
from jigai.yaml_files import load_yaml

# A long procedure is a tenth of it.
MOST = 200_000
_QUOTED = re.compile(r"“([^”]+)”")


class TextProblem(JigaiError):
    """What is wrong with the text; ``line`` counts from 1, 0 where no line can be named."""

    def __init__(self, problem: JigaiError, line: int) -> None:
        self.line = line
        where = f"第 {line} 行：" if line else ""
        super().__init__(problem.code, f"{where}{problem.message}", problem.hint)


def text_of(spec: Procedure) -> str:
    """The procedure as YAML, without what goes without saying."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False
    writer.width = 100
    out = io.StringIO()
    writer.dump(trimmed(spec), out)
    return out.getvalue()


def content_of_text(text: str) -> dict[str, Any]:
    """The content in a text. Raises :class:`TextProblem` with the line."""
    if len(text) > MOST:
        raise TextProblem(JigaiError("text-long", "文字太长", f"不超过 {MOST:,} 字"), 0)
    bounds = bounds_problem("办事方式", text)
    if bounds is not None:
        line = bounds.place.line or 0
        raise TextProblem(JigaiError("text-bounds", bounds.message, "展开写，不用引用"), line)
    try:
        whole = load_yaml(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise TextProblem(
            JigaiError("text-yaml", "读不懂", "检查缩进、冒号后的空格和引号；同一个键只写一次"),
            line,
        ) from error
    except YAMLError as error:
        raise TextProblem(JigaiError("text-yaml", "读不懂", "检查有没有特殊字符"), 0) from error
    if not isinstance(whole, dict):
        raise TextProblem(
            JigaiError("text-yaml", "最外层不是键和值", "从 kind:、fields:、steps: 写起"), 1
        )
    try:
        read_spec(whole)
    except JigaiError as problem:
        raise TextProblem(problem, _line_of(problem.message, text)) from problem
    return whole


def _line_of(message: str, text: str) -> int:
    """The first line with what the message quotes, from the last quotation on: the innermost."""
    lines = text.splitlines()
    for word in reversed(_QUOTED.findall(message)):
        for number, line in enumerate(lines, 1):
            if re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", line):
                return number
    return 0
