"""Tables of the core room, one aggregate a file."""

from jigai.core.models.access import Assignment, Delegation, Role
from jigai.core.models.department import Department, DepartmentAlias, DepartmentMerger
from jigai.core.models.document import DocumentTemplate, IssuedDocument
from jigai.core.models.enterprise import Enterprise, EnterpriseFigure, EnterpriseName, Institution
from jigai.core.models.evidence import EvidenceFile, EvidenceUse
from jigai.core.models.imports import ImportBatch, ImportChange, ImportIssue, Upload
from jigai.core.models.job import Job
from jigai.core.models.notice import Notice, NoticeChoice
from jigai.core.models.reference import ReferenceInstall
from jigai.core.models.region import Region, RegionGroup, RegionGroupMember
from jigai.core.models.screens import Export, SavedView
from jigai.core.models.sign_in import AccessLog, FormNonce, Handover, SignInLock, SignInLog
from jigai.core.models.user import User
from jigai.core.models.workday import Workday

__all__ = [
    "AccessLog",
    "Assignment",
    "Delegation",
    "Department",
    "DepartmentAlias",
    "DepartmentMerger",
    "DocumentTemplate",
    "Enterprise",
    "EnterpriseFigure",
    "EnterpriseName",
    "EvidenceFile",
    "EvidenceUse",
    "Export",
    "FormNonce",
    "Handover",
    "ImportBatch",
    "ImportChange",
    "ImportIssue",
    "Institution",
    "IssuedDocument",
    "Job",
    "Notice",
    "NoticeChoice",
    "ReferenceInstall",
    "Region",
    "RegionGroup",
    "RegionGroupMember",
    "Role",
    "SavedView",
    "SignInLock",
    "SignInLog",
    "Upload",
    "User",
    "Workday",
]
