"""Page assets under names that carry a hash, so that browsers may keep them for good."""

from __future__ import annotations

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import (  # type: ignore[import-untyped]
    CompressedManifestStaticFilesStorage,
)


class PageAssets(CompressedManifestStaticFilesStorage):
    """Also rewrites ``import … from "./x.js"`` of our own modules, so that none is ever an old one.

    Modules of libraries are left alone: some import files they do not bring.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        "core/js/*.js",
        HashedFilesMixin._js_module_import_aggregation_patterns[1],
    )
