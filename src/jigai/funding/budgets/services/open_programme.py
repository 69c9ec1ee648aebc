"""A new special fund of a year, with its book."""

from __future__ import annotations

from django.db import transaction

from jigai.core.access import Access
from jigai.core.models import User
from jigai.errors import JigaiError
from jigai.funding.budgets.access import MANAGE, require_region
from jigai.funding.budgets.accounts import PROGRAMME_ACCOUNTS
from jigai.funding.models import Programme
from jigai.ledgers.models import Book
from jigai.ledgers.services.open_book import open_book


def open_programme(
    *, region_code: str, year: int, code: str, name: str, by: User, access: Access, pack: str = "",
    clause: str = "", payer: str = "",
) -> Programme:  # fmt: skip
    """The fund with an empty book; money comes in by changes of its budget.

    Raises :class:`Denied` out of reach and :class:`JigaiError` where the region has a fund of this
    number in this year.
    """
    require_region(access, MANAGE, region_code)
    with transaction.atomic():
        same = Programme.objects.filter(region_code=region_code, year=year, code=code.strip())
        if same.exists():
            raise JigaiError(
                "programme-exists", f"{year}年已经有编号“{code}”的专项资金", "打开原有的，或换编号"
            )
        book = open_book(
            code=f"programme:{region_code}:{year}:{code.strip()}", name=name.strip(),
            unit=str(Book.Unit.FEN), region_code=region_code, accounts=PROGRAMME_ACCOUNTS,
        )  # fmt: skip
        made = Programme.objects.create(
            region_code=region_code, year=year, code=code.strip(), name=name.strip(), pack=pack,
            clause=clause.strip(), payer=payer.strip(), book=book, created_by=by,
        )  # fmt: skip
        book.about = f"programme:{made.pk}"
        book.save(update_fields=["about"])
    return made
