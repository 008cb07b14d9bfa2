"""Kinds, forms and states of the campaigns app, each named once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class BannerForm(models.TextChoices):
    """The forms of a banner. No official sizes exist; see :data:`BANNER_SIZES`."""

    WIDE = "ngang", _("Wide (1200 × 250)")
    SQUARE = "vuong", _("Square (300 × 250)")
    TALL = "doc", _("Tall (300 × 600)")


# Width and height in pixels.
BANNER_SIZES: dict[str, tuple[int, int]] = {
    BannerForm.WIDE: (1200, 250),
    BannerForm.SQUARE: (300, 250),
    BannerForm.TALL: (300, 600),
}


class Channel(models.TextChoices):
    """Where an invitation link is put."""

    WEB = "web", _("Website")
    ZALO = "zalo", "Zalo"
    FACEBOOK = "facebook", "Facebook"
    QR = "qr", _("QR code")
    POSTER = "poster", _("Poster")


class ReleaseState(models.TextChoices):
    """What the office's document system has done with a letter (NĐ 30/2020/NĐ-CP, Đ10–19)."""

    SIGNED = "signed", _("Signed")
    NUMBERED = "numbered", _("Numbered")
    RELEASED = "released", _("Released")
    CORRECTED = "corrected", _("Corrected by another letter")
    AMENDED = "amended", _("Amended by another letter")
    REPLACED = "replaced", _("Replaced by another letter")
    RECALLED = "recalled", _("Recalled")


class PlacementState(models.TextChoices):
    """What is known of a banner on an agency's own site."""

    SEEN = "seen", _("In place")
    DECLARED = "declared", _("Declared by the agency")
    UNKNOWN = "unknown", _("Not found yet")
    REMOVED = "removed", _("Taken down")


class SignerPrefix(models.TextChoices):
    """Authority a letter is signed under (NĐ 30/2020/NĐ-CP, Phụ lục I, ô 7a)."""

    NONE = "", _("in one's own right")
    ON_BEHALF = "TM.", "TM."
    DEPUTY = "KT.", "KT."
    BY_ORDER = "TL.", "TL."
    BY_AUTHORISATION = "TUQ.", "TUQ."


class ActivityKind(models.TextChoices):
    """Kinds of activities in an anniversary programme."""

    EXHIBITION = "exhibition", _("Exhibition")
    PUBLICATION = "publication", _("Publication")
    SEMINAR = "seminar", _("Seminar")
    CONTEST = "contest", _("Contest")
    SPORT = "sport", _("Sport")
    CEREMONY = "ceremony", _("Ceremony")
    OTHER = "other", _("Other activity")


class ActivityState(models.TextChoices):
    """Where an activity stands."""

    PLANNED = "planned", _("Planned")
    ONGOING = "ongoing", _("Ongoing")
    ENDED = "ended", _("Has ended")
    POSTPONED = "postponed", _("Postponed")
    CANCELLED = "cancelled", _("Cancelled")
