"""The living style page: every component in its states, on made-up rows."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from jigai.core.access import requires
from jigai.core.screens.icons import icon_bodies
from jigai.core.screens.status import LOOKS

AT = dt.datetime(2025, 3, 14, 15, 26, tzinfo=dt.UTC)
TOWNS = (
    ("320000", "江苏省", "jiangsusheng", "jss"),
    ("320500", "苏州市", "suzhoushi", "szs"),
    ("330100", "杭州市", "hangzhoushi", "hzs"),
    ("370812", "兖州区", "yanzhouqu", "yzq"),
    ("500000", "重庆市", "chongqingshi", "cqs"),
)


class SampleQuery(forms.Form):
    """The query form of the page."""

    name = forms.CharField(label="企业名称", required=False)
    code = forms.CharField(label="信用代码", required=False)
    state = forms.ChoiceField(
        label="结果",
        required=False,
        choices=[("", "全部"), ("pay", "可兑付"), ("missing", "缺数据")],
    )
    year = forms.ChoiceField(label="年度", required=False, choices=[("", "全部"), ("2024", "2024")])
    industry = forms.CharField(label="行业", required=False)


class SampleForm(forms.Form):
    """A form with every kind of field, in error where it was sent."""

    name = forms.CharField(label="项目名称", max_length=100, help_text="与备案证上的名称一致。")
    amount = forms.CharField(label="设备投资（元）", help_text="不含税，精确到分。")
    nature = forms.ChoiceField(
        label="建设性质", choices=[("", "请选择"), ("new", "新建"), ("rebuild", "改建和技术改造")]
    )
    started = forms.DateField(label="开工日期", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(
        label="改造方向",
        choices=[("smart", "智能化"), ("green", "绿色化"), ("safe", "本质安全")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="说明", required=False, widget=forms.Textarea(attrs={"rows": 3, "class": "is-wide"})
    )
    agreed = forms.BooleanField(label="已核对以上内容")


@requires("styleguide.view")
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component of the house."""
    messages.success(request, "已保存。这是一条成功消息。")
    messages.warning(request, "有 3 行需要核对。这是一条提醒。")
    return render(request, "core/styleguide.html", sample_context(request))


def sample_context(request: HttpRequest) -> dict[str, Any]:
    """The made-up content of the page."""
    sent = {"name": "", "amount": "12,000,000.0O", "nature": "", "kind": "smart"}
    wrong = SampleForm({f"wrong-{key}": value for key, value in sent.items()}, prefix="wrong")
    wrong.add_error("amount", "“12,000,000.0O”里有字母 O，应是数字 0。")
    return {
        "query": SampleQuery(request.GET or None, auto_id="q_%s"),
        "form": SampleForm(),
        "wrong": wrong,
        "codes": LOOKS,
        "icons": sorted(icon_bodies()),
        "regions": [
            {"code": code, "name": name, "pinyin": pinyin, "initials": initials}
            for code, name, pinyin, initials in TOWNS
        ],
        "rows": sample_rows(),
        "total": 3_702_345_678,
        "fen": 1_234_567_89,
        "none": None,
        "area": 6_666_667,
        "date": AT.date(),
        "at": AT,
        "today": dt.date(2025, 3, 12),
        "timeline": sample_timeline(),
        "running": sample_job("running", 62, "正在核对第 31,000 / 50,000 行"),
        "failed": sample_job(
            "failed",
            40,
            "",
            error="第 3 张表没有“统一社会信用代码”一列",
            hint="请补上这一列，或在导入设置里指定对应的列，再重新上传。",
        ),
        "done": sample_job("done", 100, "50,000 行全部入库", url="/"),
        "conflict": [
            ("项目名称", "高端装备智能工厂改造", "高端装备智能工厂改造"),
            ("设备投资（元）", "12,000,000.00", "11,800,000.00"),
            ("开工日期", "2024-03-05", "2024-04-01"),
        ],
        **sample_chart(),
    }


def sample_rows() -> list[dict[str, Any]]:
    """Rows of the table."""
    names = (
        ("示范精密机械有限公司", "pay", 120_000_000, None),
        ("样例新材料股份有限公司", "below", 0, "还差 80.00 万元"),
        ("演示纺织科技有限公司", "missing", None, "缺“设备发票”"),
        ("例举化工有限公司", "excluded", 0, "列入严重失信名单"),
        ("试用电子元件有限公司", "undetermined", None, "文件未定比例"),
        ("假设食品机械制造有限公司", "pay", 3_582_345_678, None),
    )
    return [
        {
            "code": f"91370812MA3{number:05d}{number}X",
            "name": name,
            "state": state,
            "fen": fen,
            "reason": reason,
            "open": state == "undetermined",
            "region": "兖州区",
            "industry": "C3429 其他金属加工机械制造",
            "area": 3_333_333 * number,
            "at": AT + dt.timedelta(days=number),
        }
        for number, (name, state, fen, reason) in enumerate(names, start=1)
    ]


def sample_timeline() -> list[dict[str, Any]]:
    """Entries of the 流转记录, newest first."""
    return [
        {
            "at": AT,
            "who": "财政局 周会计",
            "verb": "确认",
            "code": "confirmed",
            "note": "未重复享受。",
        },
        {"at": AT - dt.timedelta(days=1), "who": "工信局 李科长", "verb": "转办", "note": ""},
        {
            "at": AT - dt.timedelta(days=2),
            "who": "示范精密机械 王经办",
            "verb": "提交申报",
            "note": "",
        },
    ]


def sample_job(status: str, percent: int, step: str, **more: str) -> SimpleNamespace:
    """A job in one state."""
    return SimpleNamespace(
        pk=f"sample-{status}",
        title="导入 2024 年企业名录",
        status=status,
        get_status_display=LOOKS[status].label,
        step=step,
        percent=percent,
        is_over=status != "running",
        error=more.get("error", ""),
        hint=more.get("hint", ""),
        url=more.get("url", ""),
    )


def sample_chart() -> dict[str, Any]:
    """A bar chart and its table."""
    years, wan = ["2021", "2022", "2023", "2024"], [1820.5, 2460.0, 3310.25, 3702.35]
    return {
        "chart_option": {
            "jgFormat": "wan",
            "xAxis": {"type": "category", "data": years},
            "yAxis": {"type": "value", "name": "万元"},
            "series": [{"type": "bar", "name": "兑付金额", "barMaxWidth": 42, "data": wan}],
        },
        "chart_columns": ["年度", "兑付金额（万元）"],
        "chart_rows": [[year, f"{value:,.2f}"] for year, value in zip(years, wan, strict=True)],
    }
