"""Tasks for whoever holds a capability over the region, apart from somebody (双人)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jigai.cases import addressable
from jigai.cases.access import desk_of, own_tasks, visible_cases
from jigai.cases.flow.lint import check
from jigai.cases.flow.shapes import Unit, read_procedure
from jigai.cases.inbox_rows import addresses
from jigai.cases.models import Case, CaseProcedure, Task
from jigai.cases.services.act import act
from jigai.cases.services.edit_version import draft_of
from jigai.cases.services.follow import follow_step
from jigai.cases.services.give_tasks import people_of
from jigai.cases.services.open_case import open_case
from jigai.cases.unit_names import missing_unit, unit_words
from jigai.core.access import access_of
from jigai.core.models import User
from jigai.core.models.access import Delegation
from jigai.errors import JigaiError
from tests.cases.conftest import publish
from tests.cases.test_designer import Desk
from tests.factories import CITY, COUNTY, SIBLING, make_regions, make_user

pytestmark = pytest.mark.django_db
CHECK = "register.approve"
CONTENT: dict[str, Any] = {
    "kind": "internal", "applicant": "bureau", "title": "what",
    "fields": [{"id": "what", "label": "事项"}, {"id": "last", "label": "截止日", "type": "date"}],
    "steps": [
        {"id": "first", "name": "初审", "who": {"capability": CHECK, "apart": "starter"}},
        {"id": "rest", "name": "等候", "deed": "wait", "until": "last"},
        {"id": "second", "name": "复审", "who": {"capability": CHECK, "apart": "first"}},
    ],
}  # fmt: skip


@pytest.fixture(autouse=True)
def known() -> Iterator[None]:
    before = addressable.addressable()
    addressable.register_capability(CHECK)
    yield
    addressable._KNOWN.clear()
    addressable._KNOWN.update(before)


@pytest.fixture
def starter(db: None) -> User:
    make_regions()
    return make_user("section-chief", name="发起人")


@pytest.fixture
def case(starter: User) -> Case:
    return make_case(starter)


def make_case(starter: User, region: str = COUNTY, content: Any = CONTENT) -> Case:
    procedure = publish(content, code="two-eyes", region_code="")
    return open_case(
        procedure=procedure, by=starter, region=region, key=f"thing:{Case.objects.count()}",
        title="示例事项", values={"what": "示例事项", "last": "2026-12-31"},
    )  # fmt: skip


def task_of(case: Case) -> Task:
    return Task.objects.get(case=case, state="open")


def listed(user: User) -> list[int]:
    """The cases on somebody's list of what is to be done, as the inbox asks for them."""
    desk = desk_of(access_of(user))
    found = {row.case_id for part in addresses("todo", desk) for row in part}
    either = set(Task.objects.filter(own_tasks(desk), state="open").values_list("case", flat=True))
    assert found == either
    return sorted(found)


def use(verb: str, case: Case, user: User, **data: Any) -> Case:
    return act(case=case.pk, verb=verb, by=user, access=access_of(user), **data)


def agree(case: Case, user: User, **data: Any) -> Case:
    return use("agree", case, user, **data)


@pytest.mark.parametrize(
    ("role", "region", "sees"),
    [
        ("section-chief", COUNTY, True), ("section-chief", CITY, True),
        ("section-chief", SIBLING, False), ("section-clerk", COUNTY, False),
    ],
)  # fmt: skip
def test_it_is_on_the_desk_of_each_who_holds_it_there(
    case: Case, role: str, region: str, sees: bool
) -> None:
    person = make_user(role, region)
    assert bool(listed(person)) is sees
    assert (person in people_of(task_of(case))) is sees
    assert visible_cases(access_of(person)).exists() is sees


def test_only_the_own_department_of_a_narrow_grant(case: Case) -> None:
    city = make_user("section-chief", CITY, scope="department")
    assert listed(city) == []
    assert listed(make_user("section-chief", COUNTY, scope="department")) == [case.pk]


def test_nobody_decides_on_what_they_began(case: Case, starter: User) -> None:
    assert listed(starter) == [] and starter not in people_of(task_of(case))
    with pytest.raises(JigaiError) as error:
        agree(case, starter)
    assert error.value.code in ("verb-refused", "no-task")
    assert task_of(case).step.code == "first"


