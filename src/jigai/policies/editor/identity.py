"""What ``pack.yaml`` of a draft says, and how it is stamped when it becomes a document."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml.error import YAMLError

from jigai.errors import JigaiError
from jigai.policies.editor.yaml_edit import rewritten
from jigai.policies.editor.yaml_tree import read_text

MOST_TITLE = 200


@dataclass(frozen=True, slots=True)
class Named:
    """A draft's files with its title and region as they say."""

    files: dict[str, str]
    title: str
    region: str


def read_identity(slug: str, files: Mapping[str, str]) -> dict[str, Any]:
    """``pack.yaml`` as plain data. Raises :class:`JigaiError` where it cannot be read."""
    try:
        root = read_text(files.get(f"{slug}/pack.yaml", ""))
    except YAMLError:
        root = None
    plain = root.plain if root is not None else None
    if not isinstance(plain, dict):
        raise JigaiError("bad-pack-yaml", "pack.yaml 读不下去", "检查缩进与冒号；最外层是“键: 值”")
    return plain


def named(slug: str, files: Mapping[str, str]) -> Named:
    """The files with title and region; both empty where they are not given."""
    plain = read_identity(slug, files)
    region = plain.get("region")
    code = region.get("code", "") if isinstance(region, dict) else ""
    return Named(dict(files), str(plain.get("title") or "")[:MOST_TITLE], str(code or ""))


def slug_of(files: Mapping[str, str], fallback: str = "") -> str:
    """The folder of the files. Raises :class:`JigaiError` where they lie in several."""
    folders = {name.partition("/")[0] for name in files}
    if fallback in folders:
        return fallback
    own = [name for name in folders if f"{name}/pack.yaml" in files]
    if len(own) == 1:
        return own[0]
    raise JigaiError("no-pack", "看不出是哪一份文件", "只放一个政策包的文件，里面要有 pack.yaml")


def draft_identity(slug: str, files: Mapping[str, str], title: str = "") -> Named:
    """The same files as a draft: ``status: draft``, with ``title`` where one is given."""
    name = f"{slug}/pack.yaml"
    plain = read_identity(slug, files)
    text = files[name]
    changed: dict[str, Any] = {"id": slug, "status": "draft"}
    if title.strip():
        changed["title"] = title.strip()[:MOST_TITLE]
    text = rewritten(text, (), {**plain, **changed})
    return named(slug, {**files, name: text})


def with_status(slug: str, files: Mapping[str, str], status: str) -> dict[str, str]:
    """The files with another word in ``status``. Raises :class:`JigaiError` where it cannot be read
    or written."""
    name = f"{slug}/pack.yaml"
    plain = read_identity(slug, files)
    return {**files, name: rewritten(files[name], (), {**plain, "status": status})}


def renamed(old: str, new: str, files: Mapping[str, str]) -> dict[str, str]:
    """The files of one pack as those of another document, which replaces it.

    The new one has no number and no dates yet.
    """
    name = f"{old}/pack.yaml"
    plain = read_identity(old, files)
    fresh = {
        **plain, "id": new, "number": None, "issued": None, "effective_from": None,
        "effective_to": None, "supersedes": _replaced(plain), "source_file": None,
    }  # fmt: skip
    text = rewritten(files[name], (), {key: fresh[key] for key in fresh})
    moved = {**files, name: text}
    return {f"{new}/{key.partition('/')[2]}": value for key, value in moved.items()}


def _replaced(plain: Mapping[str, Any]) -> list[str]:
    number = plain.get("number")
    given = number if number not in (None, "", "null") else plain.get("title")
    return [str(given)] if given else []


def stamped(
    slug: str, files: Mapping[str, str], *, number: str, issued: dt.date,
    effective_from: dt.date, effective_to: dt.date | None,
) -> dict[str, str]:  # fmt: skip
    """The files as issued: number, dates, ``status: issued``."""
    name = f"{slug}/pack.yaml"
    plain = read_identity(slug, files)
    changed = {
        "number": number or None, "issued": issued.isoformat(),
        "effective_from": effective_from.isoformat(),
        "effective_to": effective_to.isoformat() if effective_to else None, "status": "issued",
    }  # fmt: skip
    return {**files, name: rewritten(files[name], (), {**plain, **changed})}


def identity_fields(plain: Mapping[str, Any]) -> dict[str, Any]:
    """``pack.yaml`` as the fields of its form."""

    def word(key: str) -> str:
        value = plain.get(key)
        return "" if value in (None, "null", "~") else str(value)

    upstream = [row for row in plain.get("upstream") or [] if isinstance(row, dict)]
    lines = []
    for row in upstream:
        number = row.get("number")
        lines.append(" ".join(
            str(part) for part in (number, row.get("title")) if part not in (None, "", "null", "~")
        ))  # fmt: skip
    fields = ("title", "number", "issuer", "interpreter", "issued", "effective_from",
              "effective_to", "status", "overlays", "notes")  # fmt: skip
    return {
        **{key: word(key) for key in fields},
        "supersedes": "\n".join(str(one) for one in plain.get("supersedes") or []),
        "upstream": "\n".join(lines),
    }


def with_identity(
    slug: str, files: Mapping[str, str], given: Mapping[str, Any]
) -> dict[str, str]:  # fmt: skip
    """``pack.yaml`` with what the form says; the rest as it was written."""
    name = f"{slug}/pack.yaml"
    plain = read_identity(slug, files)
    was = identity_fields(plain)
    new: dict[str, Any] = dict(plain)
    for key in ("title", "issuer", "interpreter", "notes", "effective_from", "effective_to"):
        value = given.get(key)
        text = value.isoformat() if isinstance(value, dt.date) else str(value or "").strip()
        text = text.replace("\r\n", "\n")
        if text == was[key].strip():
            continue
        if text:
            new[key] = text
        elif key.startswith("effective"):
            new[key] = None
        else:
            new.pop(key, None)
    if _lines(given.get("supersedes")) != _lines(was["supersedes"]):
        new["supersedes"] = _lines(given.get("supersedes"))
    if _lines(given.get("upstream")) != _lines(was["upstream"]):
        new["upstream"] = [_document(line) for line in _lines(given.get("upstream"))]
    return {name: rewritten(files[name], (), new)}


def _lines(value: Any) -> list[str]:
    return [line.strip() for line in str(value or "").splitlines() if line.strip()]


def _document(line: str) -> dict[str, Any]:
    """``鲁政发〔2026〕1号 标题``: a number ends with 号 and has brackets."""
    head, _space, rest = line.partition(" ")
    if rest and head.endswith("号") and any(mark in head for mark in "〔[（("):
        return {"number": head, "title": rest.strip()}
    return {"number": None, "title": line}
