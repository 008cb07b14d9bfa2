"""What is written on and beside a campaign's banners, from the exhibition it promotes."""

from __future__ import annotations

import re
from datetime import datetime

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from campaigns.banners.drawing import BannerText
from core.vietnamese import slugify
from exhibitions.cards import state_label
from exhibitions.models import ExhibitionKind, ExhibitionPage, OpeningState, OrganiserRole
from exhibitions.opening import is_readable
from exhibitions.visibility import opening_moment, state_of

NAME_LENGTH = 60
"""Characters of a title in a file's name, at most."""

LONG_NAME = 60
"""An organiser's name longer than that gives way to its short name, where there is one."""

# What the lists of advertisement blockers look for in the address of a picture; a banner's
# file that has it in its name is not shown (measured in counting.md).
_BLOCKED = re.compile(
    r"[^-]*(?:banner|quangcao|popup|sponsor)[^-]*|quang-cao|(?<![^-])(?:ads?|adv|qc|\d+x\d+)(?![^-])"
)


def banner_text(exhibition: ExhibitionPage) -> BannerText:
    """The words of a banner for ``exhibition``, always in the portal's own language.

    An editor who reads the admin in another language must not change what the public sees.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return BannerText(
            kicker=_kind_of_exhibition(exhibition),
            title=exhibition.title,
            organiser=organiser_of(exhibition),
            state=state_words(exhibition),
            short_title=exhibition.short_title,
        )


def _kind_of_exhibition(exhibition: ExhibitionPage) -> str:
    match exhibition.kind:
        case ExhibitionKind.ONLINE:
            return _("Online exhibition")
        case ExhibitionKind.HYBRID:
            return _("Online and on-site exhibition")
        case _on_site:
            return _("Exhibition")


def organiser_of(exhibition: ExhibitionPage) -> str:
    """Who invites: the first organiser that leads it, else the first that is named, else ""."""
    organisers = list(exhibition.organisers.select_related("organisation"))
    leading = [each for each in organisers if each.role == OrganiserRole.LEADING]
    first = next(iter(leading or organisers), None)
    if first is None:
        return ""
    name: str = first.organisation.name
    return first.organisation.short_name or name if len(name) > LONG_NAME else name


def state_words(exhibition: ExhibitionPage, now: datetime | None = None) -> str:
    """The opening state as a banner says it: "" while it is open.

    Announced with its hour when that is still to come: "Sắp khai mạc 08:00, 25/12/2026".
    """
    now = now or timezone.now()
    state = state_of(exhibition, now)
    if state is OpeningState.OPEN:
        return ""
    readable = is_readable(state, readable_after_closing=exhibition.readable_after_closing)
    label = state_label(state, readable=readable)
    opens_at = opening_moment(exhibition)
    if state is OpeningState.ANNOUNCED and opens_at and opens_at > now:
        return f"{label} {date_format(timezone.localtime(opens_at), 'H:i, d/m/Y')}"
    return label


def alt_text(text: BannerText) -> str:
    """ "Triển lãm trực tuyến «Lạng Sơn 75 năm thi đua yêu nước» – Sở Nội vụ tỉnh Lạng Sơn"."""
    by = f" – {text.organiser}" if text.organiser else ""
    return f"{text.kicker} «{text.title}»{by}"


def file_stem(title: str, form: str) -> str:
    """ "lang-son-75-nam-thi-dua-yeu-nuoc-ngang": what a banner's files are called.

    Free of what advertisement blockers hide by name, whatever the exhibition is called.
    """
    words = re.sub(r"-+", "-", _BLOCKED.sub("", slugify(title, NAME_LENGTH))).strip("-")
    return f"{words or 'trien-lam'}-{form}"


def instructions(title: str, banners: list[tuple[str, tuple[int, int], str]], contact: str) -> str:
    """How to place a banner, for the archive of all files.

    ``banners`` are of each form the name of its JPG, its size in pixels and its description.
    """
    with translation.override(settings.LANGUAGE_CODE):
        paragraphs = [
            _("HOW TO PLACE THE BANNER"),
            title,
            _("1. Choose the form that fits the place on your site:"),
            "\n".join(f"   {name} ({size[0]} × {size[1]})" for name, size, _words in banners),
            _(
                "   Each form is here as JPG, PNG and WebP and looks the same. "
                "If in doubt, take the JPG."
            ),
            _("2. Upload the file to your site as a picture. Do not resize it."),
            _(
                "3. Put a link on the picture: the address of your agency, copied from the page "
                "of the banner kit (“Copy link”). It alone tells that a reader came from you."
            ),
            _("4. Enter as the description of the picture:"),
            "\n".join(f"   {words}" for words in dict.fromkeys(each[2] for each in banners)),
            _("5. Report the address of your page on the page of the banner kit."),
        ]
        if contact:
            paragraphs.append(_("Questions: %(contact)s") % {"contact": contact})
    return "\n\n".join(paragraphs) + "\n"
