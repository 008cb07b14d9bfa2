"""Where an item or exhibition stands, shown while it is being edited."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import MediaContainer
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.widgets.button import HeaderButton

from exhibitions.admin.clearance import clearance_url
from exhibitions.admin.opening import opening_url
from exhibitions.clearance import current_state
from exhibitions.models import ClearanceState, ItemPage
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
        """What keeps the item, as it is published, from the public."""
        return reasons_hidden(ItemPage.objects.get(pk=self.object.pk))

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """The state, the reasons and the way to the decision."""
        context: dict[str, Any] = super().get_context_data(parent_context)
        context.update(
            is_cleared=current_state(self.object) is ClearanceState.CLEARED,
            reasons=self.reasons,
            clearance_url=clearance_url(self.object),
        )
        return context


class ItemEditView(EditView):
    """The editor of an item, with its clearance in the header and in a panel."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The state of clearance in words; it leads to the screen where that is decided."""
        cleared = current_state(self.page) is ClearanceState.CLEARED
        return [
            HeaderButton(
                _now("Cleared for publication") if cleared else _now("Not cleared for publication"),
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
        return MediaContainer([*panels, ClearanceSidePanel(self.page, self.request)])


class ExhibitionEditView(EditView):
    """The editor of an exhibition, with its opening in the header."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The opening state in words; it leads to the screen where that is decided."""
        exhibition = self.real_page_record.specific
        return [
            HeaderButton(
                state_of(exhibition).label,
                url=opening_url(exhibition),
                icon_name="calendar-check",
                classname="publication-state",
            )
        ]
