"""Django settings. What a deployer may change comes from ``jigai.config.environment``."""

from __future__ import annotations

from pathlib import Path

from jigai.config import environment
from jigai.config.embedded import address as embedded_address

PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR = environment.data_dir()
SECRET_KEY = environment.secret_key()
DEBUG = environment.flag("JIGAI_DEBUG")
ALLOWED_HOSTS = environment.listed("JIGAI_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.listed("JIGAI_ORIGINS")
# True behind a proxy that speaks TLS; cookies then travel over HTTPS only.
HTTPS = environment.flag("JIGAI_HTTPS")
# Where people outside reach the platform; printed on papers for their check page.
SITE_URL = environment.web_address("JIGAI_SITE_URL")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    # Before allauth, so that our templates win over its own.
    "jigai.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_htmx",
    "django_tables2",
    "django_filters",
    "jigai.policies",
    "jigai.ledgers",
    "jigai.registers",
    "jigai.cases",
    "jigai.projects",
    "jigai.outreach",
    "jigai.funding",
    "jigai.workbench",
    "jigai.portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jigai.core.middleware.request_id.RequestIdMiddleware",
    "jigai.core.middleware.headers.HeadersMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "jigai.core.middleware.session_rules.SessionRulesMiddleware",
    "jigai.core.middleware.access.AccessMiddleware",
    "jigai.core.middleware.audit.AuditMiddleware",
    "jigai.core.middleware.errors.ErrorsMiddleware",
]

ROOT_URLCONF = "jigai.config.urls"
WSGI_APPLICATION = "jigai.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jigai.core.screens.context.shell",
            ],
            "builtins": ["jigai.core.templatetags.house"],
        },
    }
]

DATABASES = {
    "default": {
        **environment.database(environment.text("DATABASE_URL") or embedded_address()),
        # A pool keeps connections open across requests; a broken one is replaced on check-out.
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}
DATABASES["default"]["OPTIONS"]["pool"] = {
    "min_size": 1,
    "max_size": environment.number("JIGAI_POOL", 12),
    "timeout": 20,
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"

SESSION_COOKIE_AGE = environment.number("JIGAI_SESSION_SECONDS", 8 * 3600)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "jigai.core.views.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
# Asked from the machine itself, past the proxy.
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "jigai.core.screens.storage.PageAssets"},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

EMAIL_BACKEND = environment.text(
    "JIGAI_EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"
)
DEFAULT_FROM_EMAIL = environment.text("JIGAI_EMAIL_FROM", "jigai@localhost")

# Largest evidence file in bytes, and the command that scans one (``clamdscan --no-summary``).
EVIDENCE_MAX_BYTES = environment.number("JIGAI_EVIDENCE_MAX_MB", 50) * 1024 * 1024
VIRUS_SCAN = environment.text("JIGAI_VIRUS_SCAN")

DJANGO_TABLES2_TEMPLATE = "core/list/table.html"
PGHISTORY_APPEND_ONLY = True
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
LOGGING_CONFIG = "jigai.config.logs.from_django"
# Not empty: Django asks for no set-up of an empty one.
LOGGING: dict[str, object] = {"version": 1}
# User names are unique whatever their case, by a constraint on lower(username).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]

from jigai.config.sign_in_settings import *  # noqa: E402,F403
