"""The first text of a new document: an empty one, or a local one over a document from above."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jigai.policies.editor.limits import checked_slug
from jigai.policies.editor.yaml_edit import rewritten
from jigai.rules.model import Model

_FOLDER = Path(__file__).parents[1] / "data" / "blank_pack"
_CLAUSE = "细则一"


@dataclass(frozen=True, slots=True)
class Start:
    """Who a new document is: its identifier, title, issuer, region and planned period."""

    slug: str
    title: str
    issuer: str
    region_code: str
    region_name: str
    region_level: str
    begins: dt.date
    ends: dt.date | None
    interpreter: str = ""

    def identity(self, **more: Any) -> dict[str, Any]:
        """``pack.yaml`` of a draft."""
        region = {"code": self.region_code, "name": self.region_name, "level": self.region_level}
        return {
            "id": checked_slug(self.slug), "prefix": prefix_of(self.slug), "title": self.title,
            "number": None, "issuer": self.issuer, "region": region, "issued": None,
            "effective_from": self.begins.isoformat(),
            "effective_to": self.ends.isoformat() if self.ends else None,
            "status": "draft", **more, "supersedes": [], "upstream": [],
            "interpreter": self.interpreter or self.issuer,
        }  # fmt: skip


def prefix_of(slug: str) -> str:
    """Two letters before the numbers of a document's facts."""
    letters = "".join(part[0] for part in slug.split("-") if part[:1].isalpha())
    return (letters or "x").upper()[:3]


def blank_files(start: Start) -> dict[str, str]:
    """An empty document over the national terms: clauses, gates and a profile to go on from."""
    found = {
        f"{start.slug}/{path.relative_to(_FOLDER).as_posix()}": path.read_text(encoding="utf-8")
        for path in sorted(_FOLDER.rglob("*.yaml"))
    }
    since = start.begins.isoformat()
    profile = ("examples", 0)
    # A bill of the first year, whenever in it the document begins.
    bill = max(dt.date(start.begins.year, 6, 1), start.begins)
    district = {"from": since, "value": start.region_code}
    for name, path, value in (
        ("pack.yaml", (), start.identity(extends=["national"])),
        ("parameters.yaml", ("parameters", 0, "values", 0), district),
        ("examples/00-profiles.yaml", (*profile, "enterprise", "登记区划"), start.region_code),
        ("examples/00-profiles.yaml", (*profile, "line", "开票日期"), bill.isoformat()),
        ("examples/00-profiles.yaml", (*profile, "year"), str(start.begins.year)),
    ):  # fmt: skip
        key = f"{start.slug}/{name}"
        found[key] = rewritten(found[key], path, value)
    return found


def overlay_files(start: Start, base: str, model: Model) -> dict[str, str]:
    """A local document over ``base``: what the document from above left open, still open.

    Each is to be given a value here; one that says otherwise than the base does is refused by the
    linter with both clauses.
    """
    open_ = [p for p in model.pack.parameters if p.status == "undetermined"]
    clause = {
        "id": _CLAUSE, "heading": "明确上级文件留给本级的值", "anchor": _CLAUSE,
        "summary": "写明上级文件没有给出、由本级确定的值。", "kind": ["declaratory"],
        "declaratory": "只定参数，不另设事项",
    }  # fmt: skip
    listed = [
        {
            "id": p.id, "name": p.name, "clause": _CLAUSE, "kind": p.kind,
            **({"unit": p.unit} if p.unit else {}), "status": "undetermined",
            "decides": p.decides or start.issuer, "note": f"上级条款 {p.clause} 没有给出",
        }
        for p in open_
    ]  # fmt: skip
    head = "# 只补上级文件留空的参数；上级写明的不能改，写了检查会同时指出两处条款。\n"
    return {
        f"{start.slug}/pack.yaml": rewritten("", (), start.identity(overlays=base)),
        f"{start.slug}/clauses.yaml": rewritten("clauses: []\n", ("clauses",), [clause]),
        f"{start.slug}/parameters.yaml": head
        + rewritten("parameters: []\n", ("parameters",), listed),
    }
