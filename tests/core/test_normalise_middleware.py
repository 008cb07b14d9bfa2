"""Text that arrives with a request is normalised before any view sees it."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory

from core.middleware import NormaliseTextMiddleware

TYPED = unicodedata.normalize("NFD", "Lạng Sơn \u00d0ồng \u00d0ăng") + "\x00"
STORED = "Lạng Sơn Đồng Đăng"
FORM = "application/x-www-form-urlencoded"


def seen_by_view(request: HttpRequest, read: Callable[[HttpRequest], Any]) -> Any:
    """What ``read`` makes of the request where a view would get it."""
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(read(request))
        return HttpResponse()

    NormaliseTextMiddleware(view)(request)
    return seen[0]


@pytest.fixture
def requests() -> RequestFactory:
    return RequestFactory()


def test_the_query_string_is_normalised(requests):
    query = seen_by_view(requests.get("/", {"q": [TYPED, "b"]}), lambda request: request.GET)
    assert query.getlist("q") == [STORED, "b"]
    with pytest.raises(AttributeError, match="immutable"):
        query["q"] = "changed"


def test_the_query_string_of_a_post_is_normalised(requests):
    request = requests.post(f"/?{urlencode({'q': TYPED})}", {"title": "a"})
    assert seen_by_view(request, lambda request: request.GET["q"]) == STORED


def test_a_form_is_normalised(requests):
    request = requests.post("/", urlencode({"title": [TYPED, "b"]}, doseq=True), content_type=FORM)
    form = seen_by_view(request, lambda request: request.POST)
    assert form.getlist("title") == [STORED, "b"]
    with pytest.raises(AttributeError, match="immutable"):
        form["title"] = "changed"


def test_a_form_with_files_is_normalised_and_the_files_arrive_whole(requests):
    content = TYPED.encode()
    name = unicodedata.normalize("NFD", "công văn 39 VP.pdf")
    request = requests.post("/", {"title": TYPED, "scan": SimpleUploadedFile(name, content)})

    def read(request: HttpRequest) -> tuple[str, str, bytes]:
        scan = request.FILES["scan"]
        return request.POST["title"], scan.name, scan.read()

    assert seen_by_view(request, read) == (STORED, "công văn 39 VP.pdf", content)


def test_a_view_may_ask_for_the_files_first(requests):
    request = requests.post("/", {"title": TYPED, "scan": SimpleUploadedFile("a.pdf", b"%PDF")})

    def read(request: HttpRequest) -> tuple[list[str], str]:
        return list(request.FILES), request.POST["title"]

    assert seen_by_view(request, read) == (["scan"], STORED)


def test_a_view_may_still_choose_its_upload_handlers(requests):
    request = requests.post("/", {"scan": SimpleUploadedFile("a.pdf", b"%PDF")})

    def read(request: HttpRequest) -> bool:
        request.upload_handlers = [TemporaryFileUploadHandler(request)]
        return hasattr(request.FILES["scan"], "temporary_file_path")

    assert seen_by_view(request, read)


def test_a_json_body_is_left_to_the_view(requests):
    body = json.dumps({"title": TYPED})
    request = requests.post("/", body, content_type="application/json")

    def read(request: HttpRequest) -> tuple[bytes, dict]:
        return request.body, dict(request.POST)

    assert seen_by_view(request, read) == (body.encode(), {})


def test_the_raw_body_of_a_form_stays_readable(requests):
    body = urlencode({"title": TYPED})
    request = requests.post("/", body, content_type=FORM)
    raw = seen_by_view(request, lambda request: (request.body, request.POST["title"]))
    assert raw == (body.encode(), STORED)


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_body_is_read_unless_the_view_asks(requests, method):
    class Unreadable(BytesIO):
        def read(self, *args: Any) -> bytes:
            raise AssertionError("The body was read.")

    request = getattr(requests, method)("/", **{"wsgi.input": Unreadable()})
    assert seen_by_view(request, lambda request: "untouched") == "untouched"


def test_a_get_request_has_an_empty_form(requests):
    assert not seen_by_view(requests.get("/"), lambda request: request.POST)


def test_the_csrf_check_reads_the_token_as_before(requests):
    token_request = requests.get("/")
    token = get_token(token_request)
    secret = token_request.META["CSRF_COOKIE"]

    def status(form: dict[str, str]) -> int:
        request = requests.post("/", form)
        request.COOKIES["csrftoken"] = secret
        request._dont_enforce_csrf_checks = False
        check = CsrfViewMiddleware(lambda request: HttpResponse())

        def read(request: HttpRequest) -> int:
            check.process_request(request)
            refusal = check.process_view(request, lambda request: HttpResponse(), (), {})
            return refusal.status_code if refusal else 200

        return seen_by_view(request, read)

    assert status({"csrfmiddlewaretoken": token, "title": TYPED}) == 200
    assert status({"title": TYPED}) == 403
