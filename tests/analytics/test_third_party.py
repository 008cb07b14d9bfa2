"""A third party learns of no reader who did not agree, and of nobody unless the office wants it."""

from __future__ import annotations

import logging
import re

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from analytics import third_party
from analytics.third_party import UnexpectedMarkup, javascript_of
from tests.exhibitions.test_admin_clearance import staff
from tests.portal import Hall
from tests.site.test_public_pages import Markup, foreign_addresses

SCRIPT = "/_v/ben-thu-ba.js"
LOADER = "/static/js/ben-thu-ba.js"
HOST = "thongke.langson.gov.vn"


@pytest.fixture
def service(settings) -> None:
    """An office that has its own Matomo."""
    settings.MATOMO_DOMAIN_PATH = f"{HOST}/matomo"
    settings.MATOMO_SITE_ID = "7"


class TestThePage:
    pytestmark = pytest.mark.django_db

    def test_it_carries_neither_loader_nor_question_by_default(
        self, client: Client, hall: Hall
    ) -> None:
        for address in ("/", hall.items[0].get_url(), "/khong-co/"):
            assert "ben-thu-ba" not in client.get(address).content.decode()

    def test_it_carries_only_a_loader_of_ours_and_a_question_nobody_sees_without_it(
        self, client: Client, hall: Hall, settings
    ) -> None:
        address = hall.items[0].get_url()
        without = Markup(client.get(address).content.decode())
        settings.MATOMO_DOMAIN_PATH, settings.MATOMO_SITE_ID = f"{HOST}/matomo", "7"
        answer = client.get(address)
        page = Markup(answer.content.decode())
        added = [each for each in page.all("script") if each not in without.all("script")]
        assert added == [{"src": LOADER, "defer": None}]
        assert page.scripts_with_text == 0
        assert page.unbalanced == []
        assert foreign_addresses(page) == []
        assert answer.cookies == {}
        (question,) = [each for each in page.all("section") if each.get("id") == "ben-thu-ba"]
        assert "hidden" in question
        assert question["data-service"] == HOST

    def test_yes_and_no_are_alike_and_neither_is_chosen_beforehand(
        self, client: Client, hall: Hall, service: None
    ) -> None:
        html = client.get("/").content.decode()
        bar = html[html.index('id="ben-thu-ba"') :].partition("</section>")[0]
        buttons = Markup(bar).all("button")
        assert {each.pop("value") for each in buttons} == {"yes", "no"}
        assert buttons[0] == buttons[1]
        assert re.findall(r"<button[^>]*>([^<]*)<", bar) == ["Đồng ý", "Không đồng ý"]
        assert ">Thống kê của bên thứ ba<" in html
        assert "checked" not in bar
        assert 'href="/du-lieu-ca-nhan/"' in bar
        assert HOST in bar

    def test_a_preview_carries_neither(self, client: Client, hall: Hall, service: None) -> None:
        client.force_login(staff("bientap", hall.exhibition))
        preview = reverse("wagtailadmin_pages:view_draft", args=[hall.items[0].pk])
        answer = client.get(preview)
        assert answer.status_code == 200
        assert "ben-thu-ba" not in answer.content.decode()

    def test_it_is_the_same_for_everybody(self, client: Client, hall: Hall, service: None) -> None:
        plain = client.get("/").content
        assert client.get("/", headers={"dnt": "1", "sec-gpc": "1"}).content == plain
        assert client.get("/", REMOTE_ADDR="10.20.0.1").content == plain


def asked(client: Client, **environ: str):
    return client.get(SCRIPT, **{"HTTP_SEC_FETCH_SITE": "same-origin", **environ})


