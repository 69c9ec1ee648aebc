"""Cases, their steps and the tasks of people."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from jigai.cases.models.procedure import CaseProcedure, ProcedureVersion
from jigai.core.models.search import SearchColumn
from jigai.core.models.tracking import tracked


@tracked(exclude=["search"])
class Case(models.Model):
    """One matter that follows one version of a procedure.

    ``received_on`` is the day everything was handed in, ``accepted_on`` that of acceptance, from
    which the clock runs (``clock_from``). ``due`` is the last working day allowed, ``None`` without
    a limit or while paused; ``amber_from`` the day from which it is close. Both follow from the
    rows of pauses and extensions and are written anew whenever those or the calendar change.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待受理"
        CORRECTION = "correction", "补正中"
        OPEN = "open", "办理中"
        DONE = "done", "已办结"
        REFUSED = "refused", "不予受理"
        WITHDRAWN = "withdrawn", "已撤回"
        VOID = "void", "已作废"
        LAPSED = "lapsed", "已失效"

    class Result(models.TextChoices):
        NONE = "", "—"
        AGREED = "agreed", "准予"
        REFUSED = "refused", "不予"

    number = models.CharField("编号", max_length=40, unique=True)
    procedure = models.ForeignKey(CaseProcedure, models.PROTECT, related_name="cases")
    release = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="cases")
    title = models.CharField("名称", max_length=300)
    region_code = models.CharField("区划代码", max_length=12, blank=True, db_index=True)
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="cases"
    )
    # What the case is about in another room: ``project:12``, ``register-proposal:5``.
    about = models.CharField("事由对象", max_length=80, blank=True, db_index=True)
    # Who applied without an account; shown to handlers only.
    applicant_name = models.CharField("申请人", max_length=100, blank=True)
    applicant_contact = models.CharField("联系方式", max_length=100, blank=True)
    receipt = models.CharField("查询码", max_length=40, blank=True, db_index=True)
    key = models.CharField("幂等键", max_length=80, null=True, unique=True, editable=False)
    values = models.JSONField("内容", default=dict)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT)
    result = models.CharField(
        "结论", max_length=10, choices=Result, blank=True, default=Result.NONE
    )
    submitted_on = models.DateField("提交日期", null=True, blank=True)
    received_on = models.DateField("材料收齐日期", null=True, blank=True)
    accepted_on = models.DateField("受理日期", null=True, blank=True)
    accepted_by_silence = models.BooleanField("逾期未告知视为受理", default=False)
    clock_from = models.DateField("计时起点", null=True, blank=True)
    days = models.IntegerField("总时限（工作日）", default=0)
    due = models.DateField("应办结日期", null=True, blank=True)
    amber_from = models.DateField("临期起日", null=True, blank=True)
    paused = models.BooleanField("计时暂停", default=False)
    provisional = models.BooleanField("日历待定", default=False)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    promised_on = models.DateField("容缺补齐期限", null=True, blank=True)
    words = models.TextField("检索用文字", blank=True)
    version = models.IntegerField("版本", default=1)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField("建立时间", auto_now_add=True)
    search = SearchColumn("title", "words")

    class Meta:
        verbose_name = "办件"
        verbose_name_plural = "办件"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "due", "id"], name="case_by_due"),
            models.Index(fields=["procedure", "-id"], name="case_of_procedure"),
            models.Index(fields=["started_by", "-id"], name="case_of_starter"),
            models.Index(fields=["enterprise", "-id"], name="case_of_enterprise"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_running(self) -> bool:
        """Whether somebody still has something to do."""
        return self.state in (self.State.SUBMITTED, self.State.CORRECTION, self.State.OPEN)


@tracked()
class CaseStep(models.Model):
    """One step of a case in one round: a step gone back to starts anew in the next round."""

    class State(models.TextChoices):
        ACTIVE = "active", "办理中"
        DONE = "done", "已办"
        SKIPPED = "skipped", "不需办理"
        RETURNED = "returned", "已退回"
        CANCELLED = "cancelled", "已终止"

    case = models.ForeignKey(Case, models.CASCADE, related_name="steps")
    code = models.CharField("步骤", max_length=40)
    name = models.CharField("名称", max_length=120)
    place = models.IntegerField("次序")
    round = models.IntegerField("轮次", default=1)
    state = models.CharField("状态", max_length=10, choices=State, default=State.ACTIVE)
    result = models.CharField("结果", max_length=10, blank=True)
    days = models.IntegerField("时限（工作日）", default=0)
    started_on = models.DateField("开始日期")
    due = models.DateField("应办日期", null=True, blank=True)
    amber_from = models.DateField("临期起日", null=True, blank=True)
    done_on = models.DateField("办毕日期", null=True, blank=True)
    reminded = models.IntegerField("已提醒级数", default=0)

    class Meta:
        verbose_name = "办件步骤"
        verbose_name_plural = "办件步骤"
        ordering = ["case", "place", "round", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "code", "round"], name="step_round_once"),
            models.UniqueConstraint(
                fields=["case", "code"],
                condition=models.Q(state="active"),
                name="one_active_round",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due", "id"], condition=models.Q(state="active"), name="step_active_due"
            )
        ]

    def __str__(self) -> str:
        return self.name


