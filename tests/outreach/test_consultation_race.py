"""The same comment sent twice at the same moment."""

from __future__ import annotations

import threading
import uuid
from typing import Any

import pytest
from django.db import connection

from jigai.outreach.models import CommentThrottle, ConsultationComment
from jigai.outreach.services import submit_comment as submitting
from tests.factories import make_regions, make_user
from tests.outreach import consultations as c

pytestmark = [pytest.mark.system("public-consultation")]


def test_two_sendings_at_once_are_one_comment(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both pass the look for an earlier one; the second meets the constraint."""
    c.Clock(monkeypatch, c.FIRST)
    make_regions()
    item = c.opened(make_user("section-clerk", c.LUAN), make_user("section-chief", c.LUAN),
                    c.install())  # fmt: skip
    gate, found = threading.Barrier(2, timeout=20), []
    plain = submitting._check

    def meet(*args: Any) -> None:
        plain(*args)
        gate.wait()

    monkeypatch.setattr(submitting, "_check", meet)
    nonce = str(uuid.uuid4())

    def send() -> None:
        try:
            found.append(c.said(item, nonce=nonce).receipt)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 2 and len(set(found)) == 1
    assert ConsultationComment.objects.count() == 1
    assert CommentThrottle.objects.get().count == 1
