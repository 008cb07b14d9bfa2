"""What the history of a page tells, without titles its reader does not see.

Wagtail writes where a page was moved or copied from, and what it is an alias of.
"""

from __future__ import annotations

from typing import Any

from wagtail.log_actions import LogActionRegistry, LogFormatter

from core.confinement import title_as_read


class VeiledFormatter(LogFormatter):
    """Wagtail's words for an action, with the titles it names as the reader may read them."""

    def __init__(self, formatter: LogFormatter, places: tuple[str, ...]) -> None:
        self.label = formatter.label
        self._formatter = formatter
        self._places = places

    def format_message(self, log_entry: Any) -> str:
        """Wagtail's message about a copy of the entry."""
        named = {
            place: {**told, "title": title_as_read(told["id"], told["title"])}
            for place in self._places
            if (told := log_entry.data.get(place)) and "id" in told and "title" in told
        }
        veiled = type(log_entry)(data={**log_entry.data, **named})
        return str(self._formatter.format_message(veiled))

    def format_comment(self, log_entry: Any) -> str:
        """Wagtail's."""
        return str(self._formatter.format_comment(log_entry))


PLACES = {
    "wagtail.copy": ("source",),
    "wagtail.create_alias": ("source",),
    "wagtail.convert_alias": ("page",),
    "wagtail.move": ("source", "destination"),
    "wagtail.reorder": ("destination",),
}
"""Where in an entry, by its action, other pages are named."""


def veil_titles(actions: LogActionRegistry) -> None:
    """Put our words in the place of Wagtail's, once Wagtail has registered its own."""
    for action, places in PLACES.items():
        actions.formatters[action] = VeiledFormatter(actions.formatters[action], places)