@pytest.mark.usefixtures("service")
class TestTheScript:
    def test_it_is_what_django_analytical_renders_without_its_markup(self, client: Client) -> None:
        answer = asked(client)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert answer["Content-Type"] == "text/javascript; charset=utf-8"
        assert "['setSiteId', 7]" in text
        assert f'"//{HOST}/matomo/"' in text
        assert "<" not in text
        assert "_paq.push(['disableCookies'])" in text
        assert text.index("disableCookies") < text.index("trackPageView")

    def test_nobody_keeps_it_and_nobody_takes_it_for_something_else(self, client: Client) -> None:
        for answer in (asked(client), asked(client, HTTP_DNT="1")):
            assert answer["Cache-Control"] == "no-store"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Type"].startswith("text/javascript")
            assert answer.cookies == {}
            assert "Cookie" not in answer.get("Vary", "")

    def test_a_browser_too_old_to_say_where_it_asks_from_is_believed(self, client: Client) -> None:
        assert client.get(SCRIPT).status_code == 200

    @pytest.mark.parametrize(
        "environ",
        [
            {"HTTP_DNT": "1"},
            {"HTTP_SEC_GPC": "1"},
            {"HTTP_COOKIE": f"a=b; {settings.SESSION_COOKIE_NAME}=anything"},
            {"REMOTE_ADDR": "10.20.3.4"},
            {"REMOTE_ADDR": "::ffff:10.20.3.4"},
            {"REMOTE_ADDR": "127.0.0.9", "HTTP_X_FORWARDED_FOR": "203.0.113.1, 10.20.3.4"},
            {"HTTP_SEC_FETCH_SITE": "cross-site"},
            {"HTTP_SEC_FETCH_SITE": "same-site"},
            {"HTTP_SEC_FETCH_SITE": "none"},
            {"HTTP_SEC_PURPOSE": "prefetch;prerender"},
        ],
        ids=lambda environ: " ".join(f"{name}={value}" for name, value in environ.items()),
    )
    def test_there_is_nothing_for(self, client: Client, settings, environ) -> None:
        settings.INTERNAL_NETWORKS = ("10.20.0.0/16",)
        settings.TRUSTED_PROXIES = ("127.0.0.0/8",)
        answer = asked(client, **environ)
        assert (answer.status_code, answer.content) == (204, b"")

    @pytest.mark.parametrize(
        "environ",
        [
            {"HTTP_DNT": "0"},
            {"HTTP_SEC_GPC": "0"},
            {"HTTP_COOKIE": "theme=dark"},
            {"REMOTE_ADDR": "203.0.113.1", "HTTP_X_FORWARDED_FOR": "10.20.3.4"},
            {"REMOTE_ADDR": "127.0.0.9", "HTTP_X_FORWARDED_FOR": "10.20.3.4, 203.0.113.1"},
        ],
        ids=lambda environ: " ".join(f"{name}={value}" for name, value in environ.items()),
    )
    def test_there_is_something_for(self, client: Client, settings, environ) -> None:
        settings.INTERNAL_NETWORKS = ("10.20.0.0/16",)
        settings.TRUSTED_PROXIES = ("127.0.0.0/8",)
        assert asked(client, **environ).status_code == 200

    @pytest.mark.django_db
    def test_there_is_nothing_for_whoever_is_signed_in(self, admin_client: Client) -> None:
        assert asked(admin_client).status_code == 204

    def test_it_is_only_read(self, client: Client) -> None:
        assert client.head(SCRIPT).status_code == 200
        assert client.post(SCRIPT).status_code == 405

    @pytest.mark.parametrize(
        "tag",
        [
            "<script>a()</script><img src='//elsewhere.example/'>",
            "{# nothing #}",
            "<!-- Matomo disabled on internal IP address\n{% load matomo %}{% matomo %}\n-->",
        ],
    )
    def test_what_is_not_understood_is_not_served_but_reported(
        self, client: Client, monkeypatch, caplog, tag: str
    ) -> None:
        monkeypatch.setattr(third_party, "TAG", tag)
        with caplog.at_level(logging.ERROR, "analytics.third_party"):
            answer = asked(client)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "No third-party script is served" in caplog.text

    def test_a_setting_django_analytical_refuses_is_reported(
        self, client: Client, settings, caplog
    ) -> None:
        settings.MATOMO_SITE_ID = "seven"
        assert asked(client).status_code == 204
        assert "MATOMO_SITE_ID" in caplog.text


@pytest.mark.parametrize(("host", "number"), [("", ""), (HOST, ""), ("", "7")])
def test_there_is_no_script_unless_both_server_and_number_are_given(
    client: Client, settings, host: str, number: str
) -> None:
    settings.MATOMO_DOMAIN_PATH, settings.MATOMO_SITE_ID = host, number
    assert asked(client).status_code == 204
    assert third_party.service_host() == ""


class TestTakingTheScriptOut:
    def test_comments_and_noscript_are_left_behind(self) -> None:
        markup = (
            "<!-- a <script>never()</script> -->\n<script>\nif (a < b && c) d('</p>');\n</script>"
            "<noscript><p><img src='//elsewhere.example/x.gif'></p></noscript>"
            "<SCRIPT>e();</SCRIPT>"
        )
        assert javascript_of(markup) == "if (a < b && c) d('</p>');\n\ne();"

    @pytest.mark.parametrize(
        "markup",
        [
            "",
            "   \n",
            "<script></script>",
            "<noscript><img></noscript>",
            "text<script>a()</script>",
            "<script>a()</script>&lt;",
            "<script src='//elsewhere.example/a.js'></script>",
            "<script async>a()</script>",
            "<script type='application/json'>{}</script>",
            "<p><script>a()</script></p>",
            "<script>a()</script><img src='//elsewhere.example/'>",
            "<script>a()",
            "<script>a()</script><noscript><img>",
            "<script/>a()</script>",
            "</p><script>a()</script>",
            "<!DOCTYPE html><script>a()</script>",
            "<?php ?><script>a()</script>",
            "<style>a{}</style><script>a()</script>",
        ],
    )
    def test_anything_unexpected_spoils_it_all(self, markup: str) -> None:
        with pytest.raises(UnexpectedMarkup):
            javascript_of(markup)


def test_nobody_is_named_to_a_third_party_and_no_cookie_is_set_for_one() -> None:
    assert settings.ANALYTICAL_AUTO_IDENTIFY is False
    assert settings.MATOMO_DISABLE_COOKIES is True
    assert not hasattr(settings, "ANALYTICAL_INTERNAL_IPS")
