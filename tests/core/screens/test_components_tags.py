"""Every component as a page gets it: what it says, and that nothing typed can break out of it."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from jigai.core.screens.icons import UnknownIcon
from jigai.core.screens.status import LOOKS, look_of

AT = dt.datetime(2025, 3, 14, 7, 26, tzinfo=dt.UTC)
HOSTILE = '"><script>alert(1)</script>'


def draw(source: str, **context: Any) -> str:
    """The HTML of a template, blanks squeezed."""
    return " ".join(Template(source).render(Context(context)).split())


class Sample(forms.Form):
    """Three fields, one required."""

    name = forms.CharField(label="名称", help_text="与备案证一致。")
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", required=False)
    more = forms.CharField(label="更多", required=False)


def test_money_filters_tell_nothing_from_undetermined() -> None:
    assert draw("{{ v|yuan }} {{ v|wan }}", v=123_456_789) == "1,234,567.89 123.46"
    assert draw("{{ v|yuan }} {{ v|yuan:True }} {{ v|wan:False }}", v=None) == "— 未定 —"
    assert draw("{{ v|yuan:True }}", v=0) == "0.00"


@pytest.mark.parametrize("wrong", [1.5, True, "12"])
def test_money_refuses_what_is_not_a_whole_number(wrong: object) -> None:
    with pytest.raises(TypeError):
        draw("{{ v|yuan }}", v=wrong)


def test_status_is_coloured_by_code_never_by_label() -> None:
    shown = draw("{% status code text %}", code="missing", text="可兑付")
    assert "jg-badge-warn" in shown and "可兑付" in shown
    assert "jg-badge-calm" in draw("{% status 'something-new' %}")
    assert look_of("something-new").label == "something-new"


def test_verdicts_that_are_not_no_do_not_look_like_no() -> None:
    tones = {code: LOOKS[code].tone for code in ("pay", "excluded", "missing", "undetermined")}
    assert len(set(tones.values())) == 4


def test_an_unknown_icon_fails_loudly() -> None:
    with pytest.raises(UnknownIcon, match=r"icons\.txt"):
        draw("{% icon 'no-such-icon' %}")


def test_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in draw("{% icon 'plus' %}")
    assert 'role="img" aria-label="新增"' in draw("{% icon 'plus' '新增' %}")


@pytest.mark.parametrize(
    "source",
    [
        "{% detail 'x' v %}",
        "{% details %}{% detail_block v %}{{ v }}{% enddetail_block %}{% enddetails %}",
        "{% status v v %}",
        "{% copy v %}",
        "{% stat v v v note=v %}",
        "{% card v v %}{{ v }}{% endcard %}",
        "{% empty v v %}{{ v }}{% endempty %}",
        "{% error_state v v v %}{{ v }}{% enderror_state %}",
        "{% alert 'bad' v %}{{ v }}{% endalert %}",
        "{% result 'success' v v %}{{ v }}{% endresult %}",
        "{% fold v %}{{ v }}{% endfold %}",
        "{% toolbar v %}{% toolside %}{{ v }}{% endtoolside %}{% endtoolbar %}",
        "{% action v '/' confirm=v %}",
        "{% crumb v %}",
        "{% clause v v v %}",
        "{% file_box v v hint=v %}",
        "{% conflict rows v at %}",
        "{% steps names 1 %}",
        "{% chart 'c' option v v names cells %}",
    ],
)
def test_nothing_typed_breaks_out_of_a_component(source: str) -> None:
    shown = draw(
        source,
        v=HOSTILE,
        at=AT,
        rows=[(HOSTILE, HOSTILE, "")],
        names=[HOSTILE],
        cells=[[HOSTILE, HOSTILE]],
        option={"title": HOSTILE},
    )
    assert "<script>alert" not in shown
    assert HOSTILE not in shown


def test_details_show_a_dash_for_nothing_and_zero_for_zero() -> None:
    shown = draw(
        "{% details columns=2 %}{% detail 'a' none %}{% detail 'b' 0 %}{% enddetails %}", none=None
    )
    assert "<dd>—</dd>" in shown and "<dd>0</dd>" in shown and "jg-detail-2" in shown


def test_timeline_and_steps() -> None:
    entries = [{"at": AT, "who": "李科长", "verb": "转办", "code": "", "note": ""}]
    assert "2025-03-14 15:26" in draw("{% timeline entries %}", entries=entries)
    assert "还没有流转记录" in draw("{% timeline entries %}", entries=[])
    shown = draw("{% steps '上传|核对|入库' 2 %}")
    assert shown.count('aria-current="step"') == 1
    assert 'class="is-done"' in shown and 'class="is-todo"' in shown


@pytest.mark.parametrize(
    ("offset", "tone", "words"),
    [
        (-2, "bad", "逾期 2 天"),
        (0, "warn", "今天到期"),
        (3, "warn", "剩 3 天"),
        (4, "calm", "剩 4 天"),
    ],
)
def test_due_turns_amber_then_red(offset: int, tone: str, words: str) -> None:
    today = dt.date(2025, 3, 14)
    shown = draw("{% due on today %}", on=today + dt.timedelta(days=offset), today=today)
    assert f"jg-badge-{tone}" in shown and words in shown


def job(**more: Any) -> SimpleNamespace:
    """A job as the panel reads it."""
    basic = {"pk": 7, "title": "导入", "status": "running", "get_status_display": "进行中"}
    rest = {"step": "读取", "percent": 40, "is_over": False, "error": "", "hint": "", "url": ""}
    return SimpleNamespace(**{**basic, **rest, **more})


def test_progress_asks_again_only_while_the_job_runs() -> None:
    running = draw("{% progress_panel job '/jobs/7/' %}", job=job())
    assert 'hx-get="/jobs/7/"' in running and 'value="40"' in running
    over = draw("{% progress_panel job '/jobs/7/' %}", job=job(is_over=True, url="/result/"))
    assert "hx-get" not in over and 'href="/result/"' in over


def test_a_failed_job_says_why_and_what_next() -> None:
    failed = job(is_over=True, status="failed", error="缺一列", hint="请补上。")
    shown = draw("{% progress_panel job %}", job=failed)
    assert "缺一列" in shown and "请补上。" in shown


def test_conflict_shows_both_versions_and_marks_the_difference() -> None:
    rows = [("名称", "甲", "甲"), ("投资", "1", "2")]
    shown = draw("{% conflict rows '李科长' at reload='/x/' %}", rows=rows, at=AT)
    assert shown.count("is-different") == 1 and 'name="overwrite"' in shown


def test_fields_carry_label_mark_help_and_error() -> None:
    form = Sample({"kind": "a"})
    form.is_valid()
    shown = draw("{% form_fields form %}", form=form)
    assert '<label for="id_name">名称<span class="jg-required"' in shown
    assert 'id="id_name_helptext"' in shown and 'id="id_name_error"' in shown
    assert 'aria-describedby="id_name_helptext id_name_error"' in shown
    assert "<legend>类别" in shown
    assert 'href="#id_name"' in shown
    assert "helptext" not in draw("{% field form.name help=False %}", form=Sample()).replace(
        'aria-describedby="id_name_helptext"', ""
    )


def test_query_form_folds_unless_a_folded_field_is_in_use() -> None:
    closed = draw("{% query_form form visible=2 %}", form=Sample({"name": "x"}))
    assert "is-open" not in closed and closed.count("jg-query-extra") == 2
    opened = draw("{% query_form form visible=2 %}", form=Sample({"more": "x"}))
    assert "is-open" in opened and 'aria-expanded="true"' in opened
    assert "data-query-fold" not in draw("{% query_form form visible=9 %}", form=Sample())


def test_every_form_gets_its_own_nonce() -> None:
    found = re.findall(r'name="nonce" value="([^"]+)"', draw("{% form_nonce %}{% form_nonce %}"))
    assert len({uuid.UUID(value) for value in found}) == 2


@pytest.mark.parametrize(("may", "shown"), [(True, True), (False, False)])
def test_action_is_hidden_from_people_without_the_capability(may: bool, shown: bool) -> None:
    shell = SimpleNamespace(can=lambda name: may and name == "enterprise.import")
    text = draw("{% action '导入' '/i/' needs='enterprise.import' %}", shell=shell)
    assert ("导入" in text) is shown


def test_action_that_sends_carries_token_nonce_and_question() -> None:
    shown = draw("{% action '删除' '/x/' post=True confirm='要删除吗？' %}", csrf_token="abc")
    assert 'method="post"' in shown and 'value="abc"' in shown
    assert 'name="nonce"' in shown and 'data-confirm="要删除吗？"' in shown


def test_picker_finds_by_pinyin_and_keeps_the_choice() -> None:
    regions = [{"code": "370812", "name": "兖州区", "pinyin": "yanzhouqu", "initials": "yzq"}]
    shown = draw("{% region_picker 'region' regions chosen='370812' %}", regions=regions)
    assert 'data-find="yanzhouqu yzq 370812" selected' in shown


def test_chart_has_a_table_twin_and_words() -> None:
    shown = draw(
        "{% chart 'c1' option '标题' '一句话。' columns rows %}",
        option={"series": []},
        columns=["年度", "万元"],
        rows=[["2024", "1.00"]],
    )
    assert "一句话。" in shown and '<td class="num">1.00</td>' in shown
    assert 'id="c1-option" type="application/json"' in shown


def test_clause_without_a_page_for_documents_is_plain_text() -> None:
    assert "第八条" in draw("{% clause 'demo' '8' '第八条' %}")


@pytest.mark.parametrize(
    "template",
    ["403", "404", "500", "csrf", "lost_session", "maintenance"],
)
def test_error_pages_need_no_database_and_say_what_next(template: str) -> None:
    from django.template.loader import render_to_string

    shown = render_to_string(f"core/errors/{template}.html")
    assert "jg-plain-next" in shown and "<h1>" in shown


def test_problem_page_shows_message_and_hint() -> None:
    from django.template.loader import render_to_string

    problem = SimpleNamespace(message="第 3 行缺信用代码", hint="请补上。")
    for name in ("problem", "part"):
        shown = render_to_string(f"core/errors/{name}.html", {"problem": problem, "status": 422})
        assert problem.message in shown and problem.hint in shown


def test_style_page_draws_every_component() -> None:
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.template.loader import render_to_string

    from jigai.core.views.styleguide import sample_context

    request = RequestFactory().get("/styleguide")
    request.session = {}  # type: ignore[attr-defined]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    shown = render_to_string("core/styleguide.html", sample_context(request), request)
    for css in (
        "jg-table",
        "jg-timeline",
        "jg-steps",
        "jg-result",
        "jg-empty",
        "jg-chart",
        "jg-drop",
    ):
        assert css in shown
