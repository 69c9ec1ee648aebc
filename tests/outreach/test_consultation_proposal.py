"""Comments on a version that waits to be installed, while the issued document stays in force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jigai.core.access import access_of
from jigai.core.models import EvidenceFile, User
from jigai.errors import JigaiError
from jigai.outreach.consultation_compare import compared
from jigai.outreach.consultation_drafts import drafts, text_of
from jigai.outreach.services.open_consultation import open_consultation
from jigai.policies.models import PackProposal, PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.policies.stored_packs import pack_files
from jigai.rules.loader import load_pack
from tests.factories import SIBLING, make_regions, make_user
from tests.outreach import consultations as c
from tests.policies.changed_packs import raised

pytestmark = [pytest.mark.django_db, pytest.mark.system("public-consultation")]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> c.Clock:
    return c.Clock(monkeypatch, c.FIRST)


@pytest.fixture
def people(db: None) -> tuple[User, User]:
    make_regions()
    return make_user("section-clerk"), make_user("section-chief")


@pytest.fixture
def proposal(people: tuple[User, User], tmp_path: Path) -> PackProposal:
    """The county's document with 4 % instead of 3 %, checked and not yet confirmed."""
    c.install("yanzhou-2020")
    folder = raised(tmp_path)
    file = EvidenceFile.objects.create(sha256="0" * 64, size=1, media_type="x", name="a.zip")
    return PackProposal.objects.create(
        slug=folder.name, title="实施意见（修订稿）", region_code="370812", file=file,
        files=pack_files(load_pack(folder, folder.parent)), status="ready", created_by=people[1],
    )  # fmt: skip


def begun(people: tuple[User, User], proposal: PackProposal) -> Any:
    clerk, chief = people
    row = c.drafted(clerk, PackVersion(), subject=f"p{proposal.pk}", clauses=["四.1"])
    return open_consultation(consultation=row.pk, by=chief, access=access_of(chief))


def test_only_its_own_place_opens_it(people: tuple[User, User], proposal: PackProposal) -> None:
    key = f"p{proposal.pk}"
    assert [found.key for found in drafts(access_of(people[0]))] == [key]
    assert drafts(access_of(make_user("section-clerk", SIBLING))) == []
    PackProposal.objects.update(status="discarded")
    assert drafts(access_of(people[0])) == []


def test_people_read_the_new_text_and_the_document_keeps_the_old_one(
    clock: c.Clock, people: tuple[User, User], proposal: PackProposal, client: Client
) -> None:
    item = begun(people, proposal)
    assert (item.draft, item.proposal) == (None, proposal)
    page = client.get(reverse("portal-consultation", args=[item.pk])).content.decode()
    assert "补4%" in page and "不能据以申报" in page
    document = client.get(reverse("portal-policy", args=[proposal.slug])).content.decode()
    assert "补3%" in document and "补4%" not in document
    assert c.said(item, clause="四.1").receipt


def test_other_files_are_another_text(
    clock: c.Clock, people: tuple[User, User], proposal: PackProposal
) -> None:
    item = begun(people, proposal)
    files = {**proposal.files, "yanzhou-2020/pack.yaml": "id: another"}
    PackProposal.objects.update(files=files)
    item.refresh_from_db()
    with pytest.raises(JigaiError) as error:
        text_of(item)
    assert error.value.code == "draft-changed"


def test_what_was_installed_is_compared_with_what_was_opened(
    clock: c.Clock, people: tuple[User, User], proposal: PackProposal, tmp_path: Path
) -> None:
    item = begun(people, proposal)
    clock.day = c.AFTER
    c.published(item, people[1])
    final = install_pack(folder=tmp_path / "packs" / "yanzhou-2020", check=False)
    done = c.finished(item, final, people[1])
    assert compared(done).counts == {"added": 0, "removed": 0, "changed": 0}
