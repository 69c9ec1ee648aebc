"""Rules of the page files: nothing inline, nothing from elsewhere, and colours people can read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from jigai.core.screens import icons
from jigai.core.screens.status import LOOKS

CORE = Path(icons.__file__).resolve().parent.parent
ROOT = CORE.parent.parent.parent
STATIC = CORE / "static" / "core"
TEMPLATES = sorted(ROOT.glob("src/jigai/*/templates/**/*.html"))
SHEETS = sorted(STATIC.glob("css/*.css"))
MODULES = sorted(STATIC.glob("js/*.js"))

INLINE = {
    "style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "style element": re.compile(r"<style\b"),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>"),
    "javascript address": re.compile(r"javascript:"),
    "htmx evaluation": re.compile(r"\shx-on|hx-vals=['\"]js:"),
    "outside address": re.compile(r"(?:src|href|action)=[\"'](?:https?:)?//"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "src")))
def test_templates_hold_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    # An address in a tag is no attribute, and a ">" in one would end the element for the pattern.
    text = re.sub(r"\{[%#{].*?[%#}]\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [name for name, pattern in INLINE.items() if pattern.search(text)]
    assert found == []


@pytest.mark.parametrize("path", [*SHEETS, *MODULES], ids=lambda p: p.name)
def test_own_files_ask_nothing_from_elsewhere(path: Path) -> None:
    assert re.findall(r"(?:https?:)?//[a-z]", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.name)
def test_modules_never_write_html_or_evaluate(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", text)
    assert not re.search(r"window\.(?:alert|confirm|prompt)\(", re.sub(r"//.*", "", text))


def test_skeleton_loads_every_own_sheet_that_all_pages_need() -> None:
    text = (CORE / "templates" / "core" / "skeleton.html").read_text(encoding="utf-8")
    loaded = re.findall(r"core/css/(\w+)\.css", text)
    assert loaded[0] == "tokens" and loaded[-1] == "print"
    assert all((STATIC / "css" / f"{name}.css").exists() for name in loaded)
    assert all(
        (STATIC / "js" / f"{name}.js").exists() for name in re.findall(r"core/js/(\w+)\.js", text)
    )


def test_icons_of_templates_and_states_are_there() -> None:
    used = {look.icon for look in LOOKS.values() if look.icon}
    for path in TEMPLATES:
        used |= set(re.findall(r"\{% icon [\"']([\w-]+)[\"']", path.read_text(encoding="utf-8")))
    for path in ROOT.glob("src/jigai/**/*.py"):
        for call in re.findall(r"MenuItem\(([^)]*)\)", path.read_text(encoding="utf-8")):
            used |= set(re.findall(r"^\s*\"[^\"]*\",\s*\"[^\"]*\",\s*\"([\w-]+)\"", call))
    assert used - set(icons.icon_bodies()) == set()


def test_lock_file_has_hashes_and_no_addresses() -> None:
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: body for name, body in lock["packages"].items() if name}
    assert all(body["integrity"].startswith("sha512-") for body in packages.values())
    assert not any({"resolved", "funding"} & body.keys() for body in packages.values())


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    full = colour.lstrip("#")
    full = "".join(c * 2 for c in full) if len(full) == 3 else full
    parts = [int(full[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TOKENS = dict(
    re.findall(
        r"--jg-([\w-]+):\s*(#[0-9a-f]{3,6});", (STATIC / "css/tokens.css").read_text("utf-8")
    )
)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *[(tone, f"{tone}-soft") for tone in ("ok", "warn", "bad", "info", "open", "calm")],
        *[
            (ink, ground)
            for ink in ("ink", "ink-2", "muted")
            for ground in ("surface", "page", "hover")
        ],
        *[("primary", ground) for ground in ("surface", "hover", "chosen", "sunken")],
        ("surface", "primary"),
        ("side-text", "side"),
        ("side-text", "side-2"),
        ("side-mute", "side"),
        ("muted", "sunken"),
        ("muted", "chosen"),
    ],
)
def test_text_can_be_read_on_its_ground(text: str, ground: str) -> None:
    assert contrast(TOKENS[text], TOKENS[ground]) >= 4.5


def test_control_borders_can_be_seen() -> None:
    assert contrast(TOKENS["line-strong"], TOKENS["surface"]) >= 3
