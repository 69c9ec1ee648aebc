"""What a deployer may set: the ``JIGAI_*`` variables and ``DATABASE_URL``, read once."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jigai.errors import JigaiError
from jigai.paths import state_dir


def text(name: str, default: str = "") -> str:
    """The variable, or the default where it is not set or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """A yes/no variable; 1, true, yes and on mean yes."""
    return text(name, "1" if default else "0").lower() in ("1", "true", "yes", "on")


def number(name: str, default: int) -> int:
    """A whole number. Raises :class:`JigaiError` when the variable holds something else."""
    given = text(name, str(default))
    if not given.isdigit():
        raise JigaiError("bad-setting", f"环境变量 {name} 应为整数，现为“{given}”")
    return int(given)


def listed(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def web_address(name: str) -> str:
    """The beginning of an address without a slash at its end, empty where it is not set.

    Raises :class:`JigaiError` for anything that is not an ``http`` address of a host.
    """
    given = text(name)
    parts = urlsplit(given)
    if given and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query):
        raise JigaiError(
            "bad-setting",
            f"环境变量 {name} 应为以 http:// 或 https:// 开头的网址，现为“{given}”",
        )
    return given.rstrip("/")


def data_dir() -> Path:
    """Where database, evidence files and snapshots are kept (``JIGAI_DATA``)."""
    return Path(text("JIGAI_DATA", str(state_dir()))).expanduser().resolve()


def secret_key() -> str:
    """The signing key: given, else made once and kept beside the data, readable by the owner."""
    given = text("JIGAI_SECRET_KEY")
    if given:
        return given
    return kept(data_dir() / "secret.key", lambda: secrets.token_urlsafe(48))


def kept(path: Path, make: Callable[[], str]) -> str:
    """The text of a small secret file, made on first use.

    Two processes may come at once: the file appears complete under its name or not at all, and the
    first one wins.
    """
    with suppress(FileNotFoundError):
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(make())
        with suppress(FileExistsError):
            os.rename(draft, path) if os.name == "nt" else os.link(draft, path)
    finally:
        with suppress(FileNotFoundError):
            os.unlink(draft)
    return path.read_text().strip()


def database(url: str) -> dict[str, Any]:
    """Django's settings for a ``postgresql://`` address.

    Raises :class:`JigaiError` for any other scheme: the platform runs on PostgreSQL alone.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise JigaiError(
            "bad-database", f"DATABASE_URL 必须以 postgresql:// 开头，现为“{parts.scheme}://”"
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or (parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "application_name": "jigai"},
    }
