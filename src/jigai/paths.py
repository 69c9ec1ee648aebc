"""Where the shipped files lie, in a checkout and in an installed wheel alike."""

from __future__ import annotations

import os
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent.parent


def _in_checkout() -> bool:
    return _PACKAGE.parent.name == "src" and (_CHECKOUT / "pyproject.toml").is_file()


def packs_dir() -> Path:
    """The folder with one sub-folder per policy pack, plus ``national/``."""
    return _CHECKOUT / "packs" if _in_checkout() else _PACKAGE / "_packs"


def systems_file() -> Path:
    """The ledger of systems."""
    return _CHECKOUT / "docs" / "systems.yaml" if _in_checkout() else _PACKAGE / "_systems.yaml"


def data_dir() -> Path:
    """The folder with the reference tables (regions, industries, workdays) and ``SOURCES.md``."""
    return _PACKAGE / "core" / "data"


def state_dir() -> Path:
    """Where a running platform keeps its data unless told otherwise: ``var`` in a checkout."""
    if _in_checkout():
        return _CHECKOUT / "var"
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "jigai"


def samples_dir() -> Path:
    """The folder with the sample workbooks.

    Raises ``FileNotFoundError`` outside a checkout: samples are not part of the wheel.
    """
    folder = _CHECKOUT / "tests" / "samples"
    if not (_in_checkout() and folder.is_dir()):
        raise FileNotFoundError("样例工作簿只随源码提供,请在源码目录中运行。")
    return folder
