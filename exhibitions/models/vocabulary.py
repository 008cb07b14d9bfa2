"""Kinds, roles and states of the exhibitions app, each named once."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class ExhibitionKind(models.TextChoices):
    """Where an exhibition is held."""

    ONLINE = "online", _("Online")
    ON_SITE = "on_site", _("On site")
    HYBRID = "hybrid", _("Online and on site")


class OrganiserRole(models.TextChoices):
    """What an organiser does, in the order the roles are printed."""

    DIRECTING = "directing", _("Directed by")
    LEADING = "leading", _("Led by")
    ADVISING = "advising", _("Advised by")
    COOPERATING = "cooperating", _("In cooperation with")


class NumeralStyle(models.TextChoices):
    """How the Parts of an exhibition are numbered."""

    ROMAN = "roman", "Phần I, Phần II"
    ARABIC = "arabic", "1, 2"
    NONE = "none", _("No number")


class ItemKind(models.TextChoices):
    """What an exhibit is."""

    DOCUMENT = "document", _("Document")
    IMAGE = "image", _("Image")
    OBJECT = "object", _("Object")
    QUOTATION = "quotation", _("Quotation")
    TEXT = "text", _("Text panel")
    MAP = "map", _("Map")
    FILM = "film", _("Archival film")
    SOUND = "sound", _("Sound recording")


class AccessLevel(models.TextChoices):
    """Mức độ tiếp cận (Luật Lưu trữ 33/2024/QH15)."""

    OPEN = "open", _("Open access")
    CONDITIONAL = "conditional", _("Conditional access")


class Secrecy(models.TextChoices):
    """The secrecy stamp a record once bore."""

    NONE = "none", _("Never secret")
    CONFIDENTIAL = "confidential", "Mật"
    SECRET = "secret", "Tối mật"
    TOP_SECRET = "top_secret", "Tuyệt mật"


class ClearanceState(models.TextChoices):
    """Whether an item may be shown to the public."""

    CLEARED = "cleared", _("Cleared for publication")
    WITHDRAWN = "withdrawn", _("Clearance withdrawn")


class OpeningState(models.TextChoices):
    """Where an exhibition stands between announcement and archive."""

    ANNOUNCED = "announced", _("Opening soon")
    OPEN = "open", _("On display")
    CLOSED = "closed", _("Ended")
    ARCHIVED = "archived", _("Archived")

    def as_decision(self, opens_at: datetime | None = None) -> str:
        """What a decision for this state is called.

        To announce again is to put off, or with ``opens_at`` to set another hour.
        """
        if self is not self.ANNOUNCED:
            return str(self.label)
        if opens_at is None:
            return gettext("Opening put off")
        hour = date_format(timezone.localtime(opens_at), "H:i, j/n/Y")
        return gettext("Opening set for %(hour)s") % {"hour": hour}


class SubmissionScope(models.TextChoices):
    """How much of an exhibition is put before those who approve."""

    WHOLE = "whole", _("the whole exhibition")
    CORRECTION = "correction", _("a correction")


class Verdict(models.TextChoices):
    """What became of a submission."""

    APPROVED = "approved", _("Approved")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Taken back")
    PUBLISHED = "published", _("All of it published")


class ApprovalState(models.TextChoices):
    """Where an exhibition stands with its newest submission."""

    NONE = "none", _("Not submitted")
    IN_REVIEW = "in_review", _("Under approval")
    RETURNED = "returned", _("Returned")
    WITHDRAWN = "withdrawn", _("Taken back")
    PUBLISHING = "publishing", _("Being published")
    PUBLISHED = "published", _("Approved and published")
