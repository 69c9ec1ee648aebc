"""The step between the database and the services: tables, static files, shipped content.

Runs as a child of its own (``python -m jigai.config.prepare``), so that the process which watches
over the services stays small. Tells its progress as JSON lines on standard output.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from jigai.config import lifeline
from jigai.config.summary import Summary
from jigai.errors import JigaiError

MARK = "jigai:"


def say(**what: Any) -> None:
    """One message to the parent."""
    print(MARK + json.dumps(what, ensure_ascii=False), flush=True)


def heard(line: str) -> dict[str, Any] | None:
    """The message in a line of output, or ``None`` for ordinary output."""
    if not line.startswith(MARK):
        return None
    message: dict[str, Any] = json.loads(line.removeprefix(MARK))
    return message


def main(arguments: list[str]) -> int:
    """Prepare everything; exit code 0, or 2 after an error that was told."""
    lifeline.hold()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jigai.config.settings")
    try:
        summary = prepare_all(samples="--no-samples" not in arguments)
    except JigaiError as error:
        say(error=[error.code, error.message, error.hint])
        return 2
    if summary is not None:
        say(summary=summary.to_json())
    return 0


def prepare_all(*, samples: bool) -> Summary | None:
    """Migrate, collect static files, install shipped content."""
    import django

    django.setup()
    migrate()
    collect_static()
    from jigai.config.first_start import prepare

    return prepare(lambda text: say(tell=text), samples=samples)


def pending_migrations() -> list[str]:
    """Migrations that the database has not seen, as ``app.name``."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def migrate() -> None:
    """Bring the tables up to date; asks first, because a migration without work takes seconds."""
    pending = pending_migrations()
    if not pending:
        return
    say(tell=f"更新数据表（{len(pending)} 步）")
    from django.core.management import call_command

    with contextlib.redirect_stdout(sys.stderr):
        call_command("migrate", interactive=False, verbosity=1)


def collect_static() -> None:
    """Copy, name by content and compress the static files, unless they are as last time."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / ".collected"
    found = _fingerprint()
    if stamp.exists() and stamp.read_text() == found:
        return
    say(tell="整理页面资源")
    with contextlib.redirect_stdout(sys.stderr):
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(found)


def _fingerprint() -> str:
    """Names, sizes and times of all static files of all installed parts."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = os.stat(storage.path(name))
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
