"""Who may act on a document of a region, and who is told."""

from __future__ import annotations

from jigai.core.access import Access, access_of
from jigai.core.access.duties import in_force
from jigai.core.access.grants import Grant, expanded
from jigai.core.access.scoping import Scope, region_prefix
from jigai.core.models import Assignment, User


def reaches(
    access: Access, capability: str, region_code: str, *, slug: str = "", without: str = ""
) -> bool:
    """Whether a grant of the capability covers a region, or every region of a group.

    Documents without region are for those who reach everywhere. ``without`` names a person whose
    delegated rights do not count, ``slug`` the document for grants limited to one.
    """
    codes = expanded([region_code])
    return any(
        _covers(grant, codes)
        for grant in access.granting(capability)
        if not (without and grant.on_behalf == without) and grant.programme in ("", slug)
    )


def _covers(grant: Grant, codes: tuple[str, ...]) -> bool:
    if grant.enterprise_id is not None or grant.institution_id is not None:
        return False
    if grant.scope == Scope.ALL:
        return True
    if grant.scope == Scope.DEPARTMENT:
        return bool(codes) and set(codes) <= set(grant.regions)
    if grant.scope in (Scope.BELOW, Scope.CUSTOM):
        prefixes = tuple(region_prefix(own) for own in grant.regions if len(own) > 1)
        return bool(codes) and all(code.startswith(prefixes) for code in codes)
    return False


def people_with(capability: str, region_code: str, slug: str = "") -> list[User]:
    """Active accounts with a duty of their own that gives the capability over a region."""
    held = Assignment.objects.filter(in_force(), role__capabilities__contains=[capability])
    users = User.objects.filter(is_active=True, pk__in=held.values("user")).order_by("id")
    return [user for user in users if reaches(access_of(user), capability, region_code, slug=slug)]
