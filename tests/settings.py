"""The platform's settings on the database of the test run."""

from __future__ import annotations

import os

from tests import template_database
from tests.postgres_server import claim_environment

claim_environment()

from jigai.config.settings import *  # noqa: E402,F403
from jigai.config.settings import DATABASES, STORAGES  # noqa: E402

# One connection a thread, closed with it: a pool would outlive the databases of single tests.
del DATABASES["default"]["OPTIONS"]["pool"]
if not os.environ.get("JIGAI_TEST_DATABASE_URL"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": template_database.NAME}
# The real one is slow on purpose.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest is there only after collectstatic.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
