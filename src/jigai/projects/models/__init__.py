"""Tables of projects: one aggregate a file."""

from jigai.projects.models.investment import ProjectInvestment
from jigai.projects.models.library import (
    Adjustment,
    AdmissionDecision,
    Level,
    LibraryEntry,
    MainDirection,
    PlanProject,
    RollOver,
    RollOverLine,
)
from jigai.projects.models.monthly import (
    MonthlyLock,
    MonthlyLockRow,
    MonthlyPeriod,
    MonthlyReport,
)
from jigai.projects.models.number import NumberSeries
from jigai.projects.models.project import Project
from jigai.projects.models.published import Bulletin, KeyList, KeyListLine, KeyListVersion
from jigai.projects.models.statistics import (
    FigureRuling,
    InvestmentRelease,
    StatisticsFigure,
    StatisticsInclusion,
)
from jigai.projects.models.step import ProjectMove, ProjectStep
from jigai.projects.models.work import Visit, WorkTask, ZoneDuty

__all__ = [
    "Adjustment",
    "AdmissionDecision",
    "Bulletin",
    "FigureRuling",
    "InvestmentRelease",
    "KeyList",
    "KeyListLine",
    "KeyListVersion",
    "Level",
    "LibraryEntry",
    "MainDirection",
    "MonthlyLock",
    "MonthlyLockRow",
    "MonthlyPeriod",
    "MonthlyReport",
    "NumberSeries",
    "PlanProject",
    "Project",
    "ProjectInvestment",
    "ProjectMove",
    "ProjectStep",
    "RollOver",
    "RollOverLine",
    "StatisticsFigure",
    "StatisticsInclusion",
    "Visit",
    "WorkTask",
    "ZoneDuty",
]
