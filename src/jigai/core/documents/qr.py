"""The square code on a paper: it holds the address of its check page and nothing else."""

from __future__ import annotations

import io

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

# Recovers 15 % of the square, enough for a stamp's edge or a fold.
_ERROR = "m"


def check_address(code: str) -> str:
    """Where a paper is checked; without a site of its own the path alone."""
    return f"{settings.SITE_URL}{reverse('document-check', args=[code])}"


def check_hint() -> str:
    """One sentence on the paper: how to check it."""
    where = f"{settings.SITE_URL}{reverse('document-check-form')}" if settings.SITE_URL else "平台"
    return f"扫描二维码，或在{where}输入查验码，可核对本文书的真伪。"


def qr_png(text: str) -> bytes:
    """The square as a PNG picture, eight dots a module."""
    out = io.BytesIO()
    segno.make(text, error=_ERROR, micro=False).save(out, kind="png", scale=8, border=2)
    return out.getvalue()


def qr_svg(text: str) -> SafeString:
    """The square as an ``<svg>`` to put into a page; its size comes from the style sheet."""
    drawn = segno.make(text, error=_ERROR, micro=False).svg_inline(
        border=2, omitsize=True, svgclass="jg-letter-square", lineclass=None, title="查验二维码"
    )
    # Drawn from a matrix of bits: no text of the paper is in it.
    return mark_safe(drawn)
