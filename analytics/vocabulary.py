"""What is counted, why something is not, and where readers come from: each named once.

The numbers stand in journals and tables: a value may be added, never given to another
meaning.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.IntegerChoices):
    """What an event of the journal reports."""

    VIEW = 1, _("View")
    VIEW_WITHOUT_SCRIPT = 2, _("View without script")
    IMPRESSION = 3, _("Banner shown")
    CLICK = 4, _("Click on an invitation")
    DOWNLOAD = 5, _("Banner downloaded")


class Metric(models.IntegerChoices):
    """What a figure counts. The definitions are in :mod:`analytics.definitions`."""

    VIEWS = 1, _("Views")
    VIEWS_WITHOUT_SCRIPT = 2, _("Views without script")
    VISITS = 3, _("Visits")
    VISITORS = 4, _("Visitors of the day")
    IMPRESSIONS = 5, _("Banners shown")
    CLICKS = 6, _("Clicks")
    CONFIRMED_VISITS = 7, _("Confirmed visits")
    DOWNLOADS = 8, _("Downloads")


class Reason(models.IntegerChoices):
    """Why an event was not counted; ``COUNTED`` where it was."""

    COUNTED = 0, _("Counted")
    REPEATED = 1, _("The same within 30 seconds")
    ROBOT = 2, _("Robot")
    STAFF = 3, _("Signed-in staff")
    INTERNAL = 4, _("Internal network")
    PREFETCH = 5, _("Fetched ahead, shown to nobody")
    FOREIGN_ORIGIN = 6, _("Sent from another site")
    MALFORMED = 7, _("Could not be understood")
    NOT_PUBLIC = 8, _("Unknown or hidden page")
    UNKNOWN_CODE = 9, _("Unknown or withdrawn code")
    OVER_BUDGET = 10, _("Too many at once")
    TORN = 11, _("Damaged in the journal")


class Source(models.IntegerChoices):
    """Where a reader came from, as far as the browser says. Foreign hosts are not kept."""

    UNKNOWN = 0, _("Unknown or typed in")
    PORTAL = 1, _("Within the portal")
    AGENCY = 2, _("Website of a registered organisation")
    SEARCH = 3, _("Search engine")
    ZALO = 4, "Zalo"
    FACEBOOK = 5, "Facebook"
    YOUTUBE = 6, "YouTube"
    ELSEWHERE = 7, _("Another website")
