"""The preview a link opens: the same pages as the public's, mounted under the link's address.

Below ``/xem-truoc/<secret>/`` lie the addresses of the portal itself, of which those of
one exhibition are answered: its pages in their newest versions, their pictures and their
attached files. Every address that is printed there is made under the same prefix, so
nothing leads out of it, and no picture of it can be had without the link.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db.models import Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import get_script_prefix, resolve, reverse, set_script_prefix
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import bad_request, page_not_found
from wagtail.models import Page, Site

from core.media.serving import file_response, rendition_response
from core.models import BasePage, CustomDocument, CustomImage, RenditionSet
from exhibitions.models import ExhibitionPage, ItemMedium, ItemPage, PartPage, PreviewLink
from exhibitions.newest import newest_contents, newest_version
from exhibitions.opinions import OPINION_LENGTH, give_opinion, opinions_on
from exhibitions.preview_links import find_link
from exhibitions.visibility import restricted_items, state_of, withheld

HEADERS = {
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
}

METHODS = ("GET", "HEAD", "POST")

MEDIA_REMEMBERED = 20
"""Seconds: a page asks for its pictures at once, and each asks what the exhibition shows."""


@contextmanager
def mounted_at(prefix: str) -> Iterator[None]:
    """Let every address that is made meanwhile lie below ``prefix``."""
    before = get_script_prefix()
    set_script_prefix(prefix)
    try:
        yield
    finally:
        set_script_prefix(before)


# What lets in is the secret in the address and no cookie: there is no session to ride on.
@csrf_exempt
def shared_preview(request: HttpRequest, secret: str, path: str) -> HttpResponseBase:
    """Whatever lies at ``path`` below the link with this ``secret``."""
    try:
        answer = _answer(request, find_link(secret), secret, path)
    except Http404 as error:
        answer = page_not_found(request, error)
    except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
        answer = bad_request(request, error)
    for name, value in HEADERS.items():
        answer[name] = value
    # Django would write the path of whatever is refused, and the secret is in it.
    answer._has_been_logged = True  # type: ignore[attr-defined]
    return answer


def _answer(
    request: HttpRequest, link: PreviewLink | None, secret: str, path: str
) -> HttpResponseBase:
    if link is None:
        raise Http404
    if request.method not in METHODS:
        return HttpResponseNotAllowed(METHODS)
    if not link.works:
        return render(request, "exhibitions/preview_ended.html", {"link": link}, status=410)
    request.is_preview = True  # type: ignore[attr-defined]
    request.preview_link = link  # type: ignore[attr-defined]
    found = resolve(f"/{path}")
    with mounted_at(reverse("shared_preview", args=[secret, ""])):
        match found.url_name:
            case "staff_rendition":
                return _picture(link, **found.kwargs)
            case "staff_document":
                return _document(link, **found.kwargs)
            case "wagtail_serve":
                return _page(request, link, path)
    raise Http404


def _page(request: HttpRequest, link: PreviewLink, path: str) -> HttpResponse:
    hall = newest_version(link.exhibition)
    state_of(hall)
    if not path:
        return redirect(hall.get_url(request))
    page = _page_at(request, hall, path)
    page.exhibition_above = hall
    written = Written()
    if request.method == "POST":
        written = Written(request.POST.get("y-kien", ""), request.POST.get("ten", ""))
        reasons = give_opinion(link, page, text=written.text, author=written.author)
        if not reasons:
            return HttpResponseRedirect(f"{request.path}#y-kien", status=303)
        written = Written(written.text, written.author, tuple(each.text for each in reasons))
    context = page.get_context(request)
    hall_url = hall.get_url(request) or ""
    context.update(
        breadcrumbs=[each for each in context["breadcrumbs"] if each.url.startswith(hall_url)],
        preview_link=link,
        opinions=opinions_on(page, link),
        opinion_length=OPINION_LENGTH,
        written=written,
        withheld_count=len(withheld(hall)),
        hall_url=hall_url,
    )
    status = 422 if written.reasons else 200
    return render(request, page.get_template(request), context, status=status)


@dataclass(frozen=True)
class Written:
    """What stands in the box for opinions: empty, or what was refused, and why."""

    text: str = ""
    author: str = ""
    reasons: tuple[str, ...] = ()


def _page_at(request: HttpRequest, hall: ExhibitionPage, path: str) -> BasePage:
    """The page of ``hall`` at ``path``, in its newest version. Raises Http404."""
    site = Site.find_for_request(request)
    root = site.root_page.url_path if site else "/"
    within = Page.objects.filter(path__startswith=hall.path)
    page = get_object_or_404(within, url_path=f"{root}{path.strip('/')}/")
    if page.pk == hall.pk:
        return hall
    if page.pk in withheld(hall):
        raise Http404
    newest: BasePage = newest_version(page.specific)
    return newest


# Pictures and files


@dataclass(frozen=True)
class ShownMedia:
    """The numbers of the images and documents that a preview of an exhibition shows."""

    images: frozenset[int]
    documents: frozenset[int]


def _picture(link: PreviewLink, key: str, name: str) -> HttpResponseBase:
    renditions = get_object_or_404(RenditionSet, key=key)
    if renditions.image_id not in _media_of(link).images:
        raise Http404
    return rendition_response(key, name)


def _document(link: PreviewLink, document_id: int) -> HttpResponseBase:
    if document_id not in _media_of(link).documents:
        raise Http404
    document = get_object_or_404(CustomDocument, pk=document_id)
    answer = file_response(Path(document.file.path), HEADERS["Cache-Control"])
    answer["Content-Type"] = document.content_type
    answer["Content-Disposition"] = document.content_disposition
    # Nothing within the file may run or load anything in the portal's name.
    answer["Content-Security-Policy"] = "default-src 'none'"
    return answer


def _media_of(link: PreviewLink) -> ShownMedia:
    name = f"shared-preview-media-{link.exhibition_id}"
    remembered: ShownMedia | None = cache.get(name)
    if remembered is None:
        remembered = shown_media(link.exhibition)
        cache.set(name, remembered, MEDIA_REMEMBERED)
    return remembered


def shown_media(exhibition: ExhibitionPage) -> ShownMedia:
    """What the pages of ``exhibition`` show, in their newest versions and as they are stored.

    Nothing that hangs in an item of restricted access, here or in another exhibition,
    whatever else shows it.
    """
    hidden = withheld(exhibition)
    images: set[int] = set()
    documents: set[int] = set()
    hidden_images: set[int] = set()
    hidden_documents: set[int] = set()
    for item, image, document in _hung(exhibition):
        (hidden_images if item in hidden else images).add(image)
        (hidden_documents if item in hidden else documents).add(document)
    images |= {exhibition.cover_id, newest_version(exhibition).cover_id}
    for part in PartPage.objects.filter(path__startswith=exhibition.path):
        images |= _in_narrative(part, CustomImage)
        documents |= _in_narrative(part, CustomDocument)
    elsewhere = _restricted_elsewhere(exhibition, images, documents)
    for image, document in elsewhere.values_list("image_id", "document_id"):
        hidden_images.add(image or 0)
        hidden_documents.add(document or 0)
    return ShownMedia(
        frozenset(images - hidden_images - {0}), frozenset(documents - hidden_documents - {0})
    )


def _restricted_elsewhere(
    exhibition: ExhibitionPage, images: set[int], documents: set[int]
) -> QuerySet[ItemMedium]:
    """Media of the same files in items of restricted access in other exhibitions."""
    same = ItemMedium.objects.filter(Q(image__in=images) | Q(document__in=documents))
    others = same.exclude(item__path__startswith=exhibition.path)
    items = restricted_items(ItemPage.objects.filter(media__in=others).distinct())
    return ItemMedium.objects.filter(item__in=items)


def _hung(exhibition: ExhibitionPage) -> Iterator[tuple[int, int, int]]:
    """Item, image and document of every medium, stored or in a newest version; 0 for none."""
    items = list(ItemPage.objects.filter(path__startswith=exhibition.path))
    stored = ItemMedium.objects.filter(item__in=items)
    for item, image, document in stored.values_list("item_id", "image_id", "document_id"):
        yield item, image or 0, document or 0
    for item, content in newest_contents(items).items():
        for each in content.get("media") or []:
            yield item, each.get("image") or 0, each.get("document") or 0


def _in_narrative(part: PartPage, model: type[Any]) -> set[int]:
    """The numbers of the files of type ``model`` that the narrative of ``part`` places."""
    field = PartPage._meta.get_field("narrative")
    references = field.extract_references(newest_version(part).narrative)
    return {int(number) for kind, number, _path, _name in references if kind is model}
