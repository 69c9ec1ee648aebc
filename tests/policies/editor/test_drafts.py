"""Drafts: begun, written by form and by text, never lost, never out of reach."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from jigai.core.access import Denied, access_of
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.paths import packs_dir
from jigai.policies.editor.begin import begin_files
from jigai.policies.editor.blank import Start, blank_files, overlay_files
from jigai.policies.editor.checks import quick_look, whole_check
from jigai.policies.editor.models_of import model_of_draft
from jigai.policies.editor.parts import PARTS, Unreadable, entries, entry
from jigai.policies.editor.selectors import drafts_for
from jigai.policies.editor.services.save_draft import DraftConflict, mark, save_draft
from jigai.policies.editor.services.save_entry import delete_entry, save_entry
from jigai.policies.editor.services.start_draft import start_draft
from jigai.policies.models import PackDraft, PackVersion
from jigai.policies.services.install_pack import install_pack
from jigai.rules.loader import load_pack
from jigai.rules.model import build_model
from tests.factories import COUNTY, SIBLING, make_user
from tests.policies.editor.conftest import Made
from tests.policies.editor.small_pack import SLUG, START, with_grant
from tests.query_counts import queries_of

pytestmark = [pytest.mark.django_db, pytest.mark.system("local-rule-pack")]


def save(draft: PackDraft, by: User, name: str, text: str, **more: Any) -> PackDraft:
    return save_draft(
        draft=draft.pk, by=by, access=access_of(by),
        write=lambda _files: {f"{draft.slug}/{name}": text}, **more,
    )  # fmt: skip


def test_an_empty_document_passes_the_linter_and_says_it_is_a_draft(make_draft: Made) -> None:
    draft = make_draft(blank_files(Start(**START)))
    model = model_of_draft(draft)
    assert model.pack.identity.status == "draft" and model.pack.identity.number is None
    assert (draft.region_code, draft.title) == (COUNTY, START["title"])


def test_with_a_measure_the_examples_come_out_as_expected(draft: PackDraft) -> None:
    found = whole_check(draft.slug, draft.files)
    assert not found.errors and found.failed == 0
    assert [r.name for r in found.results] == ["条件之内", "恰满起点", "差一分"]


def test_a_wrong_expectation_stands_beside_what_came_out(draft: PackDraft) -> None:
    name = f"{SLUG}/examples/grant.yaml"
    files = draft.files | {name: draft.files[name].replace("20万元", "21万元")}
    found = whole_check(SLUG, files)
    (check,) = [c for r in found.results for c in r.checks if not c.passed]
    assert (check.expected, check.actual) == ("210,000.00元", "200,000.00元")
    assert found.failed == 1 and found.errors


def test_a_draft_of_an_installed_document_keeps_its_text(
    clerk: User, pack: PackVersion, make_draft: Made
) -> None:
    draft = start_draft(base=pack, files=None, title="", by=clerk, access=access_of(clerk))
    own = {n: t for n, t in pack.files.items() if n.startswith(f"{pack.slug}/")}
    same = [n for n in own if draft.files[n] == own[n]]
    assert set(own) - set(same) == {f"{pack.slug}/pack.yaml"}
    assert draft.files[f"{pack.slug}/pack.yaml"] == own[f"{pack.slug}/pack.yaml"].replace(
        "status: issued", "status: draft"
    )


def test_a_draft_is_checked_as_if_issued_and_still_pays_nothing(draft: PackDraft) -> None:
    # Examples say what holds once it is issued; as a draft they would all come out otherwise.
    name = f"{SLUG}/examples/grant.yaml"
    files = draft.files | {
        name: draft.files[name].replace("20万元}", "20万元, status: 有效, simulated: 否}")
    }
    assert files[name] != draft.files[name]
    assert whole_check(SLUG, files).failed == 0
    draft.files = files
    assert model_of_draft(draft).pack.identity.status == "draft"


def test_a_new_document_from_an_installed_one_replaces_it(pack: PackVersion) -> None:
    base, files = begin_files({"way": "replace", "base": pack.slug, "slug": "yanzhou-2026"})
    assert base == pack and f"{pack.slug}/pack.yaml" not in files
    identity = files["yanzhou-2026/pack.yaml"]
    assert "supersedes: [济兖政字〔2020〕14号]" in identity and "number: null" in identity


def test_an_identifier_in_use_is_refused(pack: PackVersion, draft: PackDraft) -> None:
    for slug in (pack.slug, draft.slug):
        with pytest.raises(JigaiError, match="已有文件或起草稿"):
            begin_files({"way": "replace", "base": pack.slug, "slug": slug})
    with pytest.raises(JigaiError, match="不能用"):
        begin_files({"way": "replace", "base": pack.slug, "slug": "../etc"})


# An overlay


def test_a_local_document_lists_what_the_one_above_left_open(pack: PackVersion) -> None:
    model = build_model(load_pack(packs_dir() / "luan-2020"))
    files = overlay_files(Start(**START), "luan-2020", model)
    rows = entries(SLUG, files, PARTS["parameters"])
    open_ = [p.id for p in model.pack.parameters if p.status == "undetermined"]
    assert [row["id"] for row in rows] == open_ and {r["status"] for r in rows} == {"undetermined"}


def test_a_value_against_a_stated_one_is_refused_with_both_clauses(
    pack: PackVersion, clerk: User, make_draft: Made
) -> None:
    from jigai.policies.stored_packs import model_of

    draft = make_draft(overlay_files(Start(**START), pack.slug, model_of(pack)))
    fill = {"id": "equipment_rate", "name": "设备补助比例", "clause": "细则一", "kind": "rate",
            "status": "local", "values": [{"from": "2026-01-01", "value": "9%"}]}  # fmt: skip
    saved = save_entry(
        draft=draft, part=PARTS["parameters"], code="", value=fill, seen="", by=clerk,
        access=access_of(clerk),
    )  # fmt: skip
    (problem,) = [p for p in quick_look(SLUG, saved.files).errors if p.code == "overlay-conflict"]
    assert "四.1 写明 3%" in problem.message and "细则一 写 9%" in problem.message
    with pytest.raises(JigaiError, match="四"):
        model_of_draft(saved)


# Reach


def test_nobody_writes_for_another_region(clerk: User, make_draft: Made) -> None:
    with pytest.raises(Denied):
        make_draft(region_code=SIBLING)
    chief_there = make_user("section-chief", SIBLING, username="there")
    draft = make_draft()
    assert not drafts_for(access_of(chief_there)).filter(pk=draft.pk).exists()
    with pytest.raises(Denied):
        save(draft, chief_there, "clauses.yaml", "clauses: []\n")


def test_a_draft_cannot_be_written_away_to_another_region(clerk: User, draft: PackDraft) -> None:
    text = draft.files[f"{SLUG}/pack.yaml"].replace(COUNTY, SIBLING)
    with pytest.raises(JigaiError, match="不在您的数据权限之内"):
        save(draft, clerk, "pack.yaml", text)
    draft.refresh_from_db()
    assert draft.region_code == COUNTY


def test_a_document_of_another_region_is_not_taken_by_its_identifier(
    pack: PackVersion, clerk: User
) -> None:
    install_pack(folder=packs_dir() / "luan-2020", check=False)
    files = blank_files(Start(**{**START, "slug": "luan-2020"}))
    with pytest.raises(Denied):
        start_draft(base=None, files=files, title="", by=clerk, access=access_of(clerk))


def test_an_enterprise_and_a_bank_have_no_drafts(draft: PackDraft) -> None:
    for role in ("bank", "expert", "auditor"):
        person = make_user(role, username=role)
        assert not drafts_for(access_of(person)).exists()


# Writing


def test_what_cannot_be_read_is_kept_and_told_with_its_line(clerk: User, draft: PackDraft) -> None:
    saved = save(draft, clerk, "clauses.yaml", "clauses:\n- id: 一\n  heading: [没有关上\n")
    assert saved.files[f"{SLUG}/clauses.yaml"].endswith("没有关上\n")
    (problem,) = quick_look(SLUG, saved.files).errors
    assert problem.code == "yaml-syntax" and problem.place.line >= 3
    with pytest.raises(Unreadable):
        entries(SLUG, saved.files, PARTS["clauses"])


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("../x.yaml", "a: 1", "不能有"),
        ("examples/../../x.yaml", "a: 1", "不能有"),
        ("run.py", "a: 1", "不能有"),
        ("clauses.yaml", "a: &a [1]\nb: [" + "*a, " * 400_000 + "*a]", "KB|个值"),
        ("clauses.yaml", "[" * 40 + "]" * 40, "嵌套"),
        ("clauses.yaml", "a: " + "一" * 300_000, "KB"),
        ("clauses.yaml", "a: \x00", "不是文字"),
        ("pack.yaml", "", "没有 pack.yaml"),
    ],
)
def test_what_could_harm_is_refused(
    clerk: User, draft: PackDraft, name: str, text: str, told: str
) -> None:
    with pytest.raises(JigaiError, match=told):
        save(draft, clerk, name, text)
    draft.refresh_from_db()
    assert draft.version == 1


def test_nothing_is_counted_where_nothing_changed(clerk: User, draft: PackDraft) -> None:
    name = "clauses.yaml"
    assert save(draft, clerk, name, draft.files[f"{SLUG}/{name}"]).version == 1
    assert save(draft, clerk, name, draft.files[f"{SLUG}/{name}"] + "# 注\n").version == 2


def test_two_people_on_two_entries_do_not_get_in_each_others_way(
    clerk: User, second: User, draft: PackDraft
) -> None:
    part = PARTS["parameters"]
    opened = {code: entry(SLUG, draft.files, part, code) for code in ("rate", "cap")}
    for person, code, name in ((clerk, "rate", "设备比例"), (second, "cap", "设备上限")):
        row = {**(opened[code] or {}), "note": f"{name}改过"}
        save_entry(draft=draft, part=part, code=code, value=row, seen=mark(opened[code]),
                   by=person, access=access_of(person))  # fmt: skip
    draft.refresh_from_db()
    notes = [e.get("note", "") for e in entries(SLUG, draft.files, part)]
    assert "设备比例改过" in notes and "设备上限改过" in notes


def test_two_people_on_the_same_entry_are_told(clerk: User, second: User, draft: PackDraft) -> None:
    part, opened = PARTS["parameters"], entry(SLUG, draft.files, PARTS["parameters"], "rate")
    assert opened is not None
    for note in ("甲",):
        save_entry(draft=draft, part=part, code="rate", value={**opened, "note": note},
                   seen=mark(opened), by=clerk, access=access_of(clerk))  # fmt: skip
    with pytest.raises(DraftConflict):
        save_entry(draft=draft, part=part, code="rate", value={**opened, "note": "乙"},
                   seen=mark(opened), by=second, access=access_of(second))  # fmt: skip
    with pytest.raises(DraftConflict):
        delete_entry(draft=draft, part=part, code="rate", seen=mark(opened), by=second,
                     access=access_of(second))  # fmt: skip


def test_an_entry_with_a_new_value_and_examples_is_written_at_once(
    clerk: User, make_draft: Made
) -> None:
    draft = make_draft(blank_files(Start(**START)))
    wanted = make_draft(with_grant(blank_files(Start(**{**START, "slug": "other-2026"}))))
    measure = entries("other-2026", wanted.files, PARTS["measures"])[0]
    rows = entries("other-2026", wanted.files, PARTS["parameters"])[1:]
    saved = save_entry(
        draft=draft, part=PARTS["measures"], code="", value=measure, seen="", by=clerk,
        access=access_of(clerk), parameters=rows,
        examples=[{"name": "恰满", "clause": "一", "measure": "grant", "given": "合格企业的项目",
                   "lines": [{"不含税金额": "300万元"}], "expect": {"verdict": "符合"}}],
    )  # fmt: skip
    assert not quick_look(SLUG, saved.files).errors
    assert "恰满" in saved.files[f"{SLUG}/examples/grant.yaml"]
    with pytest.raises(JigaiError, match="已有"):
        save_entry(draft=draft, part=PARTS["measures"], code="", value=measure, seen="", by=clerk,
                   access=access_of(clerk), parameters=rows[:1])  # fmt: skip


@pytest.mark.parametrize("change", ["UPDATE policies_packdraft SET files = '{}'::jsonb",
                                    "DELETE FROM policies_packdraft"])  # fmt: skip
def test_the_database_itself_keeps_what_was_handed_in(draft: PackDraft, change: str) -> None:
    PackDraft.objects.filter(pk=draft.pk).update(state="review", frozen="0" * 64)
    with pytest.raises(ProgrammingError), transaction.atomic():
        connection.cursor().execute(change)


def test_without_the_guard_it_would_have_been_written(draft: PackDraft) -> None:
    # Control for the test above: while somebody writes, the same statement goes through.
    connection.cursor().execute("UPDATE policies_packdraft SET files = '{}'::jsonb")
    draft.refresh_from_db()
    assert draft.files == {}


# Pages


def url(name: str, draft: PackDraft, *args: Any) -> str:
    return reverse(name, args=[draft.pk, *args])


@pytest.mark.parametrize("name", ["draft-detail", "draft-text", "draft-read", "draft-identity",
                                  "draft-check"])  # fmt: skip
def test_its_pages_open(web: Client, draft: PackDraft, name: str) -> None:
    answer = web.get(url(name, draft))
    assert answer.status_code == 200 and draft.title in answer.content.decode()


def test_out_of_reach_is_not_there(draft: PackDraft) -> None:
    there = Client()
    there.force_login(make_user("section-clerk", SIBLING, username="there"))
    for name, args in (("draft-detail", ()), ("draft-text", ()), ("draft-section", ("measures",)),
                       ("draft-item", ("measures", "grant"))):  # fmt: skip
        assert there.get(url(name, draft, *args)).status_code == 404
    for name in ("draft-lint", "draft-submit", "draft-withdraw"):
        assert there.post(url(name, draft), {"nonce": str(uuid.uuid4())}).status_code in (403, 404)


@pytest.mark.parametrize("section", list(PARTS))
def test_sections_and_entries_open(web: Client, draft: PackDraft, section: str) -> None:
    assert web.get(url("draft-section", draft, section)).status_code == 200
    assert web.get(url("draft-item-new", draft, section)).status_code == 200
    for row in entries(SLUG, draft.files, PARTS[section])[:1]:
        page = web.get(url("draft-item", draft, section, row["id"])).content.decode()
        assert row["id"] in page
    assert web.get(url("draft-item", draft, section, "没有")).status_code == 404


def test_the_form_and_the_text_are_the_same_pack(web: Client, draft: PackDraft) -> None:
    page = web.get(url("draft-measure", draft, "grant"))
    form = page.context["form"]
    from tests.policies.editor.test_forms import sent

    data = {**sent(form), "name": "设备更新补助", "seen": page.context["seen"],
            "nonce": str(uuid.uuid4())}  # fmt: skip
    answer = web.post(url("draft-item", draft, "measures", "grant"), data)
    assert answer.status_code == 302, answer.context["form"].errors
    text = web.get(url("draft-text", draft) + "?file=measures.yaml").context["typed"]
    before = draft.files[f"{SLUG}/measures.yaml"]
    assert text == before.replace("name: 设备补助", "name: 设备更新补助")
    page = web.get(url("draft-text", draft) + "?file=measures.yaml")
    data = {"text": text.replace("设备更新补助", "设备再补助"), "seen": page.context["seen"],
            "nonce": str(uuid.uuid4())}  # fmt: skip
    assert web.post(url("draft-text", draft) + "?file=measures.yaml", data).status_code == 302
    assert "设备再补助" in web.get(url("draft-measure", draft, "grant")).content.decode()


def test_a_formula_is_checked_while_it_is_typed_and_nothing_is_stored(
    web: Client, draft: PackDraft
) -> None:
    from tests.policies.editor.test_forms import sent

    page = web.get(url("draft-measure", draft, "grant"))
    data = {**sent(page.context["form"]), "amount": "核定设备额 * 设备比列"}
    answer = web.post(url("draft-item-check", draft, "measures", "grant"), data).content.decode()
    assert "设备比列" in answer and "设备比例" in answer and "measures.yaml" in answer
    draft.refresh_from_db()
    assert draft.version == 1
    data["amount"] = "核定设备额 * 设备比例"
    answer = web.post(url("draft-item-check", draft, "measures", "grant"), data).content.decode()
    assert "通俗说法" in answer and "5%" in answer


def test_the_text_is_checked_while_it_is_typed(web: Client, draft: PackDraft) -> None:
    text = draft.files[f"{SLUG}/measures.yaml"].replace("in-district, legal", "no-gate, legal")
    answer = web.post(url("draft-lint", draft) + "?file=measures.yaml", {"text": text})
    assert "no-gate" in answer.content.decode() and "改法" in answer.content.decode()
    answer = web.post(url("draft-lint", draft) + "?file=../x", {"text": text})
    assert answer.status_code == 404


def test_names_offered_are_those_of_the_pack_only(web: Client, draft: PackDraft) -> None:
    names = [row[0] for row in web.get(url("draft-measure", draft, "grant")).context["names"]]
    assert {"设备比例", "核定设备额", "独立法人", "申报截止日"} <= set(names)
    assert "共同体投资起点" not in names  # of another county's pack


def test_a_conflict_shows_both_and_loses_nothing(
    web: Client, second: User, draft: PackDraft
) -> None:
    page = web.get(url("draft-text", draft) + "?file=clauses.yaml")
    save(draft, second, "clauses.yaml", draft.files[f"{SLUG}/clauses.yaml"] + "# 别人的\n")
    data = {"text": page.context["typed"] + "# 我的\n", "seen": page.context["seen"],
            "nonce": str(uuid.uuid4())}  # fmt: skip
    answer = web.post(url("draft-text", draft) + "?file=clauses.yaml", data)
    told = answer.content.decode()
    assert answer.status_code == 422 and "刚被别人改过" in told
    assert "# 我的" in told and "# 别人的" in told and second.name in told
    data |= {"seen": answer.context["seen"], "nonce": str(uuid.uuid4())}
    assert web.post(url("draft-text", draft) + "?file=clauses.yaml", data).status_code == 302


def test_identity_is_a_form_too(web: Client, draft: PackDraft) -> None:
    page = web.get(url("draft-identity", draft))
    data = {"title": "示例区设备更新补助办法（试行）", "issuer": START["issuer"],
            "effective_from": "2026-02-01", "supersedes": "示例政发〔2020〕1号",
            "upstream": "示例政发〔2019〕9号 上位办法\n没有文号的办法",
            "interpreter": START["issuer"],
            "seen": page.context["seen"], "nonce": str(uuid.uuid4()),
            }  # fmt: skip
    assert web.post(url("draft-identity", draft), data).status_code == 302
    draft.refresh_from_db()
    identity = model_of_draft(draft).pack.identity
    assert (draft.title, str(identity.effective_from)) == (data["title"], "2026-02-01")
    assert identity.supersedes == ["示例政发〔2020〕1号"]
    assert [u.number for u in identity.upstream] == ["示例政发〔2019〕9号", None]
    assert identity.effective_to is None


def test_a_draft_begins_on_screen(web: Client) -> None:
    data = {"way": "blank", "slug": "fresh-2026", "title": "示例办法", "issuer": "示例区人民政府",
            "region": COUNTY, "begins": "2026-03-01", "nonce": str(uuid.uuid4())}  # fmt: skip
    assert web.post(reverse("draft-new"), {**data, "title": ""}).status_code == 422
    answer = web.post(reverse("draft-new"), data)
    assert answer.status_code == 302
    made = PackDraft.objects.get()
    assert made.slug == "fresh-2026" and not quick_look(made.slug, made.files).errors
    answer = web.post(
        reverse("draft-new"),
        {**data, "slug": "there-2026", "region": SIBLING, "nonce": str(uuid.uuid4())},
    )
    assert answer.status_code == 422 and "数据权限" in answer.content.decode()


def test_the_list_asks_as_often_for_few_as_for_many(web: Client, make_draft: Made) -> None:
    make_draft(blank_files(Start(**START)))
    web.get(reverse("draft-list"))
    few = len(queries_of(web, reverse("draft-list")))
    for number in range(4):
        make_draft(blank_files(Start(**{**START, "slug": f"more-{number}"})))
    assert len(queries_of(web, reverse("draft-list"))) == few
