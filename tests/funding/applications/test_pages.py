"""The pages of both sides: who sees what, the whole way on screen, the list at two sizes."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jigai.core.models import User
from jigai.funding.models import Application, InvoiceUse, Round
from jigai.projects.models import Project
from tests.factories import SIBLING, make_enterprise, make_user
from tests.funding.applications.conftest import (
    PAID,
    PDF,
    begin,
    fill,
    firm,
    person_of,
    pool_of_three,
    project_of,
    submit,
)
from tests.funding.making import make_application, make_measure
from tests.query_counts import assert_query_count

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def once(**data: Any) -> dict[str, Any]:
    return {"nonce": str(uuid.uuid4()), **data}


@pytest.fixture
def web(person: User) -> Client:
    return signed_in(person)


class TestTheWay:
    def test_from_open_to_receipt(
        self, web: Client, round_: Round, project: Project, person: User
    ) -> None:
        page = web.get("/applications/open/").content.decode()
        assert round_.name in page and project.name in page
        measure = round_.measures.get()
        query = f"?measure={measure.pk}&project={project.pk}"
        assert "300,000.00 元" in web.get(f"/applications/open/outlook/{query}").content.decode()
        data = once(measure=measure.pk, project=project.pk)
        assert web.post("/applications/start/", data).status_code == 302
        row = Application.objects.get()
        form = web.get(f"/applications/{row.pk}/form/").content.decode()
        assert "项目台账 2021 年" in form and "企业名录" in form and "营业执照" in form
        panel = web.get(f"/applications/{row.pk}/estimate/").content.decode()
        assert "300,000.00" in panel and "缺“营业执照”" in panel
        sent = once(item="licence", file=SimpleUploadedFile("执照.pdf", PDF))
        web.post(f"/applications/{row.pk}/upload/", sent)
        look = web.get(f"/applications/{row.pk}/preview/").content.decode()
        assert "没有发现问题" not in look and "disabled" not in look and "执照.pdf" in look
        click = once()
        for _ in range(2):
            answer = web.post(f"/applications/{row.pk}/preview/", click)
            assert answer.url == f"/applications/{row.pk}/receipt/"
        row.refresh_from_db()
        receipt = web.get(answer.url).content.decode()
        assert row.receipt and row.receipt in receipt and "一致" in receipt
        assert row.estimate_fen == PAID and InvoiceUse.objects.count() == 1
        detail = web.get(f"/applications/{row.pk}/").content.decode()
        assert "承诺" in detail and "个工作日" in detail and "开始填报" in detail

    def test_a_second_form_sent_leads_to_the_receipt(
        self, web: Client, draft: Application, person: User
    ) -> None:
        submit(draft, person)
        answer = web.post(f"/applications/{draft.pk}/preview/", once())
        assert answer.url.endswith("/receipt/") and Application.objects.count() == 1

    def test_what_stops_it_is_shown_on_the_page(self, web: Client, draft: Application) -> None:
        answer = web.post(f"/applications/{draft.pk}/preview/", once(seen=draft.version))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "没有提交" in page and "缺“营业执照”" in page and "disabled" in page

    def test_an_invoice_of_another_buyer_on_screen(self, web: Client, draft: Application) -> None:
        from tests.funding.applications.conftest import paper

        other = make_enterprise("兖州示例别家有限公司")
        line = paper(draft.project, buyer=other, buyer_raw=other.name)
        form = web.get(f"/applications/{draft.pk}/form/").content.decode()
        assert "不是申报单位" in form
        data = once(seen=draft.version, line=str(line.pk), **{f"s-{line.pk}": "1.00"})
        answer = web.post(f"/applications/{draft.pk}/lines/", data)
        assert answer.status_code == 422 and "第1行" in answer.content.decode()

    @pytest.mark.parametrize("typed", ["", "一百", "-5", "0"])
    def test_a_share_that_is_no_amount(self, web: Client, draft: Application, typed: str) -> None:
        key = draft.lines.get().line_id
        data = once(seen=draft.version, line=str(key), **{f"s-{key}": typed})
        answer = web.post(f"/applications/{draft.pk}/lines/", data)
        page = answer.content.decode()
        assert answer.status_code == 422 and "没有保存" in page and "第1行" in page
        # Nothing typed is lost: the box holds it again.
        assert f'name="s-{key}" value="{typed}"' in page

    def test_shares_in_yuan_and_declarations(self, web: Client, draft: Application) -> None:
        key = draft.lines.get().line_id
        data = once(seen=draft.version, line=str(key), **{
            f"s-{key}": "1,250.50", f"h-{key}": "no", f"r-{key}": "yes", f"n-{key}": "SN-9",
        })  # fmt: skip
        assert web.post(f"/applications/{draft.pk}/lines/", data).status_code == 302
        counted = draft.lines.get()
        assert counted.share_fen == 125_050
        said = (counted.line.second_hand, counted.line.related_party, counted.line.leased)
        assert said == (False, True, None) and counted.line.serial == "SN-9"

    def test_one_field_saves_itself_and_tells_of_a_clash(
        self, web: Client, draft: Application
    ) -> None:
        draft.measure.fields = [{"id": "jobs", "label": "新增就业", "type": "number"}]
        draft.measure.save()
        url = f"/applications/{draft.pk}/field/"
        page = web.post(url, {"field": "jobs", "v-jobs": "12", "before-jobs": ""})
        assert 'value="12" hx-swap-oob="true"' in page.content.decode()
        page = web.post(url, {"field": "jobs", "v-jobs": "9", "before-jobs": ""})
        assert "刚被共同填报人改过" in page.content.decode()
        draft.refresh_from_db()
        assert draft.values == {"jobs": "12"}
        web.post(url, {"field": "jobs", "v-jobs": "9", "before-jobs": "", "overwrite": "1"})
        draft.refresh_from_db()
        assert draft.values == {"jobs": "9"}

    def test_withdrawn_on_screen(self, web: Client, draft: Application) -> None:
        web.post(f"/applications/{draft.pk}/withdraw/", once(reason="不报了"))
        draft.refresh_from_db()
        assert draft.state == "withdrawn"
        assert "不报了" in web.get(f"/applications/{draft.pk}/").content.decode()


class TestReach:
    def test_a_draft_is_nobody_elses(self, draft: Application) -> None:
        for user in (make_user("section-clerk"), person_of(firm()), make_user("auditor")):
            assert signed_in(user).get(f"/applications/{draft.pk}/").status_code == 404

    def test_handed_in_the_county_sees_it_and_the_neighbour_does_not(
        self, draft: Application, person: User
    ) -> None:
        submit(draft, person)
        url = f"/applications/{draft.pk}/"
        page = signed_in(make_user("section-clerk")).get(url)
        assert page.status_code == 200 and "撤回申报" not in page.content.decode()
        assert signed_in(make_user("section-clerk", SIBLING)).get(url).status_code == 404
        assert signed_in(person_of(firm())).get(url).status_code == 404

    def test_a_sealed_round_shows_nothing_before_it_closes(
        self, draft: Application, person: User, round_: Round
    ) -> None:
        submit(draft, person)
        clerk, url = signed_in(make_user("section-clerk")), f"/applications/{draft.pk}/"
        Round.objects.filter(pk=round_.pk).update(sealed=True)
        assert clerk.get(url).status_code == 404
        assert draft.number not in clerk.get("/applications/").content.decode()
        assert signed_in(person).get(url).status_code == 200
        now = timezone.now()
        Round.objects.filter(pk=round_.pk).update(closes_at=now, opens_at=now - dt.timedelta(1))
        assert clerk.get(url).status_code == 200

    def test_files_are_for_those_who_see_the_application(
        self, draft: Application, person: User
    ) -> None:
        fill(draft, person)
        key = draft.evidence["licence"][0]
        url = f"/applications/{draft.pk}/files/{key}/"
        answer = signed_in(person).get(url)
        assert b"".join(answer.streaming_content) == PDF
        assert signed_in(person_of(firm())).get(url).status_code == 404
        other = begin(draft.round, project_of(draft.enterprise), person)
        assert signed_in(person).get(f"/applications/{other.pk}/files/{key}/").status_code == 404

    def test_forms_are_for_the_applicant(self, draft: Application) -> None:
        stranger = signed_in(person_of(firm()))
        for part in ("form", "preview", "estimate", "receipt"):
            assert stranger.get(f"/applications/{draft.pk}/{part}/").status_code == 404
        for part in ("field", "lines", "upload", "editors", "withdraw", "signing"):
            answer = stranger.post(f"/applications/{draft.pk}/{part}/", once())
            assert answer.status_code == 404, part

    def test_only_ones_own_projects_can_be_started(self, web: Client, round_: Round) -> None:
        theirs = project_of(firm())
        data = once(measure=round_.measures.get().pk, project=theirs.pk)
        assert web.post("/applications/start/", data).status_code == 404


class TestAgreementPages:
    def test_members_read_sign_and_leave(self, round_: Round) -> None:
        pool, firms = pool_of_three()
        lead, member, third = (signed_in(person_of(f)) for f in firms)
        measure = make_measure(round_, "consortium", evidence=[])
        lead.post("/applications/start/", once(measure=measure.pk, consortium=pool.pk))
        row = Application.objects.get()
        lead.post(f"/applications/{row.pk}/signing/", once())
        assert row.title in member.get("/agreements/").content.decode()
        url = f"/agreements/{row.pk}/"
        page = member.get(url).content.decode()
        assert "120,000.00" in page and "签署" in page
        assert signed_in(person_of(firm())).get(url).status_code == 404
        place = row.signatures.get(enterprise=firms[1])
        content = page.partition('name="content" value="')[2][:64]
        member.post(f"/agreements/places/{place.pk}/sign/", once(content=content))
        place.refresh_from_db()
        assert place.content_hash == content and place.signed_by is not None
        gone = row.signatures.get(enterprise=firms[2])
        third.post(f"/agreements/places/{gone.pk}/leave/", once(reason="不投了"))
        row.refresh_from_db()
        assert row.state == "draft"
        assert "不投了" in lead.get(url).content.decode()


class TestList:
    def test_filters(self, round_: Round) -> None:
        clerk = signed_in(make_user("section-clerk"))
        owner = make_enterprise("兖州示例筛选有限公司")
        open_ = make_application(round_, owner, state="submitted")
        paid = make_application(round_, state="paid", fen=5, stale="红字发票")
        make_application(round_, owner, state="draft")

        def found(query: str) -> set[str]:
            page = clerk.get(f"/applications/?{query}").content.decode()
            return {row.number for row in (open_, paid) if row.number in page}

        assert found("") == {open_.number, paid.number}
        assert found("q=筛选") == {open_.number}
        assert found("state=paid") == {paid.number} == found("amount=some")
        assert found("amount=open") == {open_.number} == found("stale=no")
        assert found("stale=yes") == {paid.number}
        assert found(f"round={round_.pk}") == {open_.number, paid.number}
        assert found("measure=设备") == {open_.number, paid.number}

    def test_as_many_queries_at_any_size(self, round_: Round) -> None:
        clerk = signed_in(make_user("section-clerk"))

        def grow(count: int) -> None:
            while Application.objects.count() < count:
                make_application(round_, state="submitted", promised_on=dt.date(2027, 3, 1))

        assert_query_count(clerk, "/applications/", grow, most=16)

    def test_the_page_of_one_with_many_lines(self, web: Client, draft: Application) -> None:
        from tests.funding.applications.conftest import paper

        def grow(count: int) -> None:
            from jigai.funding.models import ApplicationLine

            while draft.lines.count() < count:
                line = paper(draft.project, 1_000)
                ApplicationLine.objects.create(application=draft, line=line, share_fen=1_000)

        assert_query_count(web, f"/applications/{draft.pk}/", grow, most=32)
        assert_query_count(web, f"/applications/{draft.pk}/form/", lambda _n: None, most=32)

    def test_open_rounds_with_many_projects(self, web: Client, round_: Round, owner: Any) -> None:
        def grow(count: int) -> None:
            while Project.objects.filter(enterprise=owner).count() < count:
                project_of(owner)

        assert_query_count(web, "/applications/open/", grow, most=20)
