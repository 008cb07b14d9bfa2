"""What the admin's screens about one exhibition share: finding it, who comes, the way there."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.pages.utils import get_breadcrumbs_items_for_page

from core.confinement import title_as_read
from core.models import User
from exhibitions.admin.clearance import may_look, signed_in
from exhibitions.models import ExhibitionPage

READ_BY: Final = frozenset({"add", "change"})
"""Rights with which one reads the title without another look at the tree."""


class ExhibitionScreen(WagtailAdminTemplateMixin, TemplateView):
    """A screen about one exhibition."""

    exhibition: ExhibitionPage
    user: User

    def find(self, **kwargs: Any) -> ExhibitionPage:
        """The exhibition the address is about: the one with that page number."""
        found: ExhibitionPage = get_object_or_404(ExhibitionPage, pk=kwargs["exhibition_id"])
        return found

    def may_come(self) -> bool:
        """Whether the person may look here: who works on the exhibition may."""
        return may_look(self.user, self.exhibition)

    def own_url(self) -> str:
        """The address of the screen, for the last step of the way to it."""
        return ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the exhibition; those who have no part in it are sent away."""
        self.user = signed_in(request)
        self.exhibition = self.find(**kwargs)
        if not self.may_come():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_page_subtitle(self) -> str:
        """The exhibition's title, for those who may read it."""
        return self._title

    @cached_property
    def _title(self) -> str:
        title = str(self.exhibition.get_admin_display_title())
        tester = self.exhibition.permissions_for_user(self.user)
        if self.user.is_superuser or tester.permissions & READ_BY:
            return title
        return title_as_read(self.exhibition.pk, title)

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        """The way through the tree, and this screen."""
        here = {"url": self.own_url(), "label": str(self.page_title)}
        return [*get_breadcrumbs_items_for_page(self.exhibition, self.user), here]
