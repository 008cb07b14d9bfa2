"""Answers of this app that are not pages of the tree: invitations, banners, the kit.

Nothing here reads or sets a cookie, and nothing of a request says where it leads.
"""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from analytics.api import Kind, record
from campaigns import kit as kits
from campaigns.agencies import AgencySearch
from campaigns.banners.files import BannerUnavailable, banner_file, file_name, kit_archive
from campaigns.invitations import address_of, code_in, find, landing, parse_code
from campaigns.models import Banner, CampaignPage, Channel
from campaigns.placements import LONGEST_ADDRESS, Declared, clean_address, declare
from core.models.base import Metadata
from core.pictures import absolute_url

REFERRER_POLICY = "strict-origin-when-cross-origin"
"""Lets the landing page know the agency's host, and no more than the host."""

HOT_LINK = re.compile(
    r"(?P<code>[0-9A-Za-z-]{8,16})-(?P<form>[a-z]{1,8})\.(?P<extension>[a-z]{3,4})"
)
RETRY_SECONDS = 60
ADDRESS_FIELD = "dia-chi"
OUTCOME_PARAMETER = "bao"
ANSWER_ANCHOR = "tra-loi"


@require_safe
def invitation(request: HttpRequest, name: str) -> HttpResponseBase:
    """Lead from ``/moi/<readable>-<code>/`` to the page stored with the code.

    What stands before the code is for people. A code nobody was given, one that was
    withdrawn and one whose page is hidden are answered alike.
    """
    code = code_in(name)
    found = find(code)
    address = landing(found) if found else None
    if request.method == "GET":
        record(request, Kind.CLICK, code=code if address else "")
    if address is None:
        raise Http404
    answer = HttpResponseRedirect(address)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = REFERRER_POLICY
    answer["X-Robots-Tag"] = "noindex"
    return answer


