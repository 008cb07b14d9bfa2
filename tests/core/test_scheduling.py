"""Pages come and go at their hour, each by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, Revision

from core.scheduling import publish_due_pages
from home.models import HomePage, StandardPage
from tests import factories

pytestmark = pytest.mark.django_db


def scheduled(home: HomePage, title: str) -> StandardPage:
    page = factories.StandardPageFactory(parent=home, title=title, live=False)
    revision = page.save_revision()
    Revision.objects.filter(pk=revision.pk).update(
        approved_go_live_at=timezone.now() - timedelta(minutes=1)
    )
    return page


def test_a_page_that_cannot_be_published_stops_no_other_and_keeps_its_hour(
    client: Client, home: HomePage, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    unready, ready = scheduled(home, "Chưa sẵn sàng"), scheduled(home, "Sẵn sàng")
    whole = StandardPage.full_clean

    def refuse(page: StandardPage, *args: object, **kwargs: object) -> None:
        if page.pk == unready.pk:
            raise ValueError("thiếu nguồn")
        whole(page, *args, **kwargs)

    monkeypatch.setattr(StandardPage, "full_clean", refuse)
    publish_due_pages()
    assert client.get(ready.get_url()).status_code == 200
    assert client.get(unready.get_url()).status_code == 404
    assert "thiếu nguồn" in caplog.text
    monkeypatch.undo()
    publish_due_pages()
    assert client.get(unready.get_url()).status_code == 200


def test_a_page_goes_at_its_hour(client: Client, home: HomePage) -> None:
    page = factories.StandardPageFactory(parent=home)
    Page.objects.filter(pk=page.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    publish_due_pages()
    assert client.get(page.get_url()).status_code == 404
