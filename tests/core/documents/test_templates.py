"""Templates of offices: tried before they are kept, nearest region first, the shipped one else."""

from __future__ import annotations

import io
from typing import Any

import pytest

from jigai.core.documents import drop_template, keep_template, shipped_template, template_for
from jigai.core.documents.templates import try_template
from jigai.core.evidence import path_of, store_evidence
from jigai.core.models import DocumentTemplate, EvidenceFile
from jigai.errors import JigaiError
from tests.core.documents.conftest import template_with, texts_of
from tests.factories import CITY, COUNTY, PROVINCE, SIBLING, make_user

pytestmark = pytest.mark.django_db
OWN = ("{{ organ }}", "{{ title }} {{ number }}", "{{ qr }}", "码 {{ code }}")


def stored(content: bytes, name: str = "模板.docx") -> EvidenceFile:
    return store_evidence(stream=io.BytesIO(content), name=name, owner=None, region_code=COUNTY)


def keep(content: bytes, region: str = COUNTY, kind: str = "accept") -> DocumentTemplate:
    return keep_template(
        kind=kind, region_code=region, file=stored(content), by=make_user("section-chief")
    )


def test_without_templates_of_its_own_a_region_prints_the_shipped_letter() -> None:
    assert template_for("accept", COUNTY) == shipped_template()
    assert try_template(shipped_template().content)


def test_the_nearest_region_above_decides() -> None:
    city, county = template_with("市", *OWN), template_with("县", *OWN)
    keep(city, CITY)
    keep(county, COUNTY)
    assert template_for("accept", COUNTY).content == county
    assert template_for("accept", SIBLING).content == city
    assert template_for("accept", CITY).content == city
    for kind, region in (("accept", PROVINCE), ("accept", "320582"), ("other", COUNTY)):
        assert template_for(kind, region) == shipped_template()
    assert drop_template(kind="accept", region_code=COUNTY)
    assert not drop_template(kind="accept", region_code=COUNTY)
    assert template_for("accept", COUNTY).content == city


def test_a_new_template_takes_the_place_of_the_old_one() -> None:
    keep(template_with("旧", *OWN))
    row = keep(template_with("新", *OWN))
    assert DocumentTemplate.objects.get() == row
    assert "新" in texts_of(template_for("accept", COUNTY).content)


def test_a_paper_is_printed_with_the_template_of_its_region(issue: Any) -> None:
    content = template_with("本县格式", *OWN)
    keep(content, kind="supplement")
    paper = issue()
    texts = texts_of(path_of(paper.file).read_bytes())
    assert "本县格式" in texts and f"码 {paper.code}" in texts
    assert paper.template_sha256 == template_for("supplement", COUNTY).sha256
    assert paper.template_sha256 != shipped_template().sha256


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("{{ title }}", "{{ qr }}"), "template-no-code"),
        (("{{ title }}", "{{ code }}"), "template-no-code"),
        (("{{ applicant }}", *OWN), "template-unknown-field"),
        (("{% if %}", *OWN), "template-bad-tag"),
    ],
)
def test_a_template_that_does_not_serve_is_not_kept(lines: tuple[str, ...], code: str) -> None:
    with pytest.raises(JigaiError) as problem:
        keep(template_with(*lines))
    assert problem.value.code == code
    assert not DocumentTemplate.objects.exists()


def test_a_file_that_is_no_document_is_not_kept() -> None:
    file = stored("甲,乙\n".encode(), "表.csv")
    with pytest.raises(JigaiError) as problem:
        keep_template(kind="accept", region_code=COUNTY, file=file, by=make_user())
    assert problem.value.code == "template-broken"
