"""Keeps the receipt of what was handed in."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from jigai.cases.models import Case, CaseRecord
from jigai.core.models import User


def keep_receipt(*, case: int, by: User) -> CaseRecord:
    """Note the hash of what a case holds now; called in the transaction that hands it in.

    The hash is SHA-256 of the number, the day, the values and the hashes of the files, as JSON with
    sorted keys: whoever holds these can work it out again.
    """
    row = Case.objects.select_related("enterprise").get(pk=case)
    held = row.evidence.select_related("file").order_by("item")
    materials = [
        {"item": one.item, "state": one.state, "sha256": one.file.sha256 if one.file else ""}
        for one in held
    ]
    handed = {
        "number": row.number, "on": str(row.submitted_on), "values": row.values,
        "materials": materials,
    }  # fmt: skip
    data: dict[str, Any] = {"sha256": receipt_hash(handed), "materials": len(materials)}
    return CaseRecord.objects.create(case=row, verb="receipt", by=by, data=data)


def receipt_hash(handed: dict[str, Any]) -> str:
    """The hash of what was handed in."""
    plain = json.dumps(handed, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()
