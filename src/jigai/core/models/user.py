"""People who sign in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower

from jigai.core.models.tracking import tracked


class UserManager(BaseUserManager["User"]):
    """Makes accounts; names are compared without case."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> User:
        """An account with a hashed password; without one it cannot sign in by password."""
        user = self.model(username=username.strip(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """The account with this user name, in any case."""
        return self.get(username__iexact=username or "")


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """One person's account; what it may do comes from assignments, never from flags here."""

    username = models.CharField("用户名", max_length=64)
    name = models.CharField("姓名", max_length=64)
    mobile = models.CharField("手机号", max_length=20, blank=True)
    email = models.EmailField("电子邮箱", blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("下次登录须改密码", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    created_by = models.ForeignKey(
        "self", models.SET_NULL, verbose_name="建立人", null=True, blank=True, related_name="+"
    )
    password_changed_at = models.DateTimeField("密码修改时间", null=True, blank=True)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = "用户"
        verbose_name_plural = "用户"
        ordering = ["username"]
        constraints = [
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
            models.UniqueConstraint(
                fields=["mobile"], condition=~models.Q(mobile=""), name="user_mobile_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The person's name."""
        return str(self)
