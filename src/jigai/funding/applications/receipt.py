"""What exactly was handed in, in a form that gives the same hash wherever it is computed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from jigai.core.fields.shapes import read_field
from jigai.core.fields.values import show_value
from jigai.core.models import EvidenceFile
from jigai.core.screens import formats
from jigai.funding.models import Application

Content = dict[str, Any]


def content_of(application: Application) -> Content:
    """Everything the applicant hands in: plain text, whole fen, hashes of files."""
    firm = application.enterprise
    return {
        "number": application.number, "round": application.round.number,
        "measure": application.measure.code, "applicant": [firm.uscc or "", firm.name],
        "subject": application.subject_key, "title": application.title,
        "values": application.values, "lines": _lines(application),
        "evidence": _evidence(application), "members": _members(application),
    }  # fmt: skip


def receipt_of(content: Mapping[str, Any], moment: dt.datetime, by: str) -> str:
    """The receipt: SHA-256 over the content, the moment and the account that handed it in."""
    whole = {**content, "at": moment.astimezone(dt.UTC).isoformat(), "by": by}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def changes_between(application: Application, before: Content, after: Content) -> dict[str, Any]:
    """What differs, in words: ``{what: [before, after]}``; empty where nothing does."""
    names = {content["id"]: read_field(content) for content in application.measure.fields}
    evidence = {str(item["id"]): str(item["name"]) for item in application.measure.evidence}
    found: dict[str, Any] = {}
    for part, word in (("values", _value), ("lines", _line), ("evidence", _files),
                       ("members", _signed)):  # fmt: skip
        old, new = before.get(part, {}), after.get(part, {})
        for key in [*old, *(k for k in new if k not in old)]:
            if old.get(key) != new.get(key):
                name = _named(part, key, old.get(key) or new.get(key), names, evidence)
                found[name] = [word(old.get(key), key, names), word(new.get(key), key, names)]
    return found


def _named(part: str, key: str, row: Any, names: Mapping[str, Any],
           evidence: Mapping[str, str]) -> str:  # fmt: skip
    if part == "values":
        return names[key].label if key in names else key
    if part == "evidence":
        return f"材料：{evidence.get(key, key)}"
    return f"发票 {row[0]} {row[1]}" if part == "lines" else f"成员：{key}"


def _value(value: Any, key: str, names: Mapping[str, Any]) -> str:
    return show_value(names[key], value) if key in names else str(value or "")


def _line(row: Any, _key: str, _names: Any) -> str:
    return f"计入 {formats.yuan(row[2])} 元" if row else "不计入"


def _files(rows: Any, _key: str, _names: Any) -> str:
    return "、".join(name for _sha, name in rows or ())


def _signed(row: Any, _key: str, _names: Any) -> str:
    return "" if row is None else "已退出" if row[1] else "已签署" if row[0] else "未签署"


def _lines(application: Application) -> dict[str, list[Any]]:
    rows = application.lines.select_related("line").order_by("id")
    return {
        str(row.line_id): [
            row.line.invoice_no or "", row.line.item, row.share_fen, row.line.second_hand,
            row.line.related_party, row.line.leased, row.line.customs_no, row.line.serial,
        ]
        for row in rows
    }  # fmt: skip


def _evidence(application: Application) -> dict[str, list[list[str]]]:
    keys = [key for held in application.evidence.values() for key in held]
    files = EvidenceFile.objects.in_bulk(keys)
    return {
        item: [[files[key].sha256, files[key].name] for key in held if key in files]
        for item, held in sorted(application.evidence.items()) if held
    }  # fmt: skip


def _members(application: Application) -> dict[str, list[Any]]:
    rows = application.signatures.select_related("enterprise").order_by("id")
    return {row.enterprise.name: [row.content_hash, row.left_at is not None] for row in rows}
