"""An exhibition as the pattern of another: its frame and its Parts, without its items.

A copy is a draft without hours, decisions or numbers of its own; what was cleared or
opened stays with what it was decided on.
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from wagtail.models import Page

from core.models import User
from core.models.base import SLUG_MAX_LENGTH, available_slug
from core.vietnamese import slugify
from exhibitions.models import ExhibitionPage, PartPage

OF_ITS_OWN = {"short_title": "", "summary": "", "occasion": None, "declared_figures": ""}
"""What an exhibition says of itself alone, empty in one that follows its pattern."""


def may_clone(user: User, exhibition: ExhibitionPage) -> bool:
    """Whether ``user`` may make an exhibition beside ``exhibition``."""
    parent = exhibition.get_parent().specific
    return bool(parent.permissions_for_user(user).can_add_subpage())


@transaction.atomic
def clone_as_pattern(exhibition: ExhibitionPage, *, title: str, by: User) -> ExhibitionPage:
    """A draft with the frame and the Parts of ``exhibition``. Raises PermissionDenied."""
    if not may_clone(by, exhibition):
        raise PermissionDenied
    parent = exhibition.get_parent().specific
    newest = exhibition.get_latest_revision_as_object()
    slug = available_slug(slugify(title, SLUG_MAX_LENGTH), parent, None)
    made: ExhibitionPage = _copy(newest, parent, by, title=title, slug=slug, **OF_ITS_OWN)
    _copy_parts(exhibition, made, by)
    return ExhibitionPage.objects.get(pk=made.pk)


def _copy_parts(source: Page, target: Page, by: User) -> None:
    for part in PartPage.objects.child_of(source).filter(alias_of=None).order_by("path"):
        newest = part.get_latest_revision_as_object()
        # A narrative places items, and those stay behind.
        copied = _copy(newest, target, by, narrative=[])
        _copy_parts(part, copied, by)


def _copy(page: Page, parent: Page, by: User, **changes: object) -> Page:
    parent = type(parent).objects.get(pk=parent.pk)
    return page.copy(
        to=parent,
        user=by,
        recursive=False,
        copy_revisions=False,
        keep_live=False,
        update_attrs={"live": False, **changes},
        log_action="wagtail.copy",
    )
