"""Small changes to the shipped packs, and a local pack over one, for tests."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from jigai.paths import packs_dir

LOCAL = "yanzhou-detail"


def copied(folder: Path) -> Path:
    """The shipped packs in a place where they may be changed; once a folder."""
    target = folder / "packs"
    if not target.exists():
        shutil.copytree(packs_dir(), target)
    return target


def changed_pack(folder: Path, parameter: str, value: str, slug: str = "yanzhou-2020") -> Path:
    """The pack with another value of a parameter; left open where the value is empty."""
    path = copied(folder) / slug / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    block = _block(text, parameter)
    new = re.sub(r"(?m)^  values:.*\n", "", block).replace("status: stated", "status: undetermined")
    if value:
        new = re.sub(r"value: [^}]+}", f"value: {value}}}", block)
    path.write_text(text.replace(block, new), encoding="utf-8")
    return path.parent


def _block(text: str, parameter: str) -> str:
    """The lines of one parameter."""
    blocks = re.split(r"(?m)^(?=- id: )", text)
    return next(block for block in blocks if block.startswith(f"- id: {parameter}\n"))


def _line(block: str, key: str) -> str:
    found = re.search(rf"(?m)^  {key}: (.*)$", block)
    return found[1] if found else ""


def with_identity(folder: Path, **changes: str) -> Path:
    """The pack of Yanzhou with other lines of ``pack.yaml``."""
    path = copied(folder) / "yanzhou-2020" / "pack.yaml"
    text = path.read_text(encoding="utf-8")
    for key, value in changes.items():
        text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {value}", text)
    path.write_text(text, encoding="utf-8")
    return path.parent


def local_pack(folder: Path, parameter: str, value: str, since: str = "2021-06-01") -> Path:
    """A local pack over Yanzhou that sets one parameter (or leaves it open again)."""
    root = copied(folder) / LOCAL
    root.mkdir(exist_ok=True)
    base = (root.parent / "yanzhou-2020" / "parameters.yaml").read_text(encoding="utf-8")
    block = _block(base, parameter)
    name, kind, unit = (_line(block, key) for key in ("name", "kind", "unit"))
    (root / "pack.yaml").write_text(
        f"id: {LOCAL}\nprefix: YD\ntitle: 兖州区技术改造实施细则（测试）\n"
        "number: 兖工信字〔2021〕3号\nissuer: 兖州区工业和信息化局\n"
        'region: {code: "370812", name: 山东省济宁市兖州区, level: county}\n'
        "issued: 2021-05-20\neffective_from: 2021-06-01\neffective_to: 2022-12-31\n"
        "status: issued\noverlays: yanzhou-2020\ninterpreter: 区工业和信息化局\n",
        encoding="utf-8",
    )
    (root / "clauses.yaml").write_text(
        "clauses:\n- id: 细则一\n  heading: 补助比例\n  anchor: 比例\n"
        "  summary: 明确上级文件留给本区确定的值。\n  kind: [declaratory]\n"
        "  declaratory: 只定参数，不另设事项\n",
        encoding="utf-8",
    )
    status = "local" if value else "undetermined"
    stated = f"{{from: {since}, value: {value}, reference: 实施细则第一条, approver: 区政府}}"
    (root / "parameters.yaml").write_text(
        f"parameters:\n- id: {parameter}\n  name: {name}\n  clause: 细则一\n  kind: {kind}\n"
        + (f"  unit: {unit}\n" if unit else "")
        + f"  status: {status}\n  decides: 区工业和信息化局\n"
        + (f"  values: [{stated}]\n" if value else ""),
        encoding="utf-8",
    )
    return root
