"""Every address × every role: what is declared is what happens, and nothing is undeclared.

A new address with arguments needs a sample in ``SAMPLES`` (or, better, a real row in ``objects``),
or a test below fails.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, URLPattern, URLResolver, get_resolver

from jigai.core.access import Access, policy_of
from jigai.core.access.declare import LIBRARY_VIEWS, PUBLIC, SIGNED_IN, Policy
from jigai.core.access.grants import access_of
from jigai.core.middleware.access import AccessMiddleware
from jigai.paths import data_dir
from jigai.yaml_files import read_yaml
from tests.factories import (
    CITY,
    COUNTY,
    make_consortium,
    make_department,
    make_enterprise,
    make_institution,
    make_job,
    make_project,
    make_regions,
    make_role,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.system("role-access")]

# Arguments of addresses: by name of the address, else by name of the argument. Numbers that do not
# exist are enough: whoever may open the address gets a 404, whoever may not a 403.
SAMPLES: dict[str, Any] = {
    "pk": 999_999, "id": 999_999, "code": "999999", "key": "no-such-key", "verb": "no-such-verb",
    "duty": 999_999, "year": 2026, "slug": "no-such-slug", "number": 999_999, "name": "nothing",
    "uuid": uuid.UUID(int=1), "nonce": uuid.UUID(int=1), "sha256": "0" * 64, "kind": "nothing",
    "run": 999_999, "page": "nothing", "path": "nothing", "clause": "nothing", "pack": "nothing",
    "term": "revenue", "row": 999_999, "issue": 999_999, "file": 999_999, "batch": 999_999,
    "group": "no-such-group", "subject": "no-such-subject", "measure": "no-such-measure",
    "month": 6,
}  # fmt: skip


def objects() -> dict[str, dict[str, Any]]:
    """Rows that exist, by name of the address: pages of one record are then really drawn."""
    make_regions()
    person, enterprise = make_user("section-clerk"), make_enterprise()
    department = make_department()
    of_person = {"pk": person.pk, "duty": person.assignments.get().pk}
    return {
        "person-detail": of_person, "person-edit": of_person, "duty-new": of_person,
        "duty-end": of_person, "person-act": {**of_person, "verb": "unlock"},
        "role-detail": {"code": "section-clerk"}, "role-edit": {"code": "section-clerk"},
        "region-detail": {"code": COUNTY}, "region-children": {"code": CITY},
        "region-new": {"code": COUNTY}, "department-detail": {"pk": department.pk},
        "department-aliases": {"pk": department.pk}, "department-merge": {"pk": department.pk},
        "enterprise-detail": {"pk": enterprise.pk}, "enterprise-edit": {"pk": enterprise.pk},
        "job-detail": {"pk": make_job().pk},
        "project-detail": {"pk": make_project(enterprise).pk},
        "consortium-detail": {"pk": make_consortium(members=(enterprise,)).pk},
    }  # fmt: skip


# Health and counters answer with their own codes while things are not running.
MAY_ANSWER_503 = frozenset({"readyz", "healthz", "metrics"})
ROLES = [row["code"] for row in read_yaml(data_dir() / "roles.yaml")]


def walk(patterns: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern with its whole route."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from walk(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix + str(pattern.pattern), pattern


EVERY = list(walk(get_resolver().url_patterns))


def address(route: str, pattern: URLPattern, known: Any = None) -> str:
    """The route with samples in place of its arguments."""
    own = (known or {}).get(pattern.name, {})
    for name, converter in pattern.pattern.converters.items():
        value = own.get(name, SAMPLES[name])
        kind = type(converter).__name__
        if kind == "UUIDConverter" and not isinstance(value, uuid.UUID):
            value = uuid.UUID(int=1)
        inner = {"IntConverter": "int", "SlugConverter": "slug", "StringConverter": "str",
                 "UUIDConverter": "uuid", "PathConverter": "path"}.get(kind, "")  # fmt: skip
        text = str(converter.to_url(value))
        route = route.replace(f"<{inner}:{name}>", text).replace(f"<{name}>", text)
    return "/" + route


def declared(pattern: URLPattern) -> Policy:
    """The declaration, which must be there."""
    found = policy_of(pattern.callback, pattern.name)
    assert found is not None
    return found


def test_every_address_declares_who_may() -> None:
    undeclared = [r for r, p in EVERY if policy_of(p.callback, p.name) is None]
    assert undeclared == []


def test_every_address_has_samples_for_its_arguments() -> None:
    missing = {n for _, p in EVERY for n in p.pattern.converters if n not in SAMPLES}
    assert missing == set()
    assert not [address(route, p) for route, p in EVERY if "<" in address(route, p)]


def test_every_address_has_a_name_and_no_two_share_one() -> None:
    names = [pattern.name for _, pattern in EVERY]
    assert None not in names
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_list_of_library_pages_is_what_exists() -> None:
    present = {pattern.name for _, pattern in EVERY}
    assert set(LIBRARY_VIEWS) - present == set()


def test_public_pages_say_why() -> None:
    silent = [
        route
        for route, pattern in EVERY
        if declared(pattern).kind == PUBLIC
        and pattern.name not in LIBRARY_VIEWS
        and not declared(pattern).reason
    ]
    assert silent == []


def test_every_shipped_role_opens_something_and_every_capability_is_held() -> None:
    asked = {name for _, pattern in EVERY for name in declared(pattern).capabilities}
    held = {name for row in read_yaml(data_dir() / "roles.yaml") for name in row["capabilities"]}
    assert asked - held == set()


def user_of(role: str) -> Any:
    """An account with one shipped role in its kind of house."""
    row = make_role(role)
    if row.side == "enterprise":
        return make_user(role, enterprise=make_enterprise())
    if row.side == "third-party":
        user = make_user()
        user.assignments.create(role=row, institution=make_institution(), scope="self")
        return user
    return make_user(role)


@pytest.fixture(autouse=True)
def some_reference_data() -> None:
    make_regions()


def held_by() -> dict[str, list[str]]:
    """Roles that hold a capability, as shipped."""
    found: dict[str, list[str]] = {}
    for row in read_yaml(data_dir() / "roles.yaml"):
        for name in row["capabilities"]:
            found.setdefault(name, []).append(row["code"])
    return found


def openers(place: int, policy: Policy) -> set[str]:
    """Who opens an address for real: of every kind of house a third of those who may, one at
    least."""
    may = set(ROLES)
    if policy.kind == "capability":
        may = {role for name in policy.capabilities for role in HELD_BY.get(name, ())}
    found: set[str] = set()
    for side in sorted(set(SIDES.values())):
        own = [role for role in ROLES if role in may and SIDES[role] == side]
        found |= set(own[place % 3 :: 3] or own[:1])
    return found


HELD_BY = held_by()
SIDES = {row["code"]: row["side"] for row in read_yaml(data_dir() / "roles.yaml")}


@pytest.mark.parametrize("role", ROLES)
def test_what_a_role_may_open(role: str) -> None:
    """Of every address it is asked of the gate in front of the views whether it lets the role
    through. What it may open is opened for real by somebody of every kind of house, and what it
    may not is knocked at for real by one role or another."""
    client = Client(raise_request_exception=False)
    user = user_of(role)
    client.force_login(user)
    access, known, wrong, turn = access_of(user), objects(), [], ROLES.index(role)
    for place, (route, pattern) in enumerate(EVERY):
        if pattern.name == "account_logout":
            continue
        policy = declared(pattern)
        refused = policy.kind == "capability" and not any(map(access.can, policy.capabilities))
        if (gate_answers(access, pattern) == 403) is not refused:
            wrong.append((pattern.name, "gate"))
        own_turn = place % len(ROLES) == turn
        if not own_turn and (refused or role not in openers(place, policy)):
            continue
        # The frame around a page is the same on all: a part of a page is drawn sooner.
        part = {} if own_turn and not refused else {"HX-Request": "true"}
        status = client.get(address(route, pattern, known), headers=part).status_code
        if refused:
            right = status == 403
        else:
            right = status in (200, 204, 302, 404, 405) or pattern.name in MAY_ANSWER_503
            if policy.kind in (SIGNED_IN, PUBLIC):
                right = right or status == 422
        if not right:
            wrong.append((pattern.name, status))
    assert wrong == []


def gate_answers(access: Access, pattern: URLPattern) -> int | None:
    """What the middleware in front of a view answers; ``None`` where it lets through."""
    request: Any = RequestFactory().get("/", headers={"HX-Request": "true"})
    request.user, request.access = access.user, access
    request.resolver_match = ResolverMatch(pattern.callback, (), {}, pattern.name)
    answer = AccessMiddleware(lambda _: HttpResponse()).process_view(
        request, pattern.callback, (), {}
    )
    return answer.status_code if answer is not None else None


def test_the_unknown_are_sent_to_sign_in() -> None:
    client = Client(raise_request_exception=False)
    wrong = []
    for route, pattern in EVERY:
        for method in ("get", "post"):
            answer = getattr(client, method)(address(route, pattern))
            if declared(pattern).kind == PUBLIC:
                if answer.status_code in (401, 403):
                    wrong.append((method, pattern.name, answer.status_code))
            elif answer.status_code != 302 or "/account/login/" not in answer["Location"]:
                wrong.append((method, pattern.name, answer.status_code))
    assert wrong == []


def test_a_person_without_duties_opens_only_what_is_everybodys() -> None:
    client = Client(raise_request_exception=False)
    client.force_login(make_user())
    open_to_all = [
        pattern.name
        for route, pattern in EVERY
        if declared(pattern).kind == "capability"
        and client.get(address(route, pattern), headers={"HX-Request": "true"}).status_code != 403
    ]
    assert open_to_all == []


def test_an_undeclared_view_opens_for_nobody(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.house.undeclared_urls"
    client = Client(raise_request_exception=False)
    client.force_login(make_user("platform-admin"))
    assert client.get("/undeclared/").status_code == 500


def test_writing_needs_a_protected_form() -> None:
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    strict.force_login(make_user("platform-admin", scope="all"))
    wrong = []
    for route, pattern in EVERY:
        if strict.post(address(route, pattern)).status_code not in (403, 404, 405):
            wrong.append(pattern.name)
    assert wrong == []


def test_migrations_say_what_the_models_say() -> None:
    call_command(
        "makemigrations", "core", "policies", "projects", "funding", check=True, verbosity=0
    )
