"""What time itself would do to the money in the service, and a red letter that comes late; a child
of its own, as :mod:`fill`.

``python -m tests.browser.fill_money end-notices`` ends notices that have run out, as the worker
does every day.
"""

from __future__ import annotations

import sys

import django


def main() -> int:
    """Do what is named."""
    django.setup()
    from jigai.funding.moved_on import move_on

    assert sys.argv[1:] == ["end-notices"], sys.argv
    print(move_on())
    return 0


if __name__ == "__main__":
    sys.exit(main())
