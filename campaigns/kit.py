"""The banner kit of a campaign, as its public pages show it: pictures, links, codes to copy.

Every agency gets addresses of its own, so that what comes of its banner is credited to
it. They are made when its page is first opened, and stay the same ever after.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import escape

import segno
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from campaigns.agencies import AgencySearch, agencies_today, search_agencies
from campaigns.banners.files import KINDS, alt_text_of, promoted_exhibition
from campaigns.invitations import (
    OTHER_AGENCY,
    address_of,
    banner_address,
    invitations_for,
)
from campaigns.models import Banner, CampaignPage, Channel, Invitation
from core.audience import View, view_of
from core.models import Organisation, PortalSettings
from core.models.base import Crumb
from core.pictures import absolute_url
from core.vietnamese import slugify
from exhibitions.visibility import page_is_public

EXTENSIONS = tuple(KINDS)
"""Kinds of files in the order they are offered: many agencies' portals take only JPEG."""

CHANNELS = (Channel.WEB, Channel.QR, Channel.ZALO, Channel.FACEBOOK)
SHARED_ON = (Channel.ZALO, Channel.FACEBOOK)

AGENCY_SLUG_LENGTH = 60
QR_NAME = "ma-qr"
QR_EXTENSIONS = ("png", "svg")
ARCHIVE_NAME = "tron-bo.zip"

_QR_DARK, _QR_LIGHT = "#1b1815", "#ffffff"
_QR_MARGIN = 4
"""Modules of white around a code: fewer, and telephones do not find it (ISO/IEC 18004)."""

_PHONE = re.compile(r"\+?\d[\d .()-]{6,}\d")

# Plain HTML that every editor lets through. `noreferrer` would hide which agency a visitor
# comes from; a query string would be broken by editors that escape "&".
_SNIPPET = """\
<a href="{link}" target="_blank" rel="noopener">
  <img src="{picture}" width="{width}" height="{height}" loading="lazy" decoding="async"
       referrerpolicy="strict-origin-when-cross-origin" style="max-width:100%;height:auto;border:0"
       alt="{alt}"></a>
"""


@dataclass(frozen=True)
class Preview:
    """A form of the banner as it looks: true to scale, never wider than the screen."""

    form: str
    label: str
    src: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class FileLink:
    """A file to download."""

    label: str
    url: str


@dataclass(frozen=True)
class BannerOffer:
    """A form of the banner with everything an agency may take of it."""

    preview: Preview
    file: FileLink
    other_files: tuple[FileLink, ...]
    snippet: str


@dataclass(frozen=True)
class QrCode:
    """An address as a code to scan: drawn in the page, and as files for a poster."""

    address: str
    drawing: SafeString
    files: tuple[FileLink, ...]


@dataclass(frozen=True)
class SharedLink:
    """A link for a channel of its own: messengers do not say where a reader comes from."""

    channel: str
    label: str
    address: str


@dataclass(frozen=True)
class Contact:
    """Whom to call."""

    text: str
    phone_url: str


@dataclass(frozen=True)
class KitEntry:
    """The way into the kit: how the banners look, and who is asking for them.

    ``qr`` holds the short address that is printed in the letter.
    """

    url: str
    qr: QrCode
    other_url: str
    suggestions_url: str
    previews: tuple[Preview, ...]


@dataclass(frozen=True)
class Agency:
    """Whose page of the kit it is; without an organisation, any agency that is not listed."""

    organisation: Organisation | None

    @property
    def name(self) -> str:
        """The agency's name."""
        return self.organisation.name if self.organisation else _("Another agency")

    @property
    def slug(self) -> str:
        """How its page is addressed; the number decides, what stands before is for people."""
        if self.organisation is None:
            return OTHER_AGENCY
        return agency_slug(
            self.organisation.pk, self.organisation.short_name or self.organisation.name
        )


@dataclass(frozen=True)
class AgencyKit:
    """What one agency is given. Nothing but the name when its invitation was withdrawn."""

    name: str
    url: str
    withdrawn: bool
    is_listed: bool
    """Whether it is one agency's own, and not that of all who are not listed."""
    link: str = ""
    offers: tuple[BannerOffer, ...] = ()
    archive_url: str = ""
    qr: QrCode | None = None
    shared: tuple[SharedLink, ...] = ()


