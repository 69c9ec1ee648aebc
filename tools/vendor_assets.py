"""Copy the used third-party files from ``frontend/node_modules`` into the static folder.

Run by ``make`` after ``npm ci``. Only listed files are copied, without their source-map comments:
the manifest storage of Django fails on a map that is not there. Nothing copied is committed.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "frontend" / "node_modules"
ICON_LIST = ROOT / "frontend" / "icons.txt"
VENDOR = ROOT / "src" / "jigai" / "core" / "static" / "vendor"
# The browser tests read this file where it lies; it is never served.
AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler/tabler.min.js",
    "@tabler/icons/LICENSE": "icons/LICENSE",
    "tom-select/dist/css/tom-select.bootstrap5.min.css": "tom-select/tom-select.min.css",
    "tom-select/dist/js/tom-select.base.min.js": "tom-select/tom-select.min.js",
    "tom-select/LICENSE": "tom-select/LICENSE",
    # bar, line, pie, scatter with axes, legend, tooltip and zoom; no map of China comes with it
    "echarts/dist/echarts.common.min.js": "echarts/echarts.min.js",
    "echarts/LICENSE": "echarts/LICENSE",
    "echarts/NOTICE": "echarts/NOTICE",
}
SOURCE_MAP = re.compile(rb"\n?(?://[#@]|/\*[#@])\s*sourceMappingURL=[^\n]*")
SVG_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
# Every outline icon starts with an invisible square that only the editor needs.
BLANK = '<path stroke="none" d="M0 0h24v24H0z" fill="none" />'


def main() -> int:
    """Rebuild the vendor folder from scratch; return the exit code."""
    if not AXE.exists():
        print("frontend/node_modules 不全，请先运行 npm ci", file=sys.stderr)
        return 1
    shutil.rmtree(VENDOR, ignore_errors=True)
    for source, target in FILES.items():
        copy_file(MODULES / source, VENDOR / target)
    unknown = write_icons(icon_names(ICON_LIST.read_text(encoding="utf-8")))
    for name in unknown:
        print(f"frontend/icons.txt：@tabler/icons 里没有图标 {name}", file=sys.stderr)
    return 1 if unknown else 0


def copy_file(source: Path, target: Path) -> None:
    """Copy one file without its source-map comment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(SOURCE_MAP.sub(b"", source.read_bytes()))


def icon_names(text: str) -> list[str]:
    """The names in the list, without comments and blank lines."""
    lines = (line.strip() for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def write_icons(names: list[str]) -> list[str]:
    """Write the bodies of the icons as one JSON object; return the names that do not exist."""
    folder = MODULES / "@tabler" / "icons" / "icons" / "outline"
    found = {name: folder / f"{name}.svg" for name in names}
    bodies = {
        name: svg_body(path.read_text(encoding="utf-8"))
        for name, path in found.items()
        if path.exists()
    }
    target = VENDOR / "icons" / "icons.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(bodies, indent=0, sort_keys=True), encoding="utf-8")
    return [name for name in names if name not in bodies]


def svg_body(svg: str) -> str:
    """What stands inside the ``<svg>`` element, on one line."""
    match = SVG_BODY.search(svg)
    body = match.group(1) if match else ""
    return " ".join(body.replace(BLANK, "").split())


if __name__ == "__main__":
    sys.exit(main())
