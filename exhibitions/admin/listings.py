"""The lists an editor works in: exhibitions, the Parts of one, the items of a Part."""

from __future__ import annotations

from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import RadioSelect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, DateColumn
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.views.pages.usage import ContentTypeUseView
from wagtail.models import Page, PagePermissionTester

from core.viewsets import FoldedListingMixin
from exhibitions.admin.facts import describe
from exhibitions.models import ClearanceState, ItemKind, ItemPage
from exhibitions.querysets import cleared

CLEARANCE_CHOICES = (("cleared", _("Cleared")), ("not_cleared", _("Not cleared")))


class ThumbnailColumn(BaseColumn):
    """The first picture, or the cover."""

    cell_template_name = "exhibitions/admin/cells/thumbnail.html"


class ClearanceColumn(BaseColumn):
    """Whether an item is cleared, with the way to decide it; of a Part, how many are."""

    cell_template_name = "exhibitions/admin/cells/clearance.html"

    def get_cell_context_data(self, instance: Page, parent_context: Any) -> dict[str, Any]:
        """Add where to return to after deciding."""
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["next_url"] = parent_context.get("actions_next_url", "")
        return context


class PublicColumn(BaseColumn):
    """Whether the public sees the page at this moment."""

    cell_template_name = "exhibitions/admin/cells/public.html"


class OpeningColumn(BaseColumn):
    """The opening state of an exhibition, with the way to change it."""

    cell_template_name = "exhibitions/admin/cells/opening.html"


class ApprovalColumn(BaseColumn):
    """Where an exhibition stands with its approval, with the way to decide on it."""

    cell_template_name = "exhibitions/admin/cells/approval.html"


THUMBNAIL = ThumbnailColumn("thumbnail", label=_("Picture"), width="6rem")
TITLE = PageTitleColumn("title", label=_("Title"), sort_key="title", classname="title")
STATUS = PageStatusColumn("status", label=_("Status"), sort_key="live")
UPDATED = DateColumn(
    "latest_revision_created_at", label=_("Updated"), sort_key="latest_revision_created_at"
)
PUBLIC = PublicColumn("public", label=_("Public now?"))
CLEARANCE = ClearanceColumn("clearance", label=_("Publication"))
ITEMS = Column("items", label=_("Items"), accessor=lambda page: _counted(page, "items"))
CLEARED = Column("cleared", label=_("Cleared"), accessor=lambda page: _counted(page, "cleared"))


def _counted(page: Page, what: str) -> int | None:
    """A number below ``page``, or None for a page that holds no items."""
    count = page.facts.count
    return getattr(count, what) if count else None


class ListedPermissions(PagePermissionTester):
    """What a row's buttons may offer, without a query for each row.

    For a user who may edit but not publish, Wagtail asks the database twice a row
    whether anything published lies below; a page without children knows by itself.
    Only buttons depend on this: the screens they lead to ask Wagtail's own rules.
    """

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        """Whether the page may be deleted, or moved, by Wagtail's rules."""
        page, user = self.page, self.user
        if page.numchild or user.is_superuser or not user.is_active:
            return bool(super().can_delete(ignore_bulk))
        settled = "publish" in self.permissions or not page.live
        if "change" in self.permissions:
            return settled
        return "add" in self.permissions and settled and page.owner_id == user.pk


class DescribedListingMixin(FoldedListingMixin):
    """A list of pages whose rows carry :class:`exhibitions.admin.facts.Facts`."""

    def get_table(self, object_list: Any) -> Any:
        """Describe the pages of this screenful together, then lay them out."""
        pages = list(object_list)
        describe(pages)
        for page in pages:
            page.permissions_for_user = partial(ListedPermissions, page=page)
        return super().get_table(object_list)  # type: ignore[misc]


class ItemsFilterSet(WagtailFilterSet):
    """Which of a Part's items to show."""

    clearance = django_filters.ChoiceFilter(
        label=_("Publication"),
        choices=CLEARANCE_CHOICES,
        empty_label=_("All"),
        method="by_clearance",
        widget=RadioSelect,
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"),
        choices=ItemKind.choices,
        empty_label=_("All"),
        method="by_kind",
        widget=RadioSelect,
    )

    class Meta:
        model = Page
        fields: list[str] = []

    def by_clearance(self, pages: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        """Only items that are cleared, or only items that are not."""
        wanted = cleared(ItemPage.objects.all()).values("pk")
        if value == ClearanceState.CLEARED:
            return pages.filter(pk__in=wanted)
        return pages.filter(pk__in=ItemPage.objects.values("pk")).exclude(pk__in=wanted)

    def by_kind(self, pages: QuerySet[Page], name: str, value: str) -> QuerySet[Page]:
        """Only items of one kind."""
        return pages.filter(pk__in=ItemPage.objects.filter(kind=value).values("pk"))


class TreeOrderMixin:
    """Pages as they hang, not as they were last edited."""

    default_ordering = "path"


class ItemsView(DescribedListingMixin, TreeOrderMixin, ExplorableIndexView):
    """What hangs in a Part: sections and items, in the order of the tree."""

    base_columns = [
        BulkActionsColumn("bulk_actions"),
        THUMBNAIL,
        TITLE,
        Column("reference", label=_("Reference"), accessor="facts.reference"),
        Column("kind", label=_("Kind"), accessor="facts.kind", classname="cell-nowrap"),
        Column("date", label=_("Date"), accessor="facts.date"),
        Column("source", label=_("Source"), accessor="facts.source"),
        CLEARANCE,
        STATUS,
        PUBLIC,
    ]


class PartsView(DescribedListingMixin, TreeOrderMixin, ExplorableIndexView):
    """The Parts of an exhibition, in order."""

    base_columns = [
        BulkActionsColumn("bulk_actions"),
        TITLE,
        ITEMS,
        CLEARED,
        UPDATED,
        STATUS,
        PUBLIC,
    ]


class ExhibitionsView(DescribedListingMixin, IndexView):
    """Every exhibition, the last one worked on first."""

    base_columns = [
        THUMBNAIL,
        TITLE,
        ApprovalColumn("approval", label=_("Approval")),
        OpeningColumn("opening", label=_("Opening")),
        ITEMS,
        CLEARED,
        UPDATED,
        STATUS,
    ]


class ChildExhibitionsView(DescribedListingMixin, ExplorableIndexView):
    """The exhibitions below their list, in the explorer."""

    base_columns = [BulkActionsColumn("bulk_actions"), *ExhibitionsView.base_columns]


class UseView(DescribedListingMixin, ContentTypeUseView):
    """All pages of one of our types, as Wagtail's reports link to them."""
