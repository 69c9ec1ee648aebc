"""Words for the codes of the ledger."""

from __future__ import annotations

NATURES = {
    "new": "新建",
    "expansion": "扩建",
    "retrofit": "改建和技术改造",
    "relocation": "迁建",
    "restoration": "恢复",
    "purchase": "单纯购置",
}
MATCHES = {
    "uscc": "按信用代码",
    "name": "按名称",
    "former_name": "按曾用名",
    "name_fuzzy": "按近似名称，请确认",
}
# Precision of a date of the ledger.
PRECISIONS = {"year": "只填到年", "month": "只填到月", "quarter": "只填到季", "half": "只填到半年"}
CELLS = {
    "total": "总投资",
    "fixed": "固定资产投资",
    "equipment": "设备投资",
    "robot": "机器人投资",
    "software": "软件投资",
    "hardware": "信息化硬件投资",
    "start": "开工",
    "end": "竣工",
}
