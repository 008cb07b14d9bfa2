"""What is done to every request before a view sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from core.row_numbers import LARGEST, row_number
from core.vietnamese import normalise


def _normalised(query: QueryDict) -> QueryDict:
    """``query`` with normalised values, immutable as Django's own; itself if nothing changes."""
    cleaned = QueryDict(mutable=True, encoding=query.encoding)
    for name, values in query.lists():
        cleaned.setlist(name, [normalise(value) for value in values])
    if cleaned == query:
        return query
    cleaned._mutable = False
    return cleaned


class _NormalisedForm:
    """Mixed into the class of a request: normalises form data at the moment it is parsed.

    Django parses a body when POST or FILES is first asked for. Doing it earlier would read
    uploads before a view may choose their handlers, and spoil bodies a view reads itself.
    """

    _post: QueryDict
    _files: MultiValueDict[str, UploadedFile]

    def _load_post_and_files(self) -> None:
        super()._load_post_and_files()  # type: ignore[misc]
        self._post = _normalised(self._post)
        for _, files in self._files.lists():
            for file in files:
                file.name = normalise(file.name or "")


@cache
def _with_normalised_form(request_class: type[HttpRequest]) -> type[HttpRequest]:
    return type(f"Normalised{request_class.__name__}", (_NormalisedForm, request_class), {})


class NormaliseTextMiddleware:
    """Normalises the text of query strings, form posts and names of uploaded files.

    Behind it no code meets decomposed Vietnamese, ETH for Đ, or NUL (which PostgreSQL
    refuses). Contents of files and bodies that are not forms, such as JSON, are left as they
    are. It changes how the request parses rather than what it holds, so it belongs before
    every middleware that reads a form (the CSRF check does).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Normalise the query string now, and the form whenever the view asks for it."""
        request.GET = _normalised(request.GET)  # type: ignore[assignment]
        request.__class__ = _with_normalised_form(type(request))  # type: ignore[arg-type]
        return self.get_response(request)


class RowNumbersMiddleware:
    """What is asked for by a number that no row has is not found.

    Django's addresses take numbers of any length, and Wagtail hands what stands in the query
    of some of its views to the database as it is; both end in an error there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand the request on."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, named: Mapping[str, object]
    ) -> None:
        """Raise Http404 for numbers that cannot be."""
        if any(isinstance(value, int) and value > LARGEST for value in named.values()):
            raise Http404
        if not all(map(row_number, _numbers_asked_for(request))):
            raise Http404


def _numbers_asked_for(request: HttpRequest) -> list[str]:
    """What Wagtail takes for numbers of rows without looking at it."""
    asked = request.resolver_match
    view = asked.view_name if asked else ""
    if view == "wagtail_bulk_action":
        chosen = [number for number in request.GET.getlist("id") if number != "all"]
        return [*chosen, *request.GET.getlist("childOf")]
    if view.endswith(":chosen_multiple") or view == "wagtailadmin_choose_page_chosen_multiple":
        return request.GET.getlist("id")
    if view == "wagtailadmin_pages:copy" and request.method == "POST":
        return [request.POST.get("new_parent_page", "")]
    return []
