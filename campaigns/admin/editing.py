"""Where a letter stands, shown while it is being edited."""

from __future__ import annotations

from django.utils.functional import cached_property
from wagtail.admin.views.pages.edit import EditView
from wagtail.admin.widgets.button import HeaderButton

from campaigns.admin.release import release_url
from campaigns.letters import state_label
from campaigns.release import may_record, standings


class NoticeEditView(EditView):
    """The editor of a letter, with its release in the header for those who record it."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        """The state in words; it leads to the screen where the next step is recorded."""
        if not may_record(self.request.user):
            return []
        standing = standings([self.page])[self.page.pk]
        label = standing.state.label if standing.state else state_label(standing)
        return [
            HeaderButton(
                label,
                url=release_url(self.page),
                icon_name="mail",
                classname="publication-state",
            )
        ]
