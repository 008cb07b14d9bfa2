"""The portal itself: site, settings, home page, news and pages of text."""

from __future__ import annotations

from wagtail.models import Page, Site

from core.models import PortalSettings, User
from home.demonstration import content
from home.demonstration.content.pages import ABOUT, CONTACT, SITE_MAP
from home.demonstration.content.records import NewsItem
from home.demonstration.content.records import StandardPage as StandardWords
from home.demonstration.loading.gallery import cover_sketch
from home.demonstration.loading.publishing import publish, publish_below
from home.demonstration.loading.records import Archive, make_column
from home.demonstration.loading.texts import body_blocks, rich_text
from home.models import HomePage, NewsIndexPage, NewsPage, SearchPage, StandardPage

HOME_TITLE = "Trang chủ"
IN_THE_MENU = (ABOUT, CONTACT)
STRIP_TEXT = f"Kỷ niệm {content.PROGRAMME.title}"


def load_home(root: Page, welcome: Page, by: User) -> HomePage:
    """The home page, in the place of Wagtail's ``welcome`` page, and the portal's settings.

    ``by`` may publish below the root, which only an administrator may.
    """
    home = publish_below(
        root,
        HomePage(title=HOME_TITLE, introduction=rich_text((content.PORTAL.home_introduction,))),
        by,
    )
    site = Site.objects.get(is_default_site=True)
    site.root_page = home
    site.site_name = content.PORTAL.department
    site.save()
    welcome.delete()
    _save_settings(site)
    return home


def _save_settings(site: Site) -> None:
    words = content.PORTAL
    settings = PortalSettings.for_site(site)
    settings.department = words.department
    settings.parent_body = words.parent_body
    settings.tagline = words.tagline
    settings.address = words.address
    settings.phone = words.phone
    settings.responsible_person = words.responsible_person
    settings.licence = words.licence
    settings.reuse_note = words.reuse_note
    settings.strip_text = STRIP_TEXT
    settings.save()


def feature(home: HomePage, exhibition: Page, archive: Archive) -> None:
    """Show ``exhibition`` first."""
    home = HomePage.objects.get(pk=home.pk)  # it has children now
    home.featured_exhibition = exhibition
    publish(home, archive.staff.editor)


def load_news(home: HomePage, archive: Archive) -> None:
    """The list of news and all reports."""
    words = content.NEWS_INDEX
    index = publish_below(
        home,
        NewsIndexPage(
            title=words.title,
            slug=words.slug,
            introduction=rich_text((words.introduction,)),
            show_in_menus=True,
        ),
        archive.staff.editor,
    )
    for news in content.NEWS:
        page = publish_below(index, _news(news, archive), archive.staff.editor)
        # Reports of years ago have not been revised by being brought along.
        NewsPage.objects.filter(pk=page.pk).update(last_published_at=news.published_at)


def _news(words: NewsItem, archive: Archive) -> NewsPage:
    return NewsPage(
        title=words.title,
        slug=words.slug,
        published_at=words.published_at,
        column=make_column(words.column),
        sapo=words.sapo,
        picture=archive.images[cover_sketch(words.cover)],
        body=body_blocks(words.body, archive.images),
        byline_person=words.byline_person,
        byline_unit=words.byline_unit,
        source_name=words.source_name,
        source_url=words.source_url,
    )


def load_standard_pages(home: HomePage, archive: Archive) -> None:
    """The pages of text, those of the menu first, and the search."""
    for words in content.STANDARD_PAGES:
        publish_below(home, _standard(words, archive), archive.staff.editor)
    search = content.SEARCH
    publish_below(home, SearchPage(title=search.title, slug=search.slug), archive.staff.editor)


def _standard(words: StandardWords, archive: Archive) -> StandardPage:
    blocks = body_blocks(words.body, archive.images)
    if words is SITE_MAP:
        blocks.append(("site_map", None))
    return StandardPage(
        title=words.title,
        slug=words.slug,
        introduction=rich_text((words.introduction,)),
        body=blocks,
        show_in_menus=words in IN_THE_MENU,
    )