def lend(giver: User, taker: User) -> None:
    now = timezone.now()
    Delegation.objects.create(
        giver=giver, taker=taker, starts=now - dt.timedelta(hours=1),
        ends=now + dt.timedelta(days=1), reason="出差",
    )  # fmt: skip


def test_nor_does_a_deputy_with_the_rights_of_whoever_began(case: Case, starter: User) -> None:
    deputy, other = make_user("section-clerk", name="代行人"), make_user("section-chief")
    lend(starter, deputy)
    assert listed(deputy) == []
    with pytest.raises(JigaiError):
        agree(case, deputy)
    lend(other, deputy)
    assert listed(deputy) == [case.pk]
    agree(case, deputy)
    assert case.tasks.get(step__code="first").on_behalf == str(other)


def test_taken_it_is_nobody_elses_and_still_not_the_starters(case: Case, starter: User) -> None:
    """Whoever began cannot come by it through the absence of whoever took it."""
    one, two = make_user("section-chief"), make_user("section-chief")
    use("claim", case, one)
    assert (listed(one), listed(two)) == ([case.pk], [])
    lend(one, starter)
    assert listed(starter) == []
    with pytest.raises(JigaiError):
        agree(case, starter)
    for person, code in ((starter, "cannot-handle"), (make_user("section-clerk"), "cannot-handle")):
        with pytest.raises(JigaiError) as error:
            use("transfer", case, one, to=person.pk, reason="出差")
        assert error.value.code == code
    use("transfer", case, one, to=two.pk, reason="出差")
    assert task_of(case).barred == starter
    agree(case, two)


def test_a_deputy_takes_it_for_whose_right_it_is(case: Case) -> None:
    chief, deputy = make_user("section-chief"), make_user("section-clerk")
    lend(chief, deputy)
    use("claim", case, deputy)
    assert task_of(case).person == chief


def test_who_did_an_earlier_step_is_kept_out_of_the_later(case: Case) -> None:
    one, two = make_user("section-chief"), make_user("section-chief")
    agree(case, one)
    row = case.steps.get(code="rest")
    assert (row.state, row.due) == ("active", dt.date(2026, 12, 31))
    Case.objects.filter(pk=case.pk).update(values={"what": "示例", "last": "2026-01-01"})
    pass_wait(case)
    assert task_of(case).barred == one
    assert listed(one) == [] and listed(two) == [case.pk]
    with pytest.raises(JigaiError):
        agree(case, one)
    assert agree(case, two).result == "agreed"


def pass_wait(case: Case) -> None:
    assert follow_step(case=case.pk, step="rest", by=None)
    assert not follow_step(case=case.pk, step="rest", by=None)


def test_a_step_is_not_followed_before_its_turn(case: Case) -> None:
    with pytest.raises(JigaiError, match="现在的环节是“初审”"):
        follow_step(case=case.pk, step="second", by=None)


def test_the_same_matter_is_opened_once(starter: User) -> None:
    procedure = publish(CONTENT, code="two-eyes", region_code="")
    given: dict[str, Any] = {"procedure": procedure, "by": starter, "region": COUNTY,
                             "key": "thing:7", "title": "一次", "values": {}}  # fmt: skip
    assert open_case(**given).pk == open_case(**given).pk
    assert Case.objects.get().about == "thing:7"


def test_only_declared_capabilities_may_be_named() -> None:
    said = missing_unit("")(Unit(capability="audit.view"))
    assert "audit.view" in said and CHECK in said
    assert missing_unit("")(Unit(capability=CHECK)) == ""
    assert unit_words(Unit(capability=CHECK)).startswith("有“")
    with pytest.raises(KeyError):
        addressable.register_capability("no.such")


def test_a_procedure_survives_being_kept() -> None:
    spec = read_procedure(CONTENT)
    assert check(spec) == []
    assert read_procedure(spec.content()) == spec


def test_the_designer_keeps_who_must_keep_out_and_until_when(client: Client) -> None:
    make_regions()
    client.force_login(make_user("section-clerk"))
    publish(CONTENT, code="two-eyes")
    assert Desk(client, "two-eyes").send("save").status_code == 302
    kept = draft_of(CaseProcedure.objects.get(code="two-eyes"))
    assert kept is not None and kept.spec == read_procedure(CONTENT)
