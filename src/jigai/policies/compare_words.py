"""Chinese names of the keys of a pack, for people who compare versions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LABELS = {
    "id": "标识", "name": "名称", "title": "标题", "number": "编号", "issuer": "发文机关",
    "region": "地区", "code": "代码", "level": "级别", "issued": "成文日期",
    "effective_from": "施行日期", "effective_to": "有效期止", "status": "状态",
    "extends": "引用", "overlays": "叠加于", "supersedes": "替代", "upstream": "上位文件",
    "interpreter": "解释机关", "source_file": "原文文件", "notes": "说明", "prefix": "数值前缀",
    "heading": "标题", "anchor": "原文记号", "summary": "要点", "kind": "类型",
    "declaratory": "宣示性", "pending": "待后续事项", "facts": "所用数值", "clause": "条款",
    "clauses": "其他条款", "what": "含义", "value": "值", "unit": "单位", "comparator": "比较",
    "role": "作用", "token": "原文写法", "term": "词", "per": "每", "scope": "范围",
    "note": "说明", "period_from": "期间起", "period_to": "期间止", "waived": "未用原因",
    "values": "取值", "formula": "公式", "decides": "由谁确定", "from": "起", "to": "止",
    "reference": "依据", "approver": "批准", "subject": "对象", "type": "类型",
    "options": "选项", "minimum": "最小", "maximum": "最大", "definition": "定义",
    "source": "来源", "if_absent": "没有时按", "via": "经由", "through": "取自",
    "outcome_of": "结果来自", "where": "条件", "aggregate": "汇总", "on_bad_line": "坏行处理",
    "reading": "读法", "issue": "歧义编号", "question": "问题", "default": "默认",
    "chosen_by": "由谁选定", "since": "起日", "word": "叫法", "means": "含义",
    "register": "取自名录", "match": "按谁比对", "present": "在册", "field": "字段", "on": "日期取",
    "reason": "不符合代码", "missing": "缺数据代码",
    "manual": "由人确认", "duty": "由谁确认",
    "evidence": "证明材料", "computable": "可计算",
    "checks": "核对", "then": "接着办", "compare": "怎样比", "holds": "须满足",
    "instrument": "方式", "gates": "资格门",
    "member_gates": "成员资格门", "when": "起点", "amount": "金额", "rounding": "取整",
    "caps": "上限", "deduct": "扣减", "split": "分配", "payers": "承担方",
    "instalments": "分期", "exclusive": "不可兼得", "charge": "收取", "payer": "支付方",
    "status_note": "状态说明", "counter": "计数",
    "systems": "系统", "inferred": "文件未写明", "measures": "措施", "by": "按",
    "counts": "计入条件", "paid": "支付条件", "method": "方法", "top": "前几名",
    "shortage": "不足时", "ranking": "排序", "quota": "名额", "group": "分组",
    "measure_choice": "措施的选取", "project_choice": "项目的选取", "exception": "例外",
    "combine": "合并", "combined": "合并的措施", "date": "日期", "share": "份额",
    "growth": "口径", "better": "方向", "baseline": "基期", "year": "年份", "holder": "责任方",
    "levels": "级别", "count": "数量", "count_per": "数量口径", "count_by": "数量期限",
    "criteria": "条件", "standard": "标准", "process": "程序", "validity": "有效期",
    "grants": "待遇", "fields": "领域", "admission": "入列条件", "purpose": "用途",
    "keeper": "管理方", "cadence": "周期", "cadence_text": "周期原文", "content": "内容",
    "members": "各成员", "public": "公开", "modes": "方式", "applies_to": "适用于",
    "conditions": "条件", "effect": "效果", "limit": "时限", "lead": "牵头", "support": "配合",
    "lead_unnamed": "未写牵头", "support_text": "配合原文", "regions": "地区", "due": "期限",
    "who": "谁", "threshold": "界限", "coverage": "覆盖", "due_text": "期限原文",
    "parties": "双方", "measure": "措施", "profile": "底稿", "given": "依底稿",
    "as_of": "取值日期", "deadline": "截止", "readings": "读法", "enterprise": "企业",
    "project": "项目", "projects": "各项目", "line": "发票行", "lines": "各发票行",
    "consortium": "共同体", "member": "成员", "expect": "应得", "award": "奖项",
    "columns": "字段", "admits": "入列公式", "applies": "适用公式", "met": "完成公式",
    "dues": "分情形的期限", "target": "目标", "obligation": "义务", "series": "逐年的数",
    "row": "一行", "boundary": "边界例",
    "awards": "各奖项", "loan": "贷款", "loans": "各贷款", "parcel": "地块", "parcels": "各地块",
}  # fmt: skip
# What an example must give; some words mean another thing elsewhere.
EXPECTED = {
    "verdict": "结论", "amount": "金额", "low": "下限", "high": "上限", "reasons": "原因",
    "gap": "差额", "measure": "措施", "status": "政策状态", "simulated": "仅模拟",
    "missing": "缺什么", "unverified": "未核实", "uncounted": "未计入的行", "removed": "去掉的行",
    "shares": "各自分得", "payers": "承担方", "instalments": "分期", "selected": "入选",
    "paid": "拟补助", "granted": "给予", "attained": "目标结论", "value": "达到的数",
    "limit": "要达到的数", "failed_years": "没有达到的年份", "trend": "走向",
    "others": "其他目标", "due": "期限", "admitted": "够条件", "undetermined": "未定参数",
}  # fmt: skip
_FLAGS = {True: "是", False: "否"}


def label_of(key: str) -> str:
    """The Chinese name of a key; the key itself where it has none."""
    return LABELS.get(key, key)


def words_of(value: Any) -> str:
    """A value of any shape as people read it; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _FLAGS[value]
    if isinstance(value, Mapping):
        return "；".join(f"{label_of(str(k))}：{words_of(v)}" for k, v in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        nested = any(isinstance(item, Mapping) for item in value)
        return ("\n" if nested else "、").join(words_of(item) for item in value)
    return str(value)
