"""The settings of service with the nets under them; what they catch goes into a file."""

from __future__ import annotations

from django.db.backends.signals import connection_created

from jigai.config.settings import *  # noqa: F403
from jigai.config.settings import MIDDLEWARE, TEMPLATES
from tests.nets.queries import watch
from tests.nets.undefined import Undefined

MIDDLEWARE.insert(0, "tests.nets.middleware.NetsMiddleware")
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = Undefined()  # type: ignore[index]
connection_created.connect(watch, dispatch_uid="nets")
