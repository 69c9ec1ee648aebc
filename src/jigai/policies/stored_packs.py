"""Packs out of the database: files laid out below the data directory, models kept in memory."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from jigai.policies.models import PackVersion
from jigai.rules.loader import Pack, load_pack
from jigai.rules.model import Model, build_model


def pack_files(pack: Pack) -> dict[str, str]:
    """The YAML files of a pack and of those it extends, by ``folder/name``."""
    files: dict[str, str] = {}
    for member in pack.family():
        for path in sorted(member.root.rglob("*.yaml")):
            name = f"{member.root.name}/{path.relative_to(member.root).as_posix()}"
            files[name] = path.read_text(encoding="utf-8")
    return files


def files_hash(files: dict[str, str]) -> str:
    """One hash over names and contents."""
    text = json.dumps(files, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def laid_out(version: PackVersion) -> Path:
    """The folder of an installed version, written from the database when it is not there."""
    root = Path(settings.DATA_DIR) / "packs" / version.sha256
    folder = root / version.slug
    if folder.exists():
        return folder
    root.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = Path(tempfile.mkdtemp(dir=root.parent))
    try:
        for name, content in version.files.items():
            path = temporary / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        os.replace(temporary, root)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        if not folder.exists():  # another process may have been faster
            raise
    return folder


def model_of(version: PackVersion) -> Model:
    """The checked model of an installed version; parsed once a process."""
    return _model(version.sha256, str(laid_out(version)))


@lru_cache(maxsize=16)
def _model(sha256: str, folder: str) -> Model:
    path = Path(folder)
    return build_model(load_pack(path, path.parent))
