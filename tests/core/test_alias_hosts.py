"""A misprinted or former host name brings its reader to the exhibition, and nothing else does."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.alias_hosts import KNOWN_SECONDS, AliasHostMiddleware, Destinations
from core.models import HostAlias
from home.models import HomePage
from tests import factories
from tests.exhibitions.test_admin_clearance import staff
from tests.portal import Hall

pytestmark = pytest.mark.django_db

MISPRINTED = "thiduayeunuoccum7tinhmnbgbp.hagiang.gov.vn"


@pytest.fixture(autouse=True)
def portal_address(settings) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://trienlam.vn"


@pytest.fixture
def alias(hall: Hall) -> HostAlias:
    """A misprinted host that leads to the exhibition."""
    return HostAlias.objects.create(host=MISPRINTED, page=hall.exhibition)


def address_of(hall: Hall) -> str:
    return f"https://trienlam.vn{hall.exhibition.get_url()}"


def test_a_misprinted_host_leads_to_the_exhibition_for_good(
    client: Client, hall: Hall, alias: HostAlias
) -> None:
    for method in (client.get, client.head, client.post, client.put, client.delete):
        answer = method("/", headers={"host": MISPRINTED})
        assert answer.status_code == 308
        assert answer["Location"] == address_of(hall)
        assert answer.cookies == {}
        assert answer.content == b""


def test_capitals_a_port_and_a_closing_dot_make_no_other_host(
    client: Client, hall: Hall, alias: HostAlias
) -> None:
    for written in (MISPRINTED.upper(), f"{MISPRINTED}:8443", f"{MISPRINTED}."):
        answer = client.get("/", headers={"host": written})
        assert (answer.status_code, answer["Location"]) == (308, address_of(hall))


def test_nothing_of_the_request_goes_into_the_answer(
    client: Client, hall: Hall, alias: HostAlias
) -> None:
    for path in (
        "/phan-i/?url=https://elsewhere.example/",
        "//elsewhere.example/",
        "/%0d%0aSet-Cookie:a=b/",
        "/admin/login/?next=//elsewhere.example",
        "/_v/",
        "/static/css/base.css",
        "/" + "a" * 3000,
    ):
        for answer in (
            client.get(path, headers={"host": MISPRINTED}),
            client.post(path, {"url": "//elsewhere.example"}, headers={"host": MISPRINTED}),
        ):
            assert (answer.status_code, answer["Location"]) == (308, address_of(hall)), path
            assert answer.cookies == {}, path


def test_without_a_page_it_leads_home(client: Client, home: HomePage) -> None:
    HostAlias.objects.create(host=MISPRINTED)
    answer = client.get("/bat-ky/", headers={"host": MISPRINTED})
    assert (answer.status_code, answer["Location"]) == (308, "https://trienlam.vn/")


def test_a_page_nobody_may_see_is_not_named(client: Client, hall: Hall, alias: HostAlias) -> None:
    hall.exhibition.unpublish()
    answer = client.get("/", headers={"host": MISPRINTED})
    assert answer["Location"] == "https://trienlam.vn/"


def test_an_uncleared_item_is_not_named(client: Client, hall: Hall) -> None:
    item = factories.ItemPageFactory(parent=hall.parts[0])
    HostAlias.objects.create(host=MISPRINTED, page=item)
    answer = client.get("/", headers={"host": MISPRINTED})
    assert answer["Location"] == "https://trienlam.vn/"


def test_a_page_outside_the_site_and_a_deleted_page_lead_home(client: Client, hall: Hall) -> None:
    root = hall.exhibition.get_root()
    HostAlias.objects.create(host="goc.gov.vn", page=root)
    outside = factories.StandardPageFactory(parent=root)
    HostAlias.objects.create(host="ngoai.gov.vn", page=outside)
    deleted = factories.StandardPageFactory(parent=hall.exhibition.get_parent().get_parent())
    HostAlias.objects.create(host="xoa.gov.vn", page=deleted)
    deleted.delete()
    for host in ("goc.gov.vn", "ngoai.gov.vn", "xoa.gov.vn"):
        assert client.get("/", headers={"host": host})["Location"] == "https://trienlam.vn/"


def test_the_answer_is_asked_for_anew_for_the_page_may_open_or_close(
    client: Client, alias: HostAlias
) -> None:
    assert client.get("/", headers={"host": MISPRINTED})["Cache-Control"] == "no-cache"


STRANGERS = (
    "elsewhere.example",
    f"www.{MISPRINTED}",
    f"{MISPRINTED}.elsewhere.example",
    f"elsewhere.example/{MISPRINTED}",
    f"a@{MISPRINTED}",
    f"{MISPRINTED}:port",
    f"{MISPRINTED} ",
    f"{MISPRINTED},testserver",
    "[::1]",
    "[::1]:8000",
    "[2001:db8::1",
    "192.0.2.1",
    "",
    ".",
    "/",
    "a" * 5000,
    "\xff\x00",
    "triển-lãm.vn",
)


@pytest.mark.parametrize("path", ["/", "/static/css/base.css", "/admin/", "/khong-co/"])
def test_every_other_host_is_refused_whatever_it_asks_for(client: Client, path: str) -> None:
    HostAlias.objects.create(host=MISPRINTED)
    for host in STRANGERS:
        for answer in (client.get(path, HTTP_HOST=host), client.post(path, HTTP_HOST=host)):
            assert answer.status_code == 400, host
            assert answer.cookies == {}, host


def test_an_ipv6_host_of_the_portal_is_no_stranger(client: Client, hall: Hall, settings) -> None:
    settings.ALLOWED_HOSTS = ["[::1]"]
    assert client.get("/", headers={"host": "[::1]:8000"}).status_code == 200


def through_the_middleware(destinations: Destinations | None = None) -> AliasHostMiddleware:
    """The middleware before a view that only says that it was reached."""
    middleware = AliasHostMiddleware(lambda request: HttpResponse("portal"))
    if destinations:
        middleware._destinations = destinations
    return middleware


def asked_for(host: str) -> HttpRequest:
    return RequestFactory().get("/", HTTP_HOST=host)


def test_the_portals_own_hosts_cost_no_query(alias: HostAlias, django_assert_num_queries) -> None:
    middleware = through_the_middleware()
    with django_assert_num_queries(0):
        for host in settings.ALLOWED_HOSTS:
            assert middleware(asked_for(host)).content == b"portal"


def test_a_flood_of_made_up_hosts_costs_one_query_and_no_memory(
    alias: HostAlias, django_assert_num_queries
) -> None:
    destinations = Destinations(clock=lambda: 0.0)
    middleware = through_the_middleware(destinations)
    with django_assert_num_queries(1):
        for number in range(3000):
            with pytest.raises(DisallowedHost):
                middleware(asked_for(f"host-{number}.example"))
    assert destinations._pages.keys() == {MISPRINTED}
    assert destinations._addresses == {}


def test_a_flood_for_the_alias_itself_is_answered_from_memory(
    alias: HostAlias, hall: Hall, django_assert_num_queries
) -> None:
    middleware = through_the_middleware(Destinations(clock=lambda: 0.0))
    middleware(asked_for(MISPRINTED))
    with django_assert_num_queries(0):
        for number in range(100):
            answer = middleware(asked_for(f"{MISPRINTED}:{number + 1}"))
            assert answer["Location"] == address_of(hall)


def test_new_rows_gone_rows_and_hidden_pages_are_noticed_within_seconds(
    alias: HostAlias, hall: Hall
) -> None:
    now = [1000.0]
    destinations = Destinations(clock=lambda: now[0])
    assert destinations.address_of(MISPRINTED) == address_of(hall)
    assert destinations.address_of("moi.gov.vn") is None
    hall.exhibition.unpublish()
    HostAlias.objects.create(host="moi.gov.vn")
    now[0] += KNOWN_SECONDS
    assert destinations.address_of(MISPRINTED) == "https://trienlam.vn/"
    assert destinations.address_of("moi.gov.vn") == "https://trienlam.vn/"
    alias.delete()
    now[0] += KNOWN_SECONDS
    assert destinations.address_of(MISPRINTED) is None
    assert KNOWN_SECONDS <= 10


def test_it_stands_before_everything_else() -> None:
    assert settings.MIDDLEWARE[0] == "core.alias_hosts.AliasHostMiddleware"


def test_the_office_keeps_the_list_among_the_settings(
    admin_client: Client, client: Client, hall: Hall, alias: HostAlias
) -> None:
    listing = reverse("alias_hosts:index")
    assert listing in admin_client.get(reverse("wagtailadmin_home")).content.decode()
    html = admin_client.get(listing).content.decode()
    assert MISPRINTED in html
    assert hall.exhibition.title in html
    fields = {"host": " Cu.LangSon.gov.vn. ", "page": "", "note": "Công văn số 1"}
    assert admin_client.post(reverse("alias_hosts:add"), fields).status_code == 302
    assert client.get("/", headers={"host": "cu.langson.gov.vn"}).status_code == 308


def test_the_list_does_not_ask_for_each_page(
    admin_client: Client, hall: Hall, alias: HostAlias
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin_client.get(reverse("alias_hosts:index")).status_code == 200
        return len(captured)

    queries()
    with_one = queries()
    for number, item in enumerate(hall.items):
        HostAlias.objects.create(host=f"b{number}.gov.vn", page=item)
    assert queries() == with_one


def test_what_is_no_host_name_is_refused_with_a_reason(
    admin_client: Client, home: HomePage
) -> None:
    for host in ("https://cu.gov.vn/", "cu.gov.vn:80", "cu gov vn", "cu", "triển-lãm.vn"):
        fields = {"host": host, "page": "", "note": ""}
        answer = admin_client.post(reverse("alias_hosts:add"), fields)
        assert answer.context["form"].errors["host"], host
    assert not HostAlias.objects.exists()


def test_an_editor_without_the_right_does_not_see_the_list(client: Client, hall: Hall) -> None:
    client.force_login(staff("bientap", hall.exhibition))
    assert client.get(reverse("alias_hosts:index")).status_code == 302
