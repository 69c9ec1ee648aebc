"""Messages: to whom, through what, read when, and that every kind is known."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client

import jigai
from jigai.core.models import Notice, NoticeChoice, User
from jigai.core.notice_events import event_of, known_events
from jigai.core.services.choose_notices import choices_of, choose_notices
from jigai.core.services.send_notice import send_notice
from tests.factories import make_user

pytestmark = pytest.mark.django_db
Capture = Callable[..., Any]


@pytest.fixture
def user() -> User:
    return make_user("section-clerk", email="clerk@example.cn")


@pytest.fixture
def inside(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def tell(user: User, event: str = "duty-changed", **fields: Any) -> Notice | None:
    return send_notice(user=user, event=event, title="授权变了", **fields)


def test_every_kind_that_is_sent_has_a_name() -> None:
    """A kind nobody registered could be neither chosen nor read."""
    sent = set()
    for file in Path(jigai.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "send_notice":
                for word in node.keywords:
                    if word.arg == "event" and isinstance(word.value, ast.Constant):
                        sent.add(word.value.value)
    assert sent - {event.code for event in known_events()} == set()
    assert sent


def test_mail_goes_after_commit_and_is_marked(
    user: User, django_capture_on_commit_callbacks: Capture
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        notice = tell(user, "handover", body="请接收")
        assert not mail.outbox
    assert notice is not None
    notice.refresh_from_db()
    assert notice.emailed_at is not None
    assert (mail.outbox[0].subject, mail.outbox[0].to) == ("技改通：授权变了", [user.email])


def test_nobody_without_an_address_is_mailed(django_capture_on_commit_callbacks: Capture) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        assert tell(make_user(), "handover") is not None
    assert not mail.outbox


def test_a_mail_that_fails_undoes_nothing(
    user: User, settings: Any, django_capture_on_commit_callbacks: Capture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with django_capture_on_commit_callbacks(execute=True):
        tell(user, "handover")
    assert Notice.objects.get().emailed_at is None


def test_choices_count_per_kind_and_channel(
    user: User, django_capture_on_commit_callbacks: Capture
) -> None:
    choose_notices(user=user, in_app={"handover"}, by_email={"duty-changed"})
    with django_capture_on_commit_callbacks(execute=True):
        assert tell(user, "delegation") is None
        by_mail, in_app = tell(user, "duty-changed"), tell(user, "handover")
    assert by_mail is not None and in_app is not None
    assert by_mail.read_at is not None and in_app.read_at is None
    assert len(mail.outbox) == 1


def test_the_safety_of_the_account_is_always_told(user: User) -> None:
    choose_notices(user=user, in_app=set(), by_email=set())
    notice = tell(user, "account-security")
    assert notice is not None and notice.read_at is None


def test_an_unknown_kind_has_plain_defaults() -> None:
    event = event_of("of-another-room")
    assert (event.name, event.by_email, event.forced) == ("of-another-room", False, False)


def test_the_list_shows_ones_own_and_opening_marks_as_read(inside: Client, user: User) -> None:
    notice = tell(user, url="/me/")
    tell(make_user(), event="handover")
    assert notice is not None
    page = inside.get("/notices/").content.decode()
    assert page.count("授权变了") >= 1 and "经办人交接</td>" not in page
    assert Notice.objects.get(pk=notice.pk).read_at is None
    opened = inside.post(f"/notices/{notice.pk}/open/")
    assert opened["Location"] == "/me/"
    assert Notice.objects.get(pk=notice.pk).read_at is not None
    assert inside.get(f"/notices/{notice.pk}/open/").status_code == 405


def test_a_notice_leads_nowhere_outside(inside: Client, user: User) -> None:
    notice = tell(user, url="https://evil.example/")
    assert notice is not None
    assert inside.post(f"/notices/{notice.pk}/open/")["Location"] == "/notices/"


def test_nobody_opens_the_notice_of_another(inside: Client) -> None:
    theirs = tell(make_user())
    assert theirs is not None
    assert inside.post(f"/notices/{theirs.pk}/open/").status_code == 404
    assert Notice.objects.get(pk=theirs.pk).read_at is None


def test_all_are_read_at_once_and_the_bell_counts(inside: Client, user: User) -> None:
    for _ in range(3):
        tell(user)
    other = tell(make_user())
    assert other is not None
    assert "3 条未读消息" in inside.get("/notices/bell/").content.decode()
    inside.post("/notices/read/")
    assert inside.get("/notices/bell/").content.decode().strip() == ""
    assert Notice.objects.get(pk=other.pk).read_at is None


def test_choosing_on_screen(inside: Client, user: User) -> None:
    page = inside.get("/notices/choices/").content.decode()
    assert all(event.name in page for event in known_events())
    inside.post("/notices/choices/", {"in_app": ["handover"], "by_email": ["handover", "nonsense"]})
    assert NoticeChoice.objects.count() == len(known_events())
    lines = {line["event"].code: line for line in choices_of(user)}
    assert lines["handover"]["by_email"] and not lines["delegation"]["in_app"]
    assert lines["account-security"]["in_app"]
