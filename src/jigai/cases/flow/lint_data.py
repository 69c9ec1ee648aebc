"""Checks of the form and the materials: fields, the name of a case, evidence."""

from __future__ import annotations

from collections.abc import Iterator

from jigai.cases.flow.lint_steps import ID_FIX
from jigai.cases.flow.problems import Problem, at_evidence, at_field
from jigai.cases.flow.shapes import Procedure
from jigai.core.fields.shapes import IDENTIFIER, NAMING, PLAIN_TYPES, TYPES


def field_problems(procedure: Procedure) -> Iterator[Problem]:
    """Fields that cannot be kept or filled in."""
    ids: set[str] = set()
    labels: set[str] = set()
    for item in procedure.fields:
        where = at_field(item)
        if not item.label:
            yield Problem("field-label", where, "没有名称", "填写中文名称")
        if not IDENTIFIER.fullmatch(item.id):
            yield Problem("field-id", where, f"代号“{item.id}”不能用", ID_FIX)
        if item.id in ids or (item.label and item.label in labels):
            yield Problem("field-twice", where, "名称或代号与前面的字段重复", "改名或删去一个")
        ids.add(item.id)
        labels.add(item.label)
        if item.type not in PLAIN_TYPES:
            word = TYPES.get(item.type, item.type)
            yield Problem(
                "field-type", where, f"办事表单没有“{word}”这种类型",
                f"可选：{'、'.join(PLAIN_TYPES)}",
            )  # fmt: skip
        if item.type == "choice" and not item.options:
            yield Problem("field-options", where, "选项类型还没有选项", "逐行填写选项")
        if item.many and item.type != "text":
            yield Problem(
                "field-many", where, "只有文字类型可以填多个值", "改类型为文字，或取消多值"
            )


def title_problems(procedure: Procedure) -> Iterator[Problem]:
    """A case needs a name that people can read."""
    if not procedure.title:
        yield Problem(
            "title-missing", "办件名称", "没有指定用哪个字段作办件名称", "选择一个文字字段"
        )
        return
    named = next((item for item in procedure.fields if item.id == procedure.title), None)
    if named is None:
        yield Problem(
            "title-missing", "办件名称", f"字段“{procedure.title}”不存在",
            "重新选择，或把字段加回去",
        )  # fmt: skip
    elif named.type not in NAMING or named.many:
        yield Problem(
            "title-type", "办件名称", f"字段“{named.label}”不能作办件名称", "选择文字或企业字段"
        )


def evidence_problems(procedure: Procedure) -> Iterator[Problem]:
    """Materials with unusable ids, and those that may come later without saying when."""
    seen: set[str] = set()
    for item in procedure.evidence:
        where = at_evidence(item)
        if not item.name:
            yield Problem("evidence-name", where, "没有名称", "填写材料名称")
        if not IDENTIFIER.fullmatch(item.id):
            yield Problem("evidence-id", where, f"代号“{item.id}”不能用", ID_FIX)
        if item.id in seen:
            yield Problem("evidence-twice", where, f"代号“{item.id}”前面已经用过", "换一个代号")
        seen.add(item.id)
        if item.deferrable and item.days < 1:
            yield Problem(
                "evidence-days", where, "可以容缺，却没有补齐期限",
                "容缺要有补齐期限：填写几个工作日内补齐，或取消容缺",
            )  # fmt: skip