def public_campaign(slug: str) -> CampaignPage | None:
    """The campaign at ``slug``, if the public may see it."""
    return _if_public(CampaignPage.objects.live().filter(slug=slug).first())


def public_campaign_by_number(number: int) -> CampaignPage | None:
    """The campaign with the page number ``number``, if the public may see it."""
    return _if_public(CampaignPage.objects.live().filter(pk=number).first())


def _if_public(campaign: CampaignPage | None) -> CampaignPage | None:
    return campaign if campaign is not None and page_is_public(campaign) else None


def target_of(campaign: CampaignPage) -> Page:
    """Where the campaign's banners lead: the exhibition that is drawn on them.

    The campaign's own page while there is none, so that no link is given away dead.
    """
    return promoted_exhibition(campaign) or campaign


def banners_of(campaign: CampaignPage) -> list[Banner]:
    """The campaign's banners in their order, one of each form.

    None while the public may know of none of its exhibitions.
    """
    if promoted_exhibition(campaign) is None:
        return []
    first: dict[str, Banner] = {}
    for banner in campaign.banners.all():
        banner.page = campaign  # which knows its exhibition already
        first.setdefault(banner.form, banner)
    return list(first.values())


def banner_of(campaign: CampaignPage, form: str) -> Banner | None:
    """The campaign's banner of one form, if it has one."""
    return next((each for each in banners_of(campaign) if each.form == form), None)


def agency_of(slug: str) -> Agency | None:
    """The agency whose page is at ``slug``, if it exists today."""
    if slug == OTHER_AGENCY:
        return Agency(None)
    found = agencies_today().filter(pk=int(slug.rpartition("-")[2])).first()
    return Agency(found) if found else None


def agency_slug(number: int, name: str) -> str:
    """ "xa-that-khe-12" for the organisation of that number."""
    return f"{slugify(name, AGENCY_SLUG_LENGTH) or 'co-quan'}-{number}"


def invitations_of(campaign: CampaignPage, agency: Agency) -> dict[str, Invitation]:
    """The invitations of one agency by channel, made when it first comes."""
    return invitations_for(campaign, agency.organisation, CHANNELS, target_of(campaign))


def kit_url(campaign: CampaignPage) -> str:
    """The path of the campaign's kit."""
    return reverse("kit", args=[campaign.slug])


def agency_url(campaign: CampaignPage, slug: str) -> str:
    """The path of an agency's page of the kit."""
    return reverse("kit_agency", args=[campaign.slug, slug])


def _preview(campaign: CampaignPage, banner: Banner) -> Preview:
    width, height = banner.size
    return Preview(
        form=banner.form,
        label=banner.get_form_display(),
        src=reverse("kit_preview", args=[campaign.slug, banner.form, "jpg"]),
        width=width,
        height=height,
        alt=alt_text_of(banner),
    )


def kit_entry(campaign: CampaignPage, request: HttpRequest) -> KitEntry | None:
    """The way into the kit of ``campaign``, a campaign that ``request`` was answered with.

    None in the preview of one the public cannot see yet: its kit answers nobody.
    """
    if view_of(request) is View.PREVIEW and not (campaign.pk and page_is_public(campaign)):
        return None
    address = absolute_url(reverse("kit_by_number", args=[campaign.pk]))
    files = tuple(
        FileLink(extension.upper(), reverse("kit_qr", args=[campaign.slug, extension]))
        for extension in QR_EXTENSIONS
    )
    return KitEntry(
        url=kit_url(campaign),
        qr=QrCode(address, qr_drawing(address), files),
        other_url=agency_url(campaign, OTHER_AGENCY),
        suggestions_url=reverse("kit_suggestions", args=[campaign.slug]),
        previews=tuple(_preview(campaign, banner) for banner in banners_of(campaign)),
    )


@dataclass(frozen=True)
class Suggestion:
    """A found agency with the address of its page."""

    name: str
    beside: str
    url: str


def suggestions(campaign: CampaignPage, typed: str) -> tuple[AgencySearch, list[Suggestion]]:
    """The agencies that answer to what was typed, each with its page of this kit."""
    search = search_agencies(typed)
    found = [
        Suggestion(
            name=hit.name,
            beside=hit.beside,
            url=agency_url(campaign, agency_slug(hit.number, hit.short_name or hit.name)),
        )
        for hit in search.hits
    ]
    return search, found


