"""Rules that hold for every public page, whatever its type."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client, RequestFactory
from django.views.defaults import server_error
from wagtail.models import Page

from core.models import BasePage
from tests import factories
from tests.core.test_pages import PAGE_TYPES
from tests.portal import Hall

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "use"}


class Markup(HTMLParser):
    """What a test wants to know of a page's markup."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts_with_text = 0
        self._open: list[str] = []
        self.unbalanced: list[str] = []
        self.feed(text)
        self.unbalanced += self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self._open and self._open[-1] == tag:
            self._open.pop()
        else:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "script" and data.strip():
            self.scripts_with_text += 1

    def all(self, name: str) -> list[dict[str, str | None]]:
        """The attributes of every element called ``name``."""
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture
def pages(hall: Hall) -> dict[type[BasePage], Page]:
    """One public page of every type."""
    home = hall.exhibition.get_parent().get_parent().specific
    factories.hang(hall.items[0])
    news_index = factories.NewsIndexPageFactory(parent=home, show_in_menus=True)
    for_agencies = factories.CampaignIndexPageFactory(parent=home, show_in_menus=True)
    campaign = factories.CampaignPageFactory(parent=for_agencies)
    campaign.exhibitions.create(exhibition=hall.exhibition)
    programme = factories.ProgrammePageFactory(parent=for_agencies)
    made = [
        home,
        hall.exhibition.get_parent().specific,
        hall.exhibition,
        hall.parts[0],
        hall.items[0],
        news_index,
        factories.NewsPageFactory(parent=news_index),
        for_agencies,
        campaign,
        factories.NoticePageFactory(parent=campaign),
        programme,
        factories.ActivityPageFactory(parent=programme),
        factories.StandardPageFactory(parent=home, body=[("site_map", None)]),
        home.get_children().type(PAGE_TYPES_BY_NAME["SearchPage"]).get(),
    ]
    return {type(page.specific): page.specific for page in made}


PAGE_TYPES_BY_NAME = {model.__name__: model for model in PAGE_TYPES}


@pytest.mark.django_db
def test_every_public_page_keeps_the_rules_of_the_house(client: Client, pages) -> None:
    assert set(pages) == set(PAGE_TYPES)
    for model, page in pages.items():
        answer = client.get(page.get_url())
        text = answer.content.decode()
        markup = Markup(text)
        name = model.__name__
        assert answer.status_code == 200, name
        assert len(markup.all("h1")) == 1, name
        assert [attributes["id"] for attributes in markup.all("main")] == ["noi-dung"], name
        assert markup.all("html")[0]["lang"] == "vi", name
        assert markup.unbalanced == [], name
        assert answer.cookies == {}, name
        assert "csrfmiddlewaretoken" not in text, name
        assert "Cookie" not in answer.get("Vary", ""), name
        assert markup.scripts_with_text == 0 and not markup.all("style"), name
        assert not [each for _tag, each in markup.tags if "style" in each], name
        assert not [key for _t, each in markup.tags for key in each if key.startswith("on")], name
        assert foreign_addresses(markup) == [], name
        assert all("alt" in image for image in markup.all("img")), name
        identifiers = [each["id"] for _tag, each in markup.tags if "id" in each]
        assert sorted(set(identifiers)) == sorted(identifiers), name
        canonical = [each for each in markup.all("link") if each.get("rel") == "canonical"]
        assert [each["href"] for each in canonical] == [page.get_full_url()], name
        assert "'self'" in answer["Content-Security-Policy"], name
        assert "unsafe" not in answer["Content-Security-Policy"], name


def foreign_addresses(markup: Markup) -> list[str]:
    """Addresses a browser would fetch from elsewhere (links for people to follow are none)."""
    fetched = [
        each.get(attribute) or ""
        for tag, each in markup.tags
        for attribute in ("src", "srcset", "href")
        if not (
            attribute == "href"
            and tag in ("a", "link")
            and each.get("rel") in (None, "canonical", "noopener")
        )
    ]
    return [address for address in fetched if re.match(r"(https?:)?//", address)]


@pytest.mark.django_db
def test_every_menu_entry_leads_somewhere(client: Client, pages) -> None:
    links = {
        each["href"]
        for page in pages.values()
        for each in Markup(client.get(page.get_url()).content.decode()).all("a")
        if (each.get("href") or "").startswith("/")
    }
    assert links
    dead = [link for link in links if client.get(link.partition("#")[0]).status_code != 200]
    assert dead == []


@pytest.mark.django_db
def test_no_english_word_of_ours_stays_untranslated(client: Client, pages) -> None:
    english = re.compile(r">\s*(Home|Search|Next|Previous|Items?|Exhibitions?|Skip|Enlarge)\b")
    for model, page in pages.items():
        assert english.findall(client.get(page.get_url()).content.decode()) == [], model.__name__


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/khong-co/", "/trien-lam/khong-co/", "/%00/", "/h/x/", "/a" * 900 + "/"]
)
def test_an_address_that_does_not_exist_gets_a_page_that_helps(client: Client, pages, path) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    markup = Markup(answer.content.decode())
    assert len(markup.all("h1")) == 1
    assert markup.all("form"), "no search on the 404 page"
    assert len([each for each in markup.all("a") if (each.get("href") or "").startswith("/")]) >= 3


def test_the_page_for_our_own_failures_needs_no_database() -> None:
    answer = server_error(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert len(Markup(answer.content.decode()).all("h1")) == 1


@pytest.mark.django_db
def test_a_reader_never_makes_a_rendition(client: Client, pages, monkeypatch) -> None:
    def forbidden(*_args, **_kwargs):
        raise AssertionError("a reader's request made a rendition")

    monkeypatch.setattr("core.tasks.make_renditions", forbidden)
    monkeypatch.setattr("core.models.CustomImage.get_rendition", forbidden)
    monkeypatch.setattr("core.models.CustomImage.get_renditions", forbidden)
    for page in pages.values():
        assert client.get(page.get_url()).status_code == 200
