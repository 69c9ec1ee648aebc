"""Who may do what where: roles, their assignment with a 数据权限, and delegation when away."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from jigai.core.models.tracking import tracked


@tracked()
class Role(models.Model):
    """A named set of capabilities; the shipped ones come from ``core/data/roles.yaml``."""

    class Side(models.TextChoices):
        BUREAU = "bureau", "主管部门"
        ENTERPRISE = "enterprise", "企业"
        THIRD_PARTY = "third-party", "专家与机构"
        PLATFORM = "platform", "平台"

    code = models.SlugField("标识", max_length=40, unique=True)
    name = models.CharField("名称", max_length=40)
    side = models.CharField("一侧", max_length=20, choices=Side)
    capabilities = ArrayField(models.CharField(max_length=60), verbose_name="权能", default=list)
    description = models.CharField("说明", max_length=200, blank=True)
    # What the release says; where ``capabilities`` differ, somebody changed the role on screen.
    shipped = ArrayField(
        models.CharField(max_length=60), verbose_name="出厂权能", default=list, blank=True
    )

    class Meta:
        verbose_name = "角色"
        verbose_name_plural = "角色"
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name

    @property
    def added(self) -> list[str]:
        """Capabilities given on screen beyond the shipped ones."""
        return [name for name in self.capabilities if name not in self.shipped]

    @property
    def removed(self) -> list[str]:
        """Shipped capabilities taken away on screen."""
        return [name for name in self.shipped if name not in self.capabilities]


@tracked()
class Assignment(models.Model):
    """A person holds a role for a department, an enterprise or an institution, within a scope.

    The five 数据权限: ``self`` own records; ``department`` records of the department's own region;
    ``below`` those of the region and every region below; ``custom`` listed regions and groups;
    ``all``. For an enterprise the scope is always that enterprise.
    """

    class Scope(models.TextChoices):
        SELF = "self", "本人"
        DEPARTMENT = "department", "本部门"
        BELOW = "below", "本部门及以下"
        CUSTOM = "custom", "自定义"
        ALL = "all", "全部"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    role = models.ForeignKey(Role, models.PROTECT, related_name="assignments")
    department = models.ForeignKey(
        "core.Department", models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    enterprise = models.ForeignKey(
        "core.Enterprise", models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    institution = models.ForeignKey(
        "core.Institution", models.CASCADE, null=True, blank=True, related_name="assignments"
    )
    scope = models.CharField("数据权限", max_length=12, choices=Scope, default=Scope.BELOW)
    # Region codes and slugs of region groups.
    custom_regions = ArrayField(
        models.CharField(max_length=40), verbose_name="自定义区划", default=list, blank=True
    )
    programme = models.CharField("限于政策", max_length=60, blank=True)
    is_primary = models.BooleanField("经办人", default=False)
    valid_from = models.DateField("起", null=True, blank=True)
    valid_to = models.DateField("止", null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField("授权时间", auto_now_add=True)

    class Meta:
        verbose_name = "授权"
        verbose_name_plural = "授权"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise"],
                condition=models.Q(is_primary=True, valid_to__isnull=True),
                name="one_primary_handler",
            ),
        ]

    def __str__(self) -> str:
        holder = self.department or self.enterprise or self.institution
        return f"{self.user} {self.role}" + (f"（{holder}）" if holder else "")


@tracked()
class Delegation(models.Model):
    """During an absence another person acts with one's assignments; what is done names both."""

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations_given"
    )
    taker = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="delegations_taken"
    )
    starts = models.DateTimeField("起")
    ends = models.DateTimeField("止")
    reason = models.CharField("事由", max_length=200)
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)

    class Meta:
        verbose_name = "委托"
        verbose_name_plural = "委托"
        ordering = ["-starts", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("starts")), name="delegation_ends_later"
            ),
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("taker")), name="delegation_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.taker}"
