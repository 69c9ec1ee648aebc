"""The sections of a pack that have forms, and their entries in the files of a draft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import YAMLError

from jigai.errors import JigaiError
from jigai.policies.editor.yaml_edit import rewritten, without
from jigai.policies.editor.yaml_tree import read_text
from jigai.rules.loader import KNOWN_FILES
from jigai.rules.schema_programme import PROGRAMME

Files = Mapping[str, str]
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One section: its file and the key in it. ``named`` is the field that names an entry."""

    code: str
    title: str
    file: str
    key: str
    named: str = "name"
    unit: str = "项"


PARTS = {
    part.code: part
    for part in (
        Part("clauses", "条款", "clauses.yaml", "clauses", "heading", "条"),
        Part("parameters", "参数", "parameters.yaml", "parameters"),
        Part("readings", "读法", "readings.yaml", "readings"),
        Part("measures", "措施", "measures.yaml", "measures"),
    )
}
EXAMPLES = "examples"
FILE_TITLES = {
    "pack.yaml": "文件身份", "clauses.yaml": "条款", "parameters.yaml": "参数",
    "vocabulary.yaml": "本地词汇", "facts.yaml": "派生事实", "readings.yaml": "读法",
    "measures.yaml": "资格门、措施与各阶段", "item_classes.yaml": "品目分类",
    **{f"{name}.yaml": title for name, _model, title in PROGRAMME},
}  # fmt: skip


class Unreadable(JigaiError):
    """A file of the draft whose YAML cannot be read: forms have nothing to stand on."""

    def __init__(self, file: str, line: int) -> None:
        where = f"第 {line} 行" if line else ""
        super().__init__("unreadable", f"{file} {where}读不下去", "先在文本里改好，表单才能用")
        self.file = file


def data_of(slug: str, files: Files, file: str) -> Plain:
    """A file as plain data. Raises :class:`Unreadable`."""
    try:
        root = read_text(files.get(f"{slug}/{file}", ""))
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise Unreadable(file, mark.line + 1 if mark else 0) from None
    plain = root.plain if root is not None else {}
    if not isinstance(plain, dict):
        raise Unreadable(file, 1)
    return plain


def entries(slug: str, files: Files, part: Part) -> list[Plain]:
    """The entries of a section, as written. Raises :class:`Unreadable`."""
    found = data_of(slug, files, part.file).get(part.key) or []
    if not isinstance(found, list):
        raise Unreadable(part.file, 1)
    return [one for one in found if isinstance(one, dict)]


def entry(slug: str, files: Files, part: Part, code: str) -> Plain | None:
    """One of them by its id."""
    return next((one for one in entries(slug, files, part) if one.get("id") == code), None)


def with_entry(slug: str, files: Files, part: Part, code: str, value: Plain) -> dict[str, str]:
    """The file with the entry ``code`` as ``value``; added at the end where there is none."""
    name = f"{slug}/{part.file}"
    listed = data_of(slug, files, part.file).get(part.key) or []
    place = next((i for i, one in enumerate(listed) if _id(one) == code), len(listed))
    return {name: rewritten(files.get(name, ""), (part.key, place), value)}


def without_entry(slug: str, files: Files, part: Part, code: str) -> dict[str, str]:
    """The file without the entry ``code``."""
    name = f"{slug}/{part.file}"
    listed = data_of(slug, files, part.file).get(part.key) or []
    place = next((i for i, one in enumerate(listed) if _id(one) == code), len(listed))
    return {name: without(files[name], (part.key, place))}


def _id(value: Any) -> str:
    return str(value.get("id", "")) if isinstance(value, dict) else ""


def example_files(slug: str, files: Files) -> list[str]:
    """Names of the files with examples, without the folder."""
    return sorted(
        name.partition("/")[2] for name in files if name.startswith(f"{slug}/{EXAMPLES}/")
    )


def examples(slug: str, files: Files) -> Iterator[tuple[str, int, Plain]]:
    """File, place and content of every example that can be read."""
    for file in example_files(slug, files):
        try:
            listed = data_of(slug, files, file).get(EXAMPLES) or []
        except Unreadable:
            continue
        for place, one in enumerate(listed):
            if isinstance(one, dict):
                yield file, place, one


def all_files(slug: str, files: Files) -> list[tuple[str, str, bool]]:
    """Every file a pack may have: name, title, whether it is written."""
    known = [(name, FILE_TITLES.get(name, name), f"{slug}/{name}" in files) for name in KNOWN_FILES]
    return known + [(name, "样例", True) for name in example_files(slug, files)]
