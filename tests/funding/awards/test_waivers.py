"""收费免征: matched by settled lists only, certified, followed up where it was charged anyway."""

from __future__ import annotations

import datetime as dt
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from jigai.cases.models import Case
from jigai.core.access import Denied, access_of
from jigai.core.models import Region, User
from jigai.errors import JigaiError
from jigai.funding.awards.waivers import services
from jigai.funding.awards.waivers.rules import directions_of, due_on, policy_for
from jigai.funding.models import FeeWaiver
from jigai.paths import packs_dir
from jigai.policies.services.install_pack import install_pack
from jigai.projects.models import Project
from jigai.registers.models import Register
from jigai.registers.services.decide_proposal import decide_proposal
from jigai.registers.services.load_content import FOLDER, load_file
from jigai.registers.services.propose_entry import propose_entry
from tests.factories import make_enterprise, make_project, make_user
from tests.query_counts import assert_query_count

pytestmark = [pytest.mark.django_db, pytest.mark.system("fee-waiver")]
PROVINCE, COUNTY = "320000", "320505"
DAY = dt.date(2016, 6, 1)


@pytest.fixture
def place() -> None:
    for code, name, level, parent in ((PROVINCE, "江苏省", "province", ""),
                                      (COUNTY, "示例区", "county", PROVINCE)):  # fmt: skip
        Region.objects.get_or_create(
            code=code, valid_from=None,
            defaults={"name": name, "level": level, "parent_code": parent, "pinyin": name,
                      "initials": name},
        )  # fmt: skip
    install_pack(folder=packs_dir() / "jiangsu-2015", check=False)
    load_file(FOLDER / "charge-waivers.yaml")


@pytest.fixture
def project(place: None) -> Project:
    return make_project(make_enterprise("示例智能制造有限公司", COUNTY), region=COUNTY)


@pytest.fixture
def clerk(place: None) -> User:
    return make_user("section-clerk", COUNTY)


@pytest.fixture
def chief(place: None) -> User:
    return make_user("section-chief", COUNTY)


def settle_list(*charges: str) -> None:
    """The list the document left open, settled by those who may."""
    one, two = make_user("section-clerk", PROVINCE), make_user("section-chief", PROVINCE)
    entry = propose_entry(
        register=Register.objects.get(code="charge-waivers"), by=one, access=access_of(one),
        effective=dt.date(2016, 1, 1), values={
            "name": "示例免收清单", "group": "item", "charges": list(charges), "settled": True,
            "target": "encouraged", "relief": "full", "place": PROVINCE, "checked": "done",
        },
    )  # fmt: skip
    decide_proposal(proposal=entry.proposals.get().pk, approve=True, by=two, access=access_of(two))


def by(user: User) -> dict[str, Any]:
    return {"by": user, "access": access_of(user)}


def refused(code: str, act: Any) -> str:
    with pytest.raises(JigaiError) as caught:
        act()
    assert caught.value.code == code
    return caught.value.message


def match(project: Project, user: User, direction: str = "智能车间") -> list[FeeWaiver]:
    return services.match_waivers(project=project.pk, direction=direction, day=DAY, **by(user))


def certified(project: Project, clerk: User, chief: User) -> FeeWaiver:
    settle_list("示例配套费")
    return services.certify(waiver=match(project, clerk)[0].pk, **by(chief))


def charge(waiver: FeeWaiver, fen: int, user: User, **more: Any) -> FeeWaiver:
    return services.record_charge(
        waiver=waiver.pk, charged_fen=fen, on=DAY, unit="示例收费单位", **by(user), **more
    )


def test_what_is_not_listed_is_not_free(project: Project, clerk: User) -> None:
    """The document frees of two groups and lists no charge; nothing follows from that yet."""
    due = due_on(COUNTY, DAY)
    assert due.free == ()
    assert len(due.unsettled) == 2
    words = refused("list-unsettled", lambda: match(project, clerk))
    assert "江苏技改免建设类行政事业性收费" in words
    assert not FeeWaiver.objects.exists()


def test_every_listed_charge_is_matched_once(project: Project, clerk: User) -> None:
    settle_list("示例配套费", "示例占道费")
    assert [row.charge for row in match(project, clerk)] == ["示例配套费", "示例占道费"]
    assert len(match(project, clerk)) == 2
    assert policy_for("370812", DAY) is None
    refused("no-direction", lambda: match(project, clerk, " "))


def test_the_certificate_is_another_persons_and_can_be_checked(
    project: Project, clerk: User, chief: User
) -> None:
    settle_list("示例配套费")
    waiver = match(project, clerk)[0]
    both = make_user("section-chief", COUNTY)
    FeeWaiver.objects.filter(pk=waiver.pk).update(created_by=both)
    refused("same-person", lambda: services.certify(waiver=waiver.pk, **by(both)))
    done = services.certify(waiver=waiver.pk, **by(chief))
    assert done.document is not None
    assert done.document.code
    assert "示例配套费" in str(done.document.content)
    refused("certified", lambda: services.certify(waiver=waiver.pk, **by(chief)))


