"""Moving items into another exhibition without two of one reference standing in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page

from exhibitions.models import EXHIBITION_DEPTH, ItemPage
from exhibitions.querysets import descendants_of


def clashing_references(moved: Iterable[Page], destination: Page) -> list[str]:
    """The references that two items of an exhibition would have once ``moved`` are moved there.

    Aliases have the reference of their source and are not counted.
    """
    if destination.depth < EXHIBITION_DEPTH:
        return []
    hall = Q(path__startswith=destination.path[: Page.steplen * EXHIBITION_DEPTH])
    branches = descendants_of([page.path for page in moved])
    items = ItemPage.objects.filter(alias_of=None).exclude(reference="")
    moving = set(items.filter(branches).values_list("reference", flat=True))
    count = Counter(items.filter(hall | branches).values_list("reference", flat=True))
    return sorted(reference for reference in moving if count[reference] > 1)


def refuse_clash(request: HttpRequest, moved: list[Page], destination: Page) -> HttpResponse | None:
    """Say which references stand in the way and lead back; None when none does."""
    clashing = clashing_references(moved, destination)
    if not clashing:
        return None
    messages.error(
        request,
        _(
            "Not moved: two items of the exhibition would have the same reference "
            "(%(references)s). Change the reference of one of them first."
        )
        % {"references": ", ".join(clashing)},
    )
    return redirect("wagtailadmin_explore", moved[0].get_parent().pk)
