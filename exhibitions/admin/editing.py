"""Where an item or exhibition stands, shown while it is being edited."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel, ChecksSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import Page

from core.confinement import is_confined, pages_seen_by
from exhibitions.admin.approval import approval_url
from exhibitions.admin.clearance import clearance_url
from exhibitions.admin.opening import opening_url
from exhibitions.clearance import current_state
from exhibitions.models import ClearanceState, ItemPage
from exhibitions.readiness import Readiness, Weight, readiness_of, readiness_of_item
from exhibitions.visibility import Reason, reasons_hidden, state_of


class ClearanceSidePanel(BaseSidePanel):
    """Whether the public sees the item, and if not, everything that keeps it away."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        """The button that opens the panel, with the number of reasons."""

        aria_label = _("Toggle publication")
        icon_name = "key"
        counter_classname = "w-bg-critical-200"

        def get_context_data(self, parent_context: Any) -> dict[str, Any]:
            """Count the reasons."""
            context: dict[str, Any] = super().get_context_data(parent_context)
            context["count"] = len(self.panel.reasons)
            return context

    name = "publication"
    title = _("Publication")
    template_name = "exhibitions/admin/clearance_panel.html"
    order = 150

    @cached_property
    def reasons(self) -> list[Reason]:
        """What keeps the item, as it is published, from the public.

        Titles of pages above it are for those who see these.
        """
        item, reader = ItemPage.objects.get(pk=self.object.pk), self.request.user
        reasons = reasons_hidden(item)
        if not is_confined(reader):
            return reasons
        seen = Page.objects.ancestor_of(item).filter(pk__in=pages_seen_by(reader).values("pk"))
        named = {gettext("“%(title)s” is not published.") % {"title": page.title} for page in seen}
        above = Reason("ancestor_draft", gettext("What it stands in is not published."))
        told = [
            above if each.code == above.code and each.text not in named else each
            for each in reasons
        ]
        return list(dict.fromkeys(told))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The state, the reasons and the way to the decision."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        context.update(
            is_cleared=current_state(self.object) is ClearanceState.CLEARED,
            reasons=self.reasons,
            clearance_url=clearance_url(self.object),
        )
        return context


HEADINGS = {
    Weight.BLOCKS: _("Stands in the way"),
    Weight.HIDES: _("Stays hidden"),
    Weight.ADVISED: _("Advised"),
}


class ReadinessPanel(ChecksSidePanel):
    """Wagtail's panel of checks, with what is missing for approval above Wagtail's own.

    Judged is the newest version that was saved, not what is being typed. Wagtail's script
    keeps its own number at the button; what stands in the way is shown beside that.
    """

    class SidePanelToggle(ChecksSidePanel.SidePanelToggle):
        """The button that opens the panel, with the number of things that stand in the way."""

        template_name = "exhibitions/admin/checks_toggle.html"

        @property
        def aria_label(self) -> str:
            """What the button does, and how many things stand in the way."""
            said = str(super().aria_label)
            count = self.panel.readiness.obstacles
            if not count:
                return said
            in_the_way = ngettext(
                "%(count)d thing stands in the way of submission",
                "%(count)d things stand in the way of submission",
                count,
            )
            return f"{said}: {in_the_way % {'count': count}}"

    @cached_property
    def readiness(self) -> Readiness:
        """What is missing of the pages the panel is about."""
        raise NotImplementedError


class ItemReadinessPanel(ReadinessPanel):
    """What is missing of an item, each with the way to its field."""

    class Media:
        js = ["js/admin-checks.js"]

    template_name = "exhibitions/admin/item_checks.html"

    @cached_property
    def readiness(self) -> Readiness:
        """The item, judged as on the board of its exhibition."""
        return Readiness((readiness_of_item(self.object),))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The checks by their weight, the weightiest first."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        [item] = self.readiness.items
        groups = [(weight, heading, item.of(weight)) for weight, heading in HEADINGS.items()]
        context.update(
            groups=[group for group in groups if group[-1]],
            clearance_url=clearance_url(self.object),
        )
        return context


class ExhibitionReadinessPanel(ReadinessPanel):
    """How many items of an exhibition lack something, and the way to the board."""

    template_name = "exhibitions/admin/exhibition_checks.html"

    @cached_property
    def readiness(self) -> Readiness:
        """All items of the exhibition."""
        return readiness_of(self.object)

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The numbers, and the address of the board."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        ready = self.readiness
        context.update(
            count=len(ready.items),
            blocking=len(ready.blocking),
            hidden=ready.count(Weight.HIDES),
            advised=ready.count(Weight.ADVISED),
            board_url=f"{approval_url(self.object)}#board",
        )
        return context


def _with_readiness(panels: MediaContainer, readiness: ReadinessPanel) -> list[Any]:
    """Of ``panels`` all but Wagtail's panel of checks, which ``readiness`` takes the place of."""
    return [readiness if isinstance(each, ChecksSidePanel) else each for each in panels]


class ItemEditView(EditView):
    """The editor of an item, with its clearance in the header and in a panel."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The state of clearance in words; it leads to the screen where that is decided."""
        cleared = current_state(self.page) is ClearanceState.CLEARED
        return [
            HeaderButton(
                gettext("Cleared for publication")
                if cleared
                else gettext("Not cleared for publication"),
                url=clearance_url(self.page),
                icon_name="circle-check" if cleared else "no-view",
                classname=f"publication-state publication-state--{'yes' if cleared else 'no'}",
            )
        ]

    def get_side_panels(self) -> MediaContainer:
        """Wagtail's panels and ours."""
        panels = super().get_side_panels()
        if self.expects_json_response:
            return panels
        ours = _with_readiness(panels, ItemReadinessPanel(self.page, self.request))
        return MediaContainer([*ours, ClearanceSidePanel(self.page, self.request)])


class ExhibitionEditView(EditView):
    """The editor of an exhibition, with its opening in the header."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The opening state in words; it leads to the screen where that is decided."""
        exhibition = self.real_page_record.specific
        return [
            HeaderButton(
                state_of(exhibition).label if exhibition.live else gettext("Not published yet"),
                url=opening_url(exhibition),
                icon_name="calendar-check",
                classname="publication-state",
            )
        ]

    def get_side_panels(self) -> MediaContainer:
        """Wagtail's panels, with what is missing of the items among the checks."""
        panels = super().get_side_panels()
        return MediaContainer(
            _with_readiness(panels, ExhibitionReadinessPanel(self.page, self.request))
        )
