"""Our import in a fresh process: hand over, read, commit. Prints one line of JSON."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import django


def main(path: Path) -> None:
    """Import the file into the platform at ``JIGAI_DATA``."""
    django.setup()
    from jigai.core.evidence import store_evidence
    from jigai.core.imports.services import commit, start_group
    from jigai.core.jobs.run import run_job
    from jigai.core.models import Enterprise, EnterpriseFigure, ImportBatch, User

    person = User.objects.create_user("bench", None, name="bench")
    with path.open("rb") as stream:
        file = store_evidence(stream=stream, name=path.name, owner=person, region_code="370812")
    started = time.perf_counter()
    start_group(files=[file], year=2021, region_code="370812", by=person)
    batch = ImportBatch.objects.get()
    run_job(batch.job_id)
    read = time.perf_counter()
    run_job(commit(batch_id=batch.pk, by=person).pk)
    done = time.perf_counter()
    batch.refresh_from_db()
    assert batch.status == "committed", (batch.status, batch.problem)
    print(
        json.dumps(
            {
                "rows": Enterprise.objects.count(),
                "figures": EnterpriseFigure.objects.count(),
                "read": read - started,
                "commit": done - read,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
            }
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