def test_a_charge_after_the_certificate_is_followed_to_the_refund(
    project: Project, clerk: User, chief: User
) -> None:
    """Not the right alone: what the counter did, the appeal as a case, and the money back."""
    waiver = certified(project, clerk, chief)
    refused("nothing-charged", lambda: services.appeal(waiver=waiver.pk, told="x", **by(clerk)))
    firm = make_user("enterprise-handler", COUNTY, enterprise=project.enterprise)
    found = charge(waiver, 8_000_00, firm, due_fen=8_000_00)
    assert found.state == "charged"
    case = services.appeal(waiver=waiver.pk, told="已出示证明，窗口仍收", **by(firm))
    assert (case.key, case.procedure.code) == (f"fee-waiver:{waiver.pk}", "complaint")
    assert case.region_code == COUNTY
    refused("not-certified", lambda: charge(waiver, 0, firm))
    refused(
        "no-reason",
        lambda: services.settle_appeal(waiver=waiver.pk, refunded_fen=0, note="", **by(chief)),
    )
    refused(
        "above-charged",
        lambda: services.settle_appeal(
            waiver=waiver.pk, refunded_fen=8_000_01, note="", **by(chief)
        ),
    )
    done = services.settle_appeal(waiver=waiver.pk, refunded_fen=8_000_00, note="", **by(chief))
    assert (done.state, done.refunded_fen) == ("refunded", 8_000_00)
    assert Case.objects.count() >= 1


def test_nothing_charged_is_let_off(project: Project, clerk: User, chief: User) -> None:
    waiver = certified(project, clerk, chief)
    assert charge(waiver, 0, clerk).state == "waived"
    refused("above-due", lambda: charge(waiver, 2, clerk, due_fen=1))
    with pytest.raises(IntegrityError, match="refund_within_charged"):
        FeeWaiver.objects.filter(pk=waiver.pk).update(refunded_fen=1)


def test_neither_a_stranger_nor_another_firm(project: Project, clerk: User, chief: User) -> None:
    waiver = certified(project, clerk, chief)
    other = make_enterprise("示例别家有限公司", COUNTY)
    for user in (
        make_user("section-clerk"),
        make_user("enterprise-handler", COUNTY, enterprise=other),
    ):
        with pytest.raises(Denied):
            charge(waiver, 1, user)
        client = Client()
        client.force_login(user)
        assert client.get(reverse("waiver-detail", args=[waiver.pk])).status_code == 404


def test_the_pages(project: Project, clerk: User, chief: User) -> None:
    client, chiefs = Client(), Client()
    client.force_login(clerk)
    chiefs.force_login(chief)
    part = reverse("project-waivers", args=[project.pk])
    assert (
        "免收清单未定" in client.get(part).content.decode()
        or "没有生效" in client.get(part).content.decode()
    )
    settle_list("示例配套费")
    address = reverse("waiver-match", args=[project.pk])
    sent = send(client, address, address, direction="智能车间", day=DAY.isoformat())
    waiver = FeeWaiver.objects.get()
    page = reverse("waiver-detail", args=[waiver.pk])
    assert sent["Location"] == page
    assert "出具免征证明" not in client.get(page).content.decode()
    send(chiefs, page, reverse("waiver-act", args=[waiver.pk, "certify"]))
    send(client, page, reverse("waiver-act", args=[waiver.pk, "record"]),
         charged_fen="5000元", unit="示例单位", on=DAY.isoformat())  # fmt: skip
    assert "免了没有落实" in client.get(page).content.decode()
    assert "免了仍收 5,000.00 元" in client.get(reverse("waiver-list")).content.decode()
    send(client, page, reverse("waiver-act", args=[waiver.pk, "appeal"]), told="窗口仍收")
    send(chiefs, page, reverse("waiver-act", args=[waiver.pk, "settle"]),
         refunded_fen="5000元", note="")  # fmt: skip
    waiver.refresh_from_db()
    assert (waiver.state, waiver.refunded_fen) == ("refunded", 5000_00)
    assert client.post(reverse("waiver-act", args=[waiver.pk, "burn"])).status_code == 404


def send(client: Client, page: str, address: str, **data: str) -> Any:
    nonce = client.get(page).content.decode().split('name="nonce" value="')[1].split('"')[0]
    return client.post(address, {**data, "nonce": nonce})


def test_the_list_asks_no_more_for_more(project: Project, chief: User) -> None:
    client = Client()
    client.force_login(chief)

    def grow(number: int) -> None:
        for place in range(FeeWaiver.objects.count(), number):
            FeeWaiver.objects.create(
                region_code=COUNTY, enterprise=project.enterprise, pack="jiangsu-2015",
                project=make_project(project.enterprise, region=COUNTY), charge=f"示例费{place}",
            )  # fmt: skip

    assert_query_count(client, reverse("waiver-list"), grow, most=16)


def test_the_direction_comes_from_the_labels_of_the_project(project: Project, clerk: User) -> None:
    """By the document's own labels; a project that bears none is left to whoever reviews it."""
    client = Client()
    client.force_login(clerk)
    assert directions_of(project, DAY) == []
    project.tags = ["direction/绿色化"]
    project.save()
    [found] = directions_of(project, DAY)
    assert found.startswith("绿色化（")
    with mock.patch("django.utils.timezone.localdate", return_value=DAY):
        page = client.get(reverse("waiver-match", args=[project.pk])).content.decode()
    assert found in page