@require_safe
def hot_linked_banner(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture an agency's page shows straight from here: ``/k/<code>-<form>.jpg``.

    Every time it is shown the browser asks anew whether it still is the newest, and each
    of these is counted, whether it is sent again or not.
    """
    wanted = HOT_LINK.fullmatch(name)
    code = parse_code(wanted["code"]) if wanted else ""
    found = find(code)
    banner = None
    if wanted and found and found.campaign and landing(found):
        banner = kits.banner_of(found.campaign, wanted["form"])
    answer = (
        _picture(request, banner, wanted["extension"])
        if wanted and banner and wanted["extension"] in kits.EXTENSIONS
        else _plain(_("There is no picture at this address."), status=404)
    )
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "GET" and answer.status_code != 503:
        record(request, Kind.IMPRESSION, code=code if answer.status_code in (200, 304) else "")
    return answer


def _picture(request: HttpRequest, banner: Banner, extension: str) -> HttpResponseBase:
    """The newest picture of ``banner``, or that the browser has it already."""
    try:
        file = banner_file(banner, extension)
        answer = get_conditional_response(request, etag=file.etag)
        if answer is None:
            answer = HttpResponse(file.path.read_bytes(), content_type=file.content_type)
    except (BannerUnavailable, OSError):
        answer = _plain(_("The picture cannot be made at the moment."), status=503)
        answer["Retry-After"] = str(RETRY_SECONDS)
        return answer
    answer["ETag"] = file.etag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _plain(sentence: str, *, status: int) -> HttpResponse:
    """A sentence for whoever opens a picture's address by itself."""
    answer = HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _campaign(slug: str) -> CampaignPage:
    campaign = kits.public_campaign(slug)
    if campaign is None:
        raise Http404
    return campaign


def _agency(slug: str) -> kits.Agency:
    agency = kits.agency_of(slug)
    if agency is None:
        raise Http404
    return agency


@require_safe
def kit_by_number(request: HttpRequest, number: str) -> HttpResponseBase:
    """Lead from the short address in a letter to the kit, whatever its campaign is called now."""
    campaign = kits.public_campaign_by_number(int(number))
    return redirect(kits.kit_url(campaign)) if campaign else kit(request, number)


@require_safe
def kit(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The kit of a campaign: how it works, and who is asking."""
    campaign = _campaign(slug)
    search, found = kits.suggestions(campaign, request.GET.get("tim", ""))
    return render(
        request,
        "campaigns/kit.html",
        {
            **_around(request, campaign),
            "kit": kits.kit_entry(campaign, request),
            "kit_text": kits.kit_text(campaign),
            "search": search,
            "found": found,
            "meta": Metadata(
                title=_("Banner kit: %(campaign)s") % {"campaign": campaign.title},
                description=_("Banners, links and codes for the websites of agencies."),
                canonical=absolute_url(kits.kit_url(campaign)),
            ),
        },
    )


def _around(request: HttpRequest, campaign: CampaignPage) -> dict[str, Any]:
    """What both pages of the kit show of their campaign."""
    return {
        "campaign_title": campaign.title,
        "contact": kits.contact_of(campaign, request),
        "breadcrumbs": kits.crumbs(campaign, request),
    }


@require_safe
def kit_suggestions(request: HttpRequest, slug: str) -> HttpResponseBase:
    """What the search field of the kit suggests while an agency's name is typed."""
    search, found = kits.suggestions(_campaign(slug), request.GET.get("tim", ""))
    answer = JsonResponse(
        {
            "results": [
                {"name": each.name, "beside": each.beside, "url": each.url} for each in found
            ],
            "said": _said_of(search),
        }
    )
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _said_of(search: AgencySearch) -> str:
    """How many were found, in words for who cannot see the list."""
    if not search.query:
        return ""
    if not search.hits:
        return _("No agency is called that.")
    if search.more:
        return _("More than %(count)d agencies; type more of the name.") % {
            "count": len(search.hits)
        }
    return _("Agencies found: %(count)d.") % {"count": len(search.hits)}


@require_safe
def kit_qr(request: HttpRequest, slug: str, extension: str) -> HttpResponseBase:
    """The kit's short address as a code to print in the letter."""
    entry = kits.kit_entry(_campaign(slug), request)
    if entry is None:
        raise Http404
    return _download(kits.qr_file(entry.qr.address, extension), f"{slug}.{extension}")


@require_safe
def kit_preview(request: HttpRequest, slug: str, form: str, extension: str) -> HttpResponseBase:
    """A form of the banner to look at, which counts as nothing."""
    banner = kits.banner_of(_campaign(slug), form)
    if banner is None:
        raise Http404
    return _picture(request, banner, extension)


@csrf_exempt  # the page is the same for everyone, so it carries no token; see _sent_from_here
@require_http_methods(["GET", "HEAD", "POST"])
def kit_agency(request: HttpRequest, slug: str, agency: str) -> HttpResponseBase:
    """An agency's page of the kit; posted to it, the address of a page that shows the banner."""
    campaign, whose = _campaign(slug), _agency(agency)
    if request.method == "POST":
        return _declared(request, campaign, whose)
    outcome = request.GET.get(OUTCOME_PARAMETER, "")
    known = outcome in [each.value for each in Declared]
    return _agency_page(request, campaign, whose, outcome=outcome if known else "")


def _agency_page(
    request: HttpRequest,
    campaign: CampaignPage,
    agency: kits.Agency,
    *,
    outcome: str = "",
    refusal: str = "",
    typed: str = "",
    status: int = 200,
) -> HttpResponse:
    offered = kits.agency_kit(campaign, agency)
    answer = render(
        request,
        "campaigns/kit_agency.html",
        {
            **_around(request, campaign),
            "kit_url": kits.kit_url(campaign),
            "agency": offered,
            "outcome": outcome,
            "refusal": refusal,
            "typed": typed,
            "longest_address": LONGEST_ADDRESS,
            "meta": Metadata(
                title=_("Banner kit: %(agency)s") % {"agency": offered.name},
                description="",
                canonical=absolute_url(offered.url),
            ),
        },
        status=status,
    )
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _declared(
    request: HttpRequest, campaign: CampaignPage, agency: kits.Agency
) -> HttpResponseBase:
    """Keep a declared address and lead back to the page, or say there what is wrong with it."""
    typed = request.POST.get(ADDRESS_FIELD, "")
    if not _sent_from_here(request):
        refusal = _("This was sent from another website. Please send it from here.")
        return _agency_page(request, campaign, agency, refusal=refusal, status=403)
    web = kits.invitations_of(campaign, agency)[Channel.WEB]
    if web.withdrawn_at is not None:
        raise Http404
    try:
        address = clean_address(typed)
    except ValidationError as error:
        return _agency_page(
            request,
            campaign,
            agency,
            refusal=error.messages[0],
            typed=typed[: 2 * LONGEST_ADDRESS],
            status=400,
        )
    outcome = declare(web, address)
    back = kits.agency_url(campaign, agency.slug)
    return HttpResponseRedirect(f"{back}?{OUTCOME_PARAMETER}={outcome}#{ANSWER_ANCHOR}")


def _sent_from_here(request: HttpRequest) -> bool:
    """Whether a form was sent from our own page, as far as the browser says.

    Browsers that say nothing are older than both headers, and are believed: what can be
    sent is an address to look at, by nobody in particular.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return not origin or origin.partition("://")[2].lower() == request.get_host().lower()


@require_safe
def kit_file(request: HttpRequest, slug: str, agency: str, name: str) -> HttpResponseBase:
    """A file of an agency's kit: a banner, all of them, or its code to scan. Counted for it."""
    campaign, whose = _campaign(slug), _agency(agency)
    stem, _dot, extension = name.rpartition(".")
    is_qr = stem == kits.QR_NAME and extension in kits.QR_EXTENSIONS
    is_archive = name == kits.ARCHIVE_NAME
    banner = None if is_qr or is_archive else _banner(campaign, stem, extension)
    taken_by = kits.invitations_of(campaign, whose)[Channel.QR if is_qr else Channel.WEB]
    if taken_by.withdrawn_at is not None:
        raise Http404
    try:
        if is_qr:
            content = kits.qr_file(address_of(taken_by), extension)
            answer = _download(content, f"{kits.QR_NAME}-{whose.slug}.{extension}")
        elif banner is None:
            answer = _download(kit_archive(campaign), f"{campaign.slug}.zip")
        else:
            content = banner_file(banner, extension).path.read_bytes()
            answer = _download(content, file_name(banner, extension))
    except (BannerUnavailable, OSError):
        answer = _plain(_("The picture cannot be made at the moment."), status=503)
        answer["Retry-After"] = str(RETRY_SECONDS)
        return answer
    if request.method == "GET":
        record(request, Kind.DOWNLOAD, code=taken_by.code)
    return answer


def _banner(campaign: CampaignPage, form: str, extension: str) -> Banner:
    """The banner a file's name stands for; what has no such name is not found."""
    banner = kits.banner_of(campaign, form) if extension in kits.EXTENSIONS else None
    if banner is None:
        raise Http404
    return banner


CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}


def _download(content: bytes, name: str) -> HttpResponse:
    """``content`` as a file to keep, always in whole: none is large enough to be resumed."""
    content_type = CONTENT_TYPES[name.rpartition(".")[2]]
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Robots-Tag"] = "noindex"
    return answer
