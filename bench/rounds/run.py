"""Takes one round through all its steps and prints a table of times and statements."""

from __future__ import annotations

import sys
from typing import Any

import django

BACK = 50


def main(count: int) -> None:
    """Fill, look, decide, publish, pay, check, tell."""
    django.setup()
    import pghistory
    from django.db import connection

    from bench.rounds import deciding, looking, paying, publishing, race
    from bench.rounds.clock import Clock
    from bench.rounds.fill import fill

    clock = Clock()
    asked = sum(18_000_000 + n for n in range(count))
    with pghistory.context(reason="示例"):
        scene: dict[str, Any] = fill(count, asked * 9 // 10)
    scene |= {"count": count, "asked": asked, "budget": asked * 9 // 10, "back": BACK}
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print("filled", file=sys.stderr, flush=True)
    looking.look(clock, scene)
    deciding.decide(clock, scene)
    publishing.publish(clock, scene)
    paying.pay(clock, scene)
    race.race(clock, scene["people"])
    print("\n".join(clock.lines))


if __name__ == "__main__":
    main(int(sys.argv[1]))