@tracked()
class Task(models.Model):
    """What waits for a person, or for anybody of a department until one of them takes it.

    A ``handle`` task decides its step with the others of the step; a ``sign`` task was added
    (加签); a ``copy`` (抄送) is only to be read. A task of a capability is for anybody who holds it
    over ``region_code``, but ``barred``. ``deputy`` may act for ``person`` on this task
    until ``deputy_until``, included.
    """

    class Kind(models.TextChoices):
        HANDLE = "handle", "办理"
        SIGN = "sign", "加签"
        COPY = "copy", "抄送"

    class State(models.TextChoices):
        OPEN = "open", "待办"
        DONE = "done", "已办"
        CANCELLED = "cancelled", "已终止"

    case = models.ForeignKey(Case, models.CASCADE, related_name="tasks")
    step = models.ForeignKey(CaseStep, models.CASCADE, null=True, related_name="tasks")
    kind = models.CharField("类别", max_length=8, choices=Kind, default=Kind.HANDLE)
    department = models.ForeignKey(
        "core.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    enterprise = models.ForeignKey(
        "core.Enterprise", models.PROTECT, null=True, blank=True, related_name="+"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # For anybody who holds it over the region, apart from whoever is barred (双人).
    capability = models.CharField("权能", max_length=60, blank=True)
    region_code = models.CharField("区划代码", max_length=12, blank=True)
    barred = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name="回避",
    )  # fmt: skip
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    deputy_until = models.DateField("委托至", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=State, default=State.OPEN)
    decision = models.CharField("意见", max_length=10, blank=True)
    opinion = models.CharField("意见内容", max_length=2000, blank=True)
    acted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    on_behalf = models.CharField("代谁办理", max_length=100, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    due = models.DateField("应办日期", null=True, blank=True)
    urged = models.IntegerField("催办次数", default=0)
    created_at = models.DateTimeField("生成时间", auto_now_add=True)
    done_at = models.DateTimeField("办毕时间", null=True, blank=True)

    class Meta:
        verbose_name = "待办事项"
        verbose_name_plural = "待办事项"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["department", "due", "id"],
                condition=models.Q(state="open", person__isnull=True),
                name="task_of_department",
            ),
            models.Index(
                fields=["person", "due", "id"],
                condition=models.Q(state="open"),
                name="task_of_person",
            ),
            models.Index(
                fields=["deputy", "due", "id"],
                condition=models.Q(state="open"),
                name="task_of_deputy",
            ),
            models.Index(
                fields=["enterprise", "due", "id"],
                condition=models.Q(state="open"),
                name="task_of_enterprise",
            ),
            models.Index(
                fields=["capability", "due", "id"],
                condition=models.Q(state="open", person__isnull=True) & ~models.Q(capability=""),
                name="task_of_capability",
            ),
            models.Index(fields=["acted_by", "-done_at", "id"], name="task_done_by"),
            # Few tasks are copies, and both are asked for on every look at the inbox.
            models.Index(
                fields=["department", "-id"],
                condition=models.Q(kind="copy", state="open", person__isnull=True),
                name="copy_of_department",
            ),
            models.Index(
                fields=["acted_by", "-id"], condition=models.Q(kind="copy"), name="copy_read_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step or self.get_kind_display()} {self.case_id}"
