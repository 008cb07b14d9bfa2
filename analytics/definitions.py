"""What each figure means, word for word, printed wherever figures are shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Definition:
    """A term of the statistics and the exact rule behind it."""

    term: str
    rule: str


def definitions() -> list[Definition]:
    """All definitions, in the order in which figures are shown."""
    return [
        Definition(
            _("Views"),
            _(
                "A public page shown to a person, reported by the page itself once it has been "
                "visible for a second or the reader has done something. The same reader on the "
                "same page within 30 seconds counts once; every repeat begins the 30 seconds "
                "anew (COUNTER R5.1). Robots, pages fetched ahead, previews, signed-in staff and "
                "the office's own networks are not counted."
            ),
        ),
        Definition(
            _("Views without script"),
            _("Pages shown by browsers that run no script. Counted apart, never added to views."),
        ),
        Definition(
            _("Readers who asked not to be tracked"),
            _(
                "Under DNT or Global Privacy Control no hash is made, so repeats cannot be told "
                "apart: each is counted, in a column of its own, and there are no visits of "
                "these readers."
            ),
        ),
        Definition(
            _("Visits"),
            _(
                "Views of one reader with pauses of at most 30 minutes. A visit belongs to the "
                "day on which it began."
            ),
        ),
        Definition(
            _("Visitors of the day"),
            _(
                "Different readers within one day, told apart by a hash whose key is destroyed "
                "within the hour after the day. Over several days they are the sum of the days, "
                "not a number of people; a whole office behind one address may count as one."
            ),
        ),
        Definition(
            _("Banners shown"),
            _(
                "Requests for the picture of a banner under an agency's code, as the server saw "
                "them; not that somebody looked at it. Only agencies that link the picture from "
                "here have this figure."
            ),
        ),
        Definition(
            _("Clicks"),
            _(
                "Requests for an invitation's address, led on by the server. Includes readers "
                "whose page never appeared."
            ),
        ),
        Definition(
            _("Confirmed visits"),
            _(
                "Visits in which the reader was brought by an invitation and the page was really "
                "shown to a person. A visit is credited once, to the first invitation in it. "
                "This is the figure to report."
            ),
        ),
        Definition(
            _("Downloads"),
            _("Banners taken from the kit page, by the agency the page was opened for."),
        ),
        Definition(
            _("Bounded"),
            _(
                "At most 600 events a minute of one reader and 6,000 of one neighbourhood are "
                "believed by each server process; what is beyond is listed as not counted. "
                "Figures can be forged within these bounds."
            ),
        ),
    ]
