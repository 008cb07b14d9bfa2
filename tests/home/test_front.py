"""The home page and the list of news name what is public, and count it right."""

from __future__ import annotations

import pytest
from django.test import Client

from home.models import HomePage, NewsIndexPage
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def news_index(home: HomePage) -> NewsIndexPage:
    return factories.NewsIndexPageFactory(parent=home)


def test_the_home_page_names_no_news_of_a_list_that_is_unpublished(
    client: Client, news_index: NewsIndexPage
) -> None:
    news = factories.NewsPageFactory(parent=news_index, title="Tin còn giữ kín")
    assert news.title in client.get("/").content.decode()
    NewsIndexPage.objects.get(pk=news_index.pk).unpublish()
    assert client.get(news.get_url()).status_code == 404
    assert news.title not in client.get("/").content.decode()


def test_a_button_does_not_lead_to_news_of_a_list_that_is_unpublished(
    client: Client, home: HomePage, news_index: NewsIndexPage
) -> None:
    news = factories.NewsPageFactory(parent=news_index, title="Tin còn giữ kín")
    page = factories.StandardPageFactory(
        parent=HomePage.objects.get(pk=home.pk),
        body=[("button_link", {"label": "Đọc tin", "page": news})],
    )
    assert news.get_url() in client.get(page.get_url()).content.decode()
    NewsIndexPage.objects.get(pk=news_index.pk).unpublish()
    assert not news.is_public()
    assert news.get_url() not in client.get(page.get_url()).content.decode()


def test_all_news_are_as_many_as_are_listed_with_and_without_a_column(
    client: Client, news_index: NewsIndexPage
) -> None:
    column = factories.NewsColumnFactory()
    factories.NewsPageFactory(parent=news_index, column=column)
    for _number in range(2):
        factories.NewsPageFactory(parent=news_index)
    everything, of_the_column = client.get(news_index.get_url()).context["columns"]
    assert (everything.count, of_the_column.count) == (3, 1)
    chosen = client.get(news_index.get_url(), {"chuyen-muc": column.slug})
    assert [chip.count for chip in chosen.context["columns"]] == [3, 1]
