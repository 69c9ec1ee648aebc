"""Installing packs: listed for reading and search, versions kept."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from jigai.core.screens.list_filters import search
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.models import Clause, ClauseFact, PackParameter, PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.policies.stored_packs import laid_out, model_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The shipped packs in a place where they may be changed."""
    shutil.copytree(packs_dir(), tmp_path / "packs")
    return tmp_path / "packs" / "yanzhou-2020"


@pytest.mark.system("policy-corpus")
def test_clauses_facts_and_parameters_are_listed(pack: PackVersion) -> None:
    assert Clause.objects.filter(pack=pack).count() == 23
    assert ClauseFact.objects.filter(pack=pack).count() == 46
    used = ClauseFact.objects.filter(pack=pack)
    assert all(fact.used_by or fact.waived for fact in used)
    undetermined = PackParameter.objects.filter(pack=pack, status="undetermined")
    assert undetermined.count() == 4 and not any(row.value for row in undetermined)


@pytest.mark.system("policy-corpus")
def test_a_number_leads_back_to_its_clause(pack: PackVersion) -> None:
    found = search(ClauseFact.objects.filter(pack=pack), "500万元").select_related("clause")
    assert {fact.clause.code for fact in found} >= {"四.1"}


@pytest.mark.system("policy-corpus")
def test_what_the_document_lacks_stays_empty(pack: PackVersion, copy: Path) -> None:
    path = copy / "pack.yaml"
    text = path.read_text(encoding="utf-8").replace("number: 济兖政字〔2020〕14号", "number: null")
    path.write_text(text, encoding="utf-8")
    version = install_pack(folder=copy, check=False)
    assert version.number is None and version.pk != pack.pk


def test_installing_again_changes_nothing(pack: PackVersion) -> None:
    assert install_pack(folder=packs_dir() / "yanzhou-2020") == pack
    assert PackVersion.objects.count() == 1


def test_a_new_version_keeps_the_old(pack: PackVersion, copy: Path) -> None:
    path = copy / "clauses.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# 改\n", encoding="utf-8")
    version = install_pack(folder=copy, check=False)
    pack.refresh_from_db()
    assert version.is_current and not pack.is_current
    assert model_of(pack).pack.content_hash != model_of(version).pack.content_hash
    back = install_pack(folder=packs_dir() / "yanzhou-2020")
    assert back == pack and PackVersion.objects.get(is_current=True) == pack


def test_versions_cannot_be_changed_or_dropped(pack: PackVersion) -> None:
    for write in (
        lambda: PackVersion.objects.filter(pk=pack.pk).update(files={}),
        lambda: PackVersion.objects.filter(pk=pack.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            write()


def test_a_pack_the_linter_refuses_is_not_installed(copy: Path) -> None:
    path = copy / "clauses.yaml"
    text = path.read_text(encoding="utf-8").replace("四.1", "四.9")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(JigaiError, match="没有通过检查"):
        install_pack(folder=copy)
    assert not PackVersion.objects.exists()


def test_files_come_back_from_the_database(pack: PackVersion) -> None:
    folder = laid_out(pack)
    shutil.rmtree(folder.parent)
    again = laid_out(pack)
    assert (again / "pack.yaml").read_text(encoding="utf-8") == pack.files["yanzhou-2020/pack.yaml"]
    assert (again.parent / "national" / "vocabulary.yaml").exists()


@pytest.mark.system("policy-corpus")
def test_pages(web: Client, pack: PackVersion) -> None:
    page = web.get(f"/policies/{pack.slug}/").content.decode()
    assert "济兖政字〔2020〕14号" in page and "未定" in page
    clause = web.get(f"/policies/{pack.slug}/clauses/四.1/").content.decode()
    assert "500" in clause and "措施" in clause
    assert "四.1" in web.get("/clauses/?q=500万元").content.decode()
    assert pack.title in web.get("/policies/?on=2021-06-01").content.decode()
    assert pack.title not in web.get("/policies/?on=2024-06-01").content.decode()
    assert web.get("/policies/nothing/").status_code == 404
    assert web.get(f"/policies/{pack.slug}/clauses/九.9/").status_code == 404
