"""An old document and its invented successor, as two packs."""

from __future__ import annotations

import re
from pathlib import Path

from tests.policies.packs import copied

OLD, NEW = "yanzhou-2020", "example-2021"
OLD_NUMBER, NEW_NUMBER = "济兖政字〔2020〕14号", "示例政字〔2021〕3号"


def successor(folder: Path, *, since: str = "2021-10-01", **changes: str) -> Path:
    """A pack that says it replaces the Yanzhou document from ``since`` on, with 4 % for equipment.

    ``changes`` are further lines of ``pack.yaml``.
    """
    root = copied(folder)
    made = root / NEW
    if not made.exists():
        (root / OLD).rename(made)
    identity = made / "pack.yaml"
    text = identity.read_text(encoding="utf-8")
    lines = {
        "id": NEW,
        "title": "示例区技术改造实施意见（修订）",
        "number": NEW_NUMBER,
        "issued": since,
        "effective_from": since,
        "effective_to": "2024-12-31",
        "supersedes": f"[{OLD_NUMBER}]",
        **changes,
    }
    for key, value in lines.items():
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    identity.write_text(text, encoding="utf-8")
    parameters = made / "parameters.yaml"
    text = parameters.read_text(encoding="utf-8")
    start = text.index("- id: equipment_rate")
    text = text[:start] + text[start:].replace("value: 3%", "value: 4%", 1)
    parameters.write_text(text, encoding="utf-8")
    return made
