"""The closed list of capabilities, read from ``core/data/capabilities.yaml``."""

from __future__ import annotations

from functools import cache

from jigai.paths import data_dir
from jigai.yaml_files import read_yaml


@cache
def capability_names() -> dict[str, str]:
    """Capability to Chinese name."""
    content = read_yaml(data_dir() / "capabilities.yaml")
    return {str(code): str(name) for code, name in content.items()}
