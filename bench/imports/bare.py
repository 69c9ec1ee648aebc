"""The least an import must do: calamine's rows into one wide table by COPY, nothing checked."""

from __future__ import annotations

import json
import os
import resource
import sys
import time

import psycopg
from python_calamine import CalamineWorkbook

from bench.imports.book import HEADS


def main(path: str) -> None:
    """Read and copy. Prints one line of JSON."""
    columns = ", ".join(f"c{place} text" for place in range(len(HEADS)))
    with psycopg.connect(os.environ["DATABASE_URL"]) as database:
        database.execute(f"CREATE TABLE bench_wide (id bigserial PRIMARY KEY, {columns})")
        database.commit()
        started = time.perf_counter()
        rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        read = time.perf_counter()
        names = ", ".join(f"c{place}" for place in range(len(HEADS)))
        with database.cursor().copy(f"COPY bench_wide ({names}) FROM STDIN") as copy:
            for row in rows[1:]:
                copy.write_row([str(value) for value in row])
        database.commit()
        done = time.perf_counter()
    print(
        json.dumps(
            {
                "rows": len(rows) - 1,
                "read": read - started,
                "commit": done - read,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