def agency_kit(campaign: CampaignPage, agency: Agency) -> AgencyKit:
    """Everything ``agency`` is given of the campaign's kit."""
    url = agency_url(campaign, agency.slug)
    is_listed = agency.organisation is not None
    invitations = invitations_of(campaign, agency)
    web, qr = invitations[Channel.WEB], invitations[Channel.QR]
    if web.withdrawn_at is not None:
        return AgencyKit(name=agency.name, url=url, withdrawn=True, is_listed=is_listed)
    return AgencyKit(
        name=agency.name,
        url=url,
        withdrawn=False,
        is_listed=is_listed,
        link=address_of(web),
        offers=tuple(_offer(campaign, agency, each, web) for each in banners_of(campaign)),
        archive_url=_file_url(campaign, agency, ARCHIVE_NAME),
        qr=_qr_code(campaign, agency, qr) if qr.withdrawn_at is None else None,
        shared=tuple(
            SharedLink(channel, str(channel.label), address_of(invitations[channel]))
            for channel in SHARED_ON
            if invitations[channel].withdrawn_at is None
        ),
    )


def _offer(
    campaign: CampaignPage, agency: Agency, banner: Banner, invitation: Invitation
) -> BannerOffer:
    preview = _preview(campaign, banner)
    first, *others = (
        FileLink(extension.upper(), _file_url(campaign, agency, f"{banner.form}.{extension}"))
        for extension in EXTENSIONS
    )
    return BannerOffer(
        preview=preview,
        file=first,
        other_files=tuple(others),
        snippet=snippet(invitation, preview),
    )


def snippet(invitation: Invitation, preview: Preview) -> str:
    """The HTML an agency pastes into its page: a picture from here in a link to here."""
    return _SNIPPET.format(
        link=escape(address_of(invitation)),
        picture=escape(banner_address(invitation, preview.form, "jpg")),
        width=preview.width,
        height=preview.height,
        alt=escape(preview.alt),
    )


def _file_url(campaign: CampaignPage, agency: Agency, name: str) -> str:
    return reverse("kit_file", args=[campaign.slug, agency.slug, name])


def _qr_code(campaign: CampaignPage, agency: Agency, invitation: Invitation) -> QrCode:
    address = address_of(invitation)
    files = tuple(
        FileLink(extension.upper(), _file_url(campaign, agency, f"{QR_NAME}.{extension}"))
        for extension in QR_EXTENSIONS
    )
    return QrCode(address, qr_drawing(address), files)


def qr_drawing(address: str) -> SafeString:
    """``address`` as a code to scan, drawn in place: dark on white whatever the theme."""
    drawing = segno.make_qr(address, error="m").svg_inline(
        border=_QR_MARGIN, dark=_QR_DARK, light=_QR_LIGHT, omitsize=True, svgclass=None
    )
    return mark_safe(drawing)


def qr_file(address: str, extension: str) -> bytes:
    """``address`` as a code to scan, in a file of type svg or png, large enough for a poster."""
    buffer = io.BytesIO()
    segno.make_qr(address, error="m").save(
        buffer, kind=extension, scale=16, border=_QR_MARGIN, dark=_QR_DARK, light=_QR_LIGHT
    )
    return buffer.getvalue()


def contact_of(campaign: CampaignPage, request: HttpRequest) -> Contact | None:
    """Whom an agency may call: the campaign's contact, else the portal's number."""
    text = campaign.contact or PortalSettings.for_request(request).phone
    if not text:
        return None
    number = _PHONE.search(text)
    digits = re.sub(r"[^+\d]", "", number[0]) if number else ""
    return Contact(text, f"tel:{digits}" if digits else "")


def kit_text(campaign: CampaignPage) -> SafeString:
    """What the editors want agencies to know, cleaned when it was saved."""
    return mark_safe(expand_db_html(campaign.kit_text))


def crumbs(campaign: CampaignPage, request: HttpRequest) -> list[Crumb]:
    """The way to the kit."""
    own = Crumb(campaign.title, campaign.get_url(request) or "")
    return [*campaign.breadcrumbs(request), own]
